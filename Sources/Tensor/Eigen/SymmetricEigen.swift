/// A = QΛQᵀ for a symmetric A. Made by ``Matrix/symmetricEigen()``.
///
/// ```swift
/// let eigen = try a.gram(.columns).symmetricEigen()
/// print(eigen.values, eigen.vectorsTransposed.row(0))
/// ```
public struct SymmetricEigen<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// The n eigenvalues, descending.
  public let values: Vector<Element>
  /// Qᵀ, n×n: row i is the eigenvector of `values[i]`, of unit length, its sign fixed by the rule of the library.
  public let vectorsTransposed: Matrix<Element>
  /// Q, n×n: column i is the eigenvector of `values[i]`; a flag on the same storage.
  public var vectors: Transposed<Element> { vectorsTransposed.transposed }
}

extension Matrix {
  /// The eigenvalues and eigenvectors of a symmetric matrix, largest eigenvalue first.
  ///
  /// Only the lower triangle of A is read. Eigenvalues are exact to about ε·n·‖A‖; the sign of each vector is
  /// fixed: among the entries within a factor 1 − 1e-4 of the largest magnitude, the first is positive.
  ///
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)``; ``LinearAlgebraError/noConvergence(tried:)``;
  ///   ``LinearAlgebraError/shapeMismatch(_:)`` unless A is square;
  ///   ``LinearAlgebraError/tooLarge(rows:columns:reason:)`` from n of about 32,000 on.
  /// - Complexity: about 14n³/3 flops less deflation; 3n² entries of memory with the result.
  /// - SeeAlso: LAPACK `syevd`.
  public func symmetricEigen() throws(LinearAlgebraError) -> SymmetricEigen<Element> {
    try checkSymmetricEigen(scratch: 1 + 6 * rows + 2 * rows * rows)
    guard rows > 0 else { return SymmetricEigen(values: [], vectorsTransposed: self) }
    guard let found = eigenByTridiagonal() ?? eigenBySyevd() else { throw .noConvergence(tried: ["syevd"]) }
    return SymmetricEigen(values: try found.values.withinRange(), vectorsTransposed: found.vectorsTransposed)
  }

  /// The eigenvalues of a symmetric matrix, descending. Only the lower triangle is read.
  ///
  /// - Throws: as ``symmetricEigen()``.
  /// - Complexity: 4n³/3 flops; one copy of A.
  public func symmetricEigenvalues() throws(LinearAlgebraError) -> Vector<Element> {
    try checkSymmetricEigen(scratch: 0)
    guard rows > 0 else { return [] }
    guard let found = eigenvaluesByTridiagonal() ?? eigenvaluesBySyevd() else { throw .noConvergence(tried: ["syevd"]) }
    return try found.withinRange()
  }

  private func checkSymmetricEigen(scratch: Int) throws(LinearAlgebraError) {
    try checkSquare()
    try checkLAPACKSize(workspace: scratch)
    try checkFinite()
  }

  /// `nil` where the iteration did not converge.
  private func eigenBySyevd() -> (values: Vector<Element>, vectorsTransposed: Matrix)? {
    let vectors = Output(copying: self)
    let values = Output<Element>(.zeros, rows: 1, columns: rows)
    let isDone = LAPACK.syevd(lowerTriangleOf: vectors.pointer, eigenvalues: values.pointer.base, withVectors: true)
    let (ascending, rowsOfVectors) = (values.vector(), vectors.matrix())
    guard isDone, ascending.allSatisfy(\.isFinite) else { return nil }
    var descending = rowsOfVectors.rows(at: (0..<rows).reversed())
    descending.fixRowSigns()
    return (Vector(ascending.reversed()), descending)
  }

  /// `nil` where the iteration did not converge.
  private func eigenvaluesBySyevd() -> Vector<Element>? {
    let copy = Output(copying: self)
    let values = Output<Element>(.zeros, rows: 1, columns: rows)
    let isDone = LAPACK.syevd(lowerTriangleOf: copy.pointer, eigenvalues: values.pointer.base, withVectors: false)
    copy.release()
    let ascending = values.vector()
    return isDone && ascending.allSatisfy(\.isFinite) ? Vector(ascending.reversed()) : nil
  }

  /// By a tridiagonal T and the singular vectors of a bidiagonal B with BᵀB = T − μI; `nil` where that did not
  /// converge, for orders too small to gain by it, and for entries so large or small that `syevd` would scale them.
  ///
  /// T − μI is positive definite for a μ below all eigenvalues, and no larger than 2‖A‖, so that its Cholesky factor
  /// and the squares of singular values err by no more than eigenvalues may.
  ///
  /// - Complexity: 14n³/3 flops less deflation; apart from the result 2n² entries, and A as long as another variable
  ///   holds it.
  consuming func eigenByTridiagonal() -> (values: Vector<Element>, vectorsTransposed: Matrix)? {
    guard isForTridiagonal else { return nil }
    let reduced = Tridiagonalization(lowerTriangleOf: consume self)
    // One call holds the threads for all steps, so that no other caller takes them in between.
    return withOwnThreads { _ in reduced.eigen() }
  }

  /// By a tridiagonal matrix and QR iteration on it; `nil` where that did not converge, and for the matrices that
  /// ``eigenByTridiagonal()`` leaves to `syevd`.
  private func eigenvaluesByTridiagonal() -> Vector<Element>? {
    guard isForTridiagonal else { return nil }
    return Tridiagonalization(lowerTriangleOf: self).eigenvalues()
  }

  /// Whether the order is large enough to gain by the reduction, and entries have a size that needs no scaling.
  private var isForTridiagonal: Bool {
    rows >= FactorizationTuning.current.smallestTridiagonal
      && Self.sizesWithSquares.holds(Double(norm(.maximum)))
  }
}
