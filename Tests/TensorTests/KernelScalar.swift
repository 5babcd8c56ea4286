import CKernels
import Tensor

/// The kernels of one scalar type, each of which takes the instruction set first.
protocol KernelScalar: MatrixScalar {
  typealias In = UnsafePointer<Self>?
  typealias Out = UnsafeMutablePointer<Self>?
  typealias Gram =
    (Int32, In, Int, Int, Int, UnsafeMutablePointer<Double>?, Int, UnsafeMutablePointer<Double>?) -> Void

  static var gramOfRows: Gram { get }
  static var gramOfColumns: Gram { get }
  static var thinRows: (Int32, In, Int, Int, Int, In, Int, Out) -> Void { get }
  /// X, its rows and their length, A, its columns, Y, scratch; all compact.
  static var thinColumns: (Int32, In, Int, Int, In, Int, Out, Out) -> Void { get }
  static var solveRows: (Int32, Out, Int, Int, Int, In, Out) -> Void { get }
  static var jacobi: (Int32, In, Int, Int, Int, Out, Out, Out, Out) -> UInt32 { get }
  static var secularVectors:
    (
      Int32, ck_secular_matrix, UnsafePointer<ck_secular_root>?, Int, Int, Bool, UnsafePointer<Int64>?,
      UnsafeMutablePointer<Double>?, Out
    ) -> Void
  { get }
  static func bidiagonalize(_ level: Int32, _ reduction: Reduction<Self>)
  static func tridiagonalize(_ level: Int32, _ reduction: Reduction<Self>)
}

extension Float: KernelScalar {
  static var gramOfRows: Gram { ck_gram_rows_f32_at }
  static var gramOfColumns: Gram { ck_gram_columns_f32_at }
  static var thinRows: (Int32, In, Int, Int, Int, In, Int, Out) -> Void { ck_thin_rows_f32_at }
  static var thinColumns: (Int32, In, Int, Int, In, Int, Out, Out) -> Void {
    { level, x, count, depth, a, columns, y, scratch in
      let operands = ck_thin_columns_operands_f32(
        x: x, count: count, x_stride: depth, a: a, depth: depth, stride: columns, columns: columns, y: y,
        y_stride: columns)
      ck_thin_columns_f32_at(level, operands, scratch)
    }
  }
  static var solveRows: (Int32, Out, Int, Int, Int, In, Out) -> Void { ck_solve_rows_f32_at }
  static var jacobi: (Int32, In, Int, Int, Int, Out, Out, Out, Out) -> UInt32 { ck_jacobi_f32_at }
  static var secularVectors:
    (
      Int32, ck_secular_matrix, UnsafePointer<ck_secular_root>?, Int, Int, Bool, UnsafePointer<Int64>?,
      UnsafeMutablePointer<Double>?, Out
    ) -> Void
  { ck_secular_vectors_f32_at }

  static func bidiagonalize(_ level: Int32, _ reduction: Reduction<Float>) {
    ck_bidiagonalize_f32_at(level, problem(reduction))
  }

  static func tridiagonalize(_ level: Int32, _ reduction: Reduction<Float>) {
    ck_tridiagonalize_f32_at(level, problem(reduction))
  }

  private static func problem(_ r: Reduction<Float>) -> ck_reduction_f32 {
    ck_reduction_f32(
      layout: r.layout, a: r.a, d: r.d, e: r.e, tauq: r.tauq, taup: r.taup, scratch: r.scratch,
      subtract_product: {
        guard let p = $0?.pointee, let left = p.left, let right = p.right, let c = p.c else { return }
        let (rows, columns, depth) = (Int(p.rows), Int(p.columns), Int(p.depth))
        let strides = (Int(p.left_stride), Int(p.right_stride), Int(p.stride))
        subtractProduct((rows, columns, depth), left, right, c, strides: strides)
      }, reached: nil, context: nil, threads: r.threads)
  }
}

extension Double: KernelScalar {
  static var gramOfRows: Gram { ck_gram_rows_f64_at }
  static var gramOfColumns: Gram { ck_gram_columns_f64_at }
  static var thinRows: (Int32, In, Int, Int, Int, In, Int, Out) -> Void { ck_thin_rows_f64_at }
  static var thinColumns: (Int32, In, Int, Int, In, Int, Out, Out) -> Void {
    { level, x, count, depth, a, columns, y, scratch in
      let operands = ck_thin_columns_operands_f64(
        x: x, count: count, x_stride: depth, a: a, depth: depth, stride: columns, columns: columns, y: y,
        y_stride: columns)
      ck_thin_columns_f64_at(level, operands, scratch)
    }
  }
  static var solveRows: (Int32, Out, Int, Int, Int, In, Out) -> Void { ck_solve_rows_f64_at }
  static var jacobi: (Int32, In, Int, Int, Int, Out, Out, Out, Out) -> UInt32 { ck_jacobi_f64_at }
  static var secularVectors:
    (
      Int32, ck_secular_matrix, UnsafePointer<ck_secular_root>?, Int, Int, Bool, UnsafePointer<Int64>?,
      UnsafeMutablePointer<Double>?, Out
    ) -> Void
  { ck_secular_vectors_f64_at }

  static func bidiagonalize(_ level: Int32, _ reduction: Reduction<Double>) {
    ck_bidiagonalize_f64_at(level, problem(reduction))
  }

  static func tridiagonalize(_ level: Int32, _ reduction: Reduction<Double>) {
    ck_tridiagonalize_f64_at(level, problem(reduction))
  }

  private static func problem(_ r: Reduction<Double>) -> ck_reduction_f64 {
    ck_reduction_f64(
      layout: r.layout, a: r.a, d: r.d, e: r.e, tauq: r.tauq, taup: r.taup, scratch: r.scratch,
      subtract_product: {
        guard let p = $0?.pointee, let left = p.left, let right = p.right, let c = p.c else { return }
        let (rows, columns, depth) = (Int(p.rows), Int(p.columns), Int(p.depth))
        let strides = (Int(p.left_stride), Int(p.right_stride), Int(p.stride))
        subtractProduct((rows, columns, depth), left, right, c, strides: strides)
      }, reached: nil, context: nil, threads: r.threads)
  }
}

/// C −= LR, row by row.
private func subtractProduct<S: MatrixScalar>(
  _ shape: (rows: Int, columns: Int, depth: Int), _ left: UnsafePointer<S>, _ right: UnsafePointer<S>,
  _ c: UnsafeMutablePointer<S>, strides: (left: Int, right: Int, c: Int)
) {
  for i in 0..<shape.rows {
    for l in 0..<shape.depth where left[i * strides.left + l] != 0 {
      let factor = left[i * strides.left + l]
      for j in 0..<shape.columns { c[i * strides.c + j] -= factor * right[l * strides.right + j] }
    }
  }
}
