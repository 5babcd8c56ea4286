/// Calls `body` with the entries of a matrix, or of its transpose, which is held alive meanwhile.
@inline(__always) @discardableResult
func withPointers<Element, Result>(
  to a: some MatrixOperand<Element>, _ body: (MatrixPointer<Element>) -> Result
) -> Result {
  let matrix = a.base
  return matrix.withUnsafeBase { base in
    let stored = MatrixPointer(
      base, rows: matrix.rows, columns: matrix.columns, stride: matrix.leadingDimension)
    return body(a.isTransposed ? stored.transposed : stored)
  }
}

/// Calls `body` with the entries of two matrices, which are held alive meanwhile.
@inline(__always) @discardableResult
func withPointers<First, Second, Result>(
  to a: some MatrixOperand<First>, _ b: some MatrixOperand<Second>,
  _ body: (MatrixPointer<First>, MatrixPointer<Second>) -> Result
) -> Result {
  withPointers(to: a) { a in withPointers(to: b) { b in body(a, b) } }
}

/// Calls `body` with the entries of three matrices, which are held alive meanwhile.
@inline(__always) @discardableResult
func withPointers<First, Second, Third, Result>(
  to a: some MatrixOperand<First>, _ b: some MatrixOperand<Second>, _ c: some MatrixOperand<Third>,
  _ body: (MatrixPointer<First>, MatrixPointer<Second>, MatrixPointer<Third>) -> Result
) -> Result {
  withPointers(to: a, b) { a, b in withPointers(to: c) { c in body(a, b, c) } }
}

extension Matrix {
  /// Calls `body` with the entries for reading and writing, after copying storage that is shared.
  @inline(__always) @discardableResult
  mutating func withMutablePointer<Result>(_ body: (MutableMatrixPointer<Element>) -> Result) -> Result {
    let (rows, columns) = (rows, columns)
    return withUnsafeMutableBase { base, stride in
      body(MutableMatrixPointer(base, rows: rows, columns: columns, stride: Swift.max(stride, columns, 1)))
    }
  }

  /// The row stride as BLAS wants it: at least 1, also for a matrix of one row or no columns.
  var leadingDimension: Int { Swift.max(rowStride, columns, 1) }
}
