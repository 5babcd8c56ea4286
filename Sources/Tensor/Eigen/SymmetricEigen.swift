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
    let (values, vectors) = try symmetricEigen(withVectors: true)
    return SymmetricEigen(values: try values.withinRange(), vectorsTransposed: vectors)
  }

  /// The eigenvalues of a symmetric matrix, descending. Only the lower triangle is read.
  ///
  /// - Throws: as ``symmetricEigen()``.
  /// - Complexity: 4n³/3 flops; one copy of A.
  public func symmetricEigenvalues() throws(LinearAlgebraError) -> Vector<Element> {
    try symmetricEigen(withVectors: false).values.withinRange()
  }

  private func symmetricEigen(
    withVectors: Bool
  ) throws(LinearAlgebraError) -> (values: Vector<Element>, vectorsTransposed: Matrix) {
    try checkSquare()
    try checkLAPACKSize(workspace: withVectors ? 1 + 6 * rows + 2 * rows * rows : 0)
    try checkFinite()
    let n = rows
    guard n > 0 else { return ([], self) }
    if withVectors {
      if let result = eigenByTridiagonal() { return result }
    } else if let values = eigenvaluesByTridiagonal() {
      return (values, .zeros(rows: 0, columns: 0))
    }
    if let result = syevd(withVectors: withVectors) { return result }
    throw .noConvergence(tried: ["syevd"])
  }

  /// `nil` where the iteration did not converge.
  private func syevd(withVectors: Bool) -> (values: Vector<Element>, vectorsTransposed: Matrix)? {
    let n = rows
    var vectors = overwritableCopy()
    var ascending = Vector<Element>(repeating: 0, count: n)
    let integerLength = withVectors ? 3 + 5 * n : 1
    var integers = [Int32](repeating: 0, count: integerLength)
    let info = vectors.withUnsafeMutableBase { a, _ in
      ascending.withUnsafeMutableBase { w in
        withWorkspace(Element.self, minimum: withVectors ? 1 + 6 * n + 2 * n * n : 2 * n + 1) { work, length in
          // The row-major lower triangle is LAPACK's upper one.
          Element._kernels.table.syevd(
            columnMajor, letter(withVectors ? "V" : "N"), letter("U"), blasInt(n), a, blasInt(n), w, work,
            length, &integers, length == -1 ? -1 : blasInt(integerLength))
        }
      }
    }
    guard info == 0, ascending.allSatisfy(\.isFinite) else { return nil }
    return withVectors ? descending(ascending, vectors) : (Vector(ascending.reversed()), vectors)
  }

  /// By a tridiagonal T and the singular vectors of a bidiagonal B with BᵀB = T − μI; `nil` where that did not converge,
  /// for orders where nothing is won, and for entries so large or small that `syevd` would scale them.
  ///
  /// T − μI is positive definite for a μ below all eigenvalues, and no larger than 2‖A‖, so that its Cholesky factor and
  /// the squares of singular values err by no more than eigenvalues may.
  ///
  /// - Complexity: 14n³/3 flops less deflation; beside the result 2n² entries, and A as long as somebody else holds it.
  consuming func eigenByTridiagonal() -> (values: Vector<Element>, vectorsTransposed: Matrix)? {
    guard isForTridiagonal else { return nil }
    let reduced = Tridiagonalization(lowerTriangleOf: consume self)
    // Alone with the threads, so that nobody else takes them between two steps.
    return withOwnThreads { _ in reduced.eigen() }
  }

  /// By a tridiagonal matrix and QR iteration on it; `nil` where that did not converge, and where
  /// ``eigenByTridiagonal()`` is.
  private func eigenvaluesByTridiagonal() -> Vector<Element>? {
    guard isForTridiagonal else { return nil }
    return Tridiagonalization(lowerTriangleOf: self).eigenvalues()
  }

  /// Whether the order is large enough to gain by the reduction, and entries have a size that needs no scaling.
  private var isForTridiagonal: Bool {
    let size = Double(norm(.maximum))
    let (smallest, largest) = Element.self == Double.self ? (1e-140, 1e140) : (1e-15, 1e15)
    return rows >= 64 && size > smallest && size < largest
  }

  /// Ascending eigenvalues and their vectors in rows, in the order and with the signs of the library.
  private func descending(
    _ values: Vector<Element>, _ vectors: Matrix
  ) -> (values: Vector<Element>, vectorsTransposed: Matrix) {
    var descending = vectors.rows(at: (0..<rows).reversed())
    descending.fixRowSigns()
    return (Vector(values.reversed()), descending)
  }
}
