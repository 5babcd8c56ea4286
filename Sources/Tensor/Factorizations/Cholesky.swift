import COpenBLAS

/// A = LLᵀ for a symmetric positive definite A. Made by ``Matrix/cholesky()``.
public struct Cholesky<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// L, n×n, zero above the diagonal, the diagonal positive.
  public let lower: Matrix<Element>

  /// The solution X of AX = B by two triangular solves.
  ///
  /// - Parameter right: B, n×k. Traps on another number of rows.
  /// - Returns: X, n×k; not finite where B is not.
  /// - Complexity: 2n²k flops.
  public func solve(_ right: Matrix<Element>) -> Matrix<Element> {
    precondition(
      right.rows == lower.rows,
      "a right-hand side of \(right.shapeDescription) for a system of order \(lower.rows)")
    var solution = right.overwritableCopy()
    guard !solution.isEmpty else { return solution }
    let (n, k) = (blasInt(right.rows), blasInt(right.columns))
    solution.withUnsafeMutableBase { x, rowStride in
      lower.withUnsafeBase { l in
        withBLAS(flops: 2 * Double(n) * Double(n) * Double(k)) {
          for transpose in [CblasNoTrans, CblasTrans] {
            Element._kernels.table.trsm(
              CblasRowMajor, CblasLeft, CblasLower, transpose, CblasNonUnit, n, k, 1, l,
              blasInt(lower.leadingDimension), x, blasInt(rowStride))
          }
        }
      }
    }
    return solution
  }
}

extension Matrix {
  /// The Cholesky factorization A = LLᵀ. Only the lower triangle of A is read.
  ///
  /// - Throws: ``LinearAlgebraError/notPositiveDefinite(order:)``; ``LinearAlgebraError/notFinite(row:column:)``;
  ///   ``LinearAlgebraError/shapeMismatch(_:)`` unless A is square.
  /// - Complexity: n³/3 flops; one copy of A.
  /// - SeeAlso: LAPACK `potrf`.
  public func cholesky() throws(LinearAlgebraError) -> Cholesky<Element> {
    try checkSquare()
    try checkLAPACKSize()
    try checkFinite()
    guard rows > 0 else { return Cholesky(lower: self) }
    let n = rows
    var factor = Matrix(rows: n, columns: n) { i, j in j <= i ? self[i, j] : 0 }
    let info = factor.withUnsafeMutableBase { a, _ in
      withBLAS(flops: Double(n) * Double(n) * Double(n) / 3) {
        // The row-major lower triangle is LAPACK's upper one.
        Element._kernels.table.potrf(columnMajor, letter("U"), blasInt(n), a, blasInt(n))
      }
    }
    if info > 0 { throw .notPositiveDefinite(order: Int(info)) }
    return Cholesky(lower: factor)
  }
}
