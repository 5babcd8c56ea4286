import CKernels

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
  /// Is told, on the calling thread, how many columns are done, and says whether to go on.
  var progress: ReductionProgress?

  /// What C passes back to ``progress``.
  fileprivate var context: UnsafeRawPointer? {
    progress.map { UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) }
  }
}

/// The listener of a reduction. Its caller holds it until the reduction ends.
final class ReductionProgress {
  /// Gets the number of columns that are done and returns whether to go on.
  let report: (Int) -> Bool

  init(_ report: @escaping (Int) -> Bool) { self.report = report }
}

private func reportReached(_ context: UnsafeRawPointer?, _ columns: Int) -> Bool {
  guard let context else { return true }
  return Unmanaged<ReductionProgress>.fromOpaque(context).takeUnretainedValue().report(columns)
}

extension ck_reduction_f32 {
  init(_ p: ReductionProblem<Float>) {
    self.init(
      layout: p.layout, a: p.a, d: p.d, e: p.e, tauq: p.tauq, taup: p.taup, scratch: p.scratch,
      subtract_product: {
        guard let p = $0?.pointee else { return }
        let (rows, columns, depth) = (Int(p.rows), Int(p.columns), Int(p.depth))
        BLAS.gemm(
          MatrixPointer(p.left, rows: rows, columns: depth, stride: Int(p.left_stride)),
          MatrixPointer(p.right, rows: depth, columns: columns, stride: Int(p.right_stride)),
          into: MutableMatrixPointer(p.c, rows: rows, columns: columns, stride: Int(p.stride)), alpha: -1, beta: 1)
      }, reached: p.progress == nil ? nil : reportReached, context: p.context, threads: p.threads)
  }
}

extension ck_reduction_f64 {
  init(_ p: ReductionProblem<Double>) {
    self.init(
      layout: p.layout, a: p.a, d: p.d, e: p.e, tauq: p.tauq, taup: p.taup, scratch: p.scratch,
      subtract_product: {
        guard let p = $0?.pointee else { return }
        let (rows, columns, depth) = (Int(p.rows), Int(p.columns), Int(p.depth))
        BLAS.gemm(
          MatrixPointer(p.left, rows: rows, columns: depth, stride: Int(p.left_stride)),
          MatrixPointer(p.right, rows: depth, columns: columns, stride: Int(p.right_stride)),
          into: MutableMatrixPointer(p.c, rows: rows, columns: columns, stride: Int(p.stride)), alpha: -1, beta: 1)
      }, reached: p.progress == nil ? nil : reportReached, context: p.context, threads: p.threads)
  }
}
