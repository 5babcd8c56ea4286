import CKernels
import COpenBLAS

/// The arguments of a reduction to bidiagonal or tridiagonal form, in either precision; see `CKernels.h`.
struct ReductionProblem<S> {
  let layout: ck_reduction_layout
  let a: UnsafeMutablePointer<S>
  let d: UnsafeMutablePointer<S>
  let e: UnsafeMutablePointer<S>
  let tauq: UnsafeMutablePointer<S>
  let taup: UnsafeMutablePointer<S>?
  let scratch: UnsafeMutablePointer<S>
  let threads: Int32
  /// Told, on the calling thread, how many columns are done.
  var progress: ReductionProgress?

  /// What C passes back to ``progress``.
  fileprivate var context: UnsafeRawPointer? {
    progress.map { UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) }
  }
}

/// Who is told how many columns of a reduction are done; held by its caller until the reduction ends.
final class ReductionProgress {
  let report: (Int) -> Void

  init(_ report: @escaping (Int) -> Void) { self.report = report }
}

private func tellReached(_ context: UnsafeRawPointer?, _ columns: Int) {
  guard let context else { return }
  Unmanaged<ReductionProgress>.fromOpaque(context).takeUnretainedValue().report(columns)
}

extension ck_reduction_f32 {
  init(_ p: ReductionProblem<Float>) {
    self.init(
      layout: p.layout, a: p.a, d: p.d, e: p.e, tauq: p.tauq, taup: p.taup, scratch: p.scratch,
      subtract_product: {
        guard let p = $0?.pointee else { return }
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, p.rows, p.columns, p.depth, -1, p.left, p.left_stride, p.right,
          p.right_stride, 1, p.c, p.stride)
      }, reached: p.progress == nil ? nil : tellReached, context: p.context, threads: p.threads)
  }
}

extension ck_reduction_f64 {
  init(_ p: ReductionProblem<Double>) {
    self.init(
      layout: p.layout, a: p.a, d: p.d, e: p.e, tauq: p.tauq, taup: p.taup, scratch: p.scratch,
      subtract_product: {
        guard let p = $0?.pointee else { return }
        cblas_dgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, p.rows, p.columns, p.depth, -1, p.left, p.left_stride, p.right,
          p.right_stride, 1, p.c, p.stride)
      }, reached: p.progress == nil ? nil : tellReached, context: p.context, threads: p.threads)
  }
}
