import CKernels
import COpenBLAS

/// The arguments of a reduction to bidiagonal or tridiagonal form, in either precision; see `CKernels.h`.
struct ReductionProblem<S> {
  let a: UnsafeMutablePointer<S>
  let rows: Int
  let paddedRows: Int
  let columns: Int
  let stride: Int
  let w: UnsafeMutablePointer<S>
  let z: UnsafeMutablePointer<S>?
  let d: UnsafeMutablePointer<S>
  let e: UnsafeMutablePointer<S>
  let tauq: UnsafeMutablePointer<S>
  let taup: UnsafeMutablePointer<S>?
  let work: UnsafeMutablePointer<S>
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
      a: p.a, rows: p.rows, padded_rows: p.paddedRows, columns: p.columns, stride: p.stride, w: p.w, z: p.z,
      d: p.d, e: p.e, tauq: p.tauq, taup: p.taup, work: p.work,
      subtract_product: { m, n, k, left, leftStride, right, rightStride, c, stride in
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, -1, left, leftStride, right, rightStride, 1, c, stride)
      }, reached: p.progress == nil ? nil : tellReached, context: p.context, work_each: 0, squares: nil)
  }
}

extension ck_reduction_f64 {
  init(_ p: ReductionProblem<Double>) {
    self.init(
      a: p.a, rows: p.rows, padded_rows: p.paddedRows, columns: p.columns, stride: p.stride, w: p.w, z: p.z,
      d: p.d, e: p.e, tauq: p.tauq, taup: p.taup, work: p.work,
      subtract_product: { m, n, k, left, leftStride, right, rightStride, c, stride in
        cblas_dgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, -1, left, leftStride, right, rightStride, 1, c, stride)
      }, reached: p.progress == nil ? nil : tellReached, context: p.context, work_each: 0, squares: nil)
  }
}
