/// A = QΛQᵀ for a symmetric A. Made by ``Matrix/symmetricEigen()``.
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
  /// - Complexity: about 14n³/3 flops less deflation; 4n² entries of memory with the result.
  /// - SeeAlso: LAPACK `sytrd`, `stedc` and `syevd`.
  public func symmetricEigen() throws(LinearAlgebraError) -> SymmetricEigen<Element> {
    let (values, vectors) = try symmetricEigen(withVectors: true)
    return SymmetricEigen(values: values, vectorsTransposed: vectors)
  }

  /// The eigenvalues of a symmetric matrix, descending. Only the lower triangle is read.
  ///
  /// - Throws: as ``symmetricEigen()``.
  /// - Complexity: 4n³/3 flops; one copy of A.
  public func symmetricEigenvalues() throws(LinearAlgebraError) -> Vector<Element> {
    try symmetricEigen(withVectors: false).values
  }

  private func symmetricEigen(
    withVectors: Bool
  ) throws(LinearAlgebraError) -> (values: Vector<Element>, vectorsTransposed: Matrix) {
    try checkSquare()
    try checkLAPACKSize(workspace: withVectors ? 1 + 6 * rows + 2 * rows * rows : 0)
    try checkFinite()
    let n = rows
    guard n > 0 else { return ([], self) }
    if withVectors, let result = byTridiagonal() { return result }
    if let result = syevd(withVectors: withVectors) { return result }
    if Element.self != Double.self, let result = converted(to: Double.self).syevd(withVectors: withVectors) {
      return (result.values.converted(), result.vectorsTransposed.converted())
    }
    throw .noConvergence(tried: Element.self == Double.self ? ["syevd"] : ["syevd", "syevd in float64"])
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
        withBLAS(flops: 5 * Double(n) * Double(n) * Double(n)) {
          withWorkspace(Element.self, minimum: withVectors ? 1 + 6 * n + 2 * n * n : 2 * n + 1) { work, length in
            // The row-major lower triangle is LAPACK's upper one.
            Element._kernels.table.syevd(
              columnMajor, letter(withVectors ? "V" : "N"), letter("U"), blasInt(n), a, blasInt(n), w, work,
              length, &integers, length == -1 ? -1 : blasInt(integerLength))
          }
        }
      }
    }
    guard info == 0, ascending.allSatisfy(\.isFinite) else { return nil }
    return withVectors ? descending(ascending, vectors) : (Vector(ascending.reversed()), vectors)
  }

  /// As `syevd`, with its last step in larger blocks; `nil` where it did not converge, for orders where nothing is won,
  /// and for entries so large or small that `syevd` would scale them.
  private func byTridiagonal() -> (values: Vector<Element>, vectorsTransposed: Matrix)? {
    let n = rows
    let size = Double(norm(.maximum))
    let (smallest, largest) = Element.self == Double.self ? (1e-140, 1e140) : (1e-15, 1e15)
    guard n >= 64, size > smallest, size < largest else { return nil }
    // LAPACK sees the transpose: the lower triangle is to be its lower one.
    var a = Matrix(transposed)
    var (diagonal, beside) = (Vector<Element>(repeating: 0, count: n), Vector<Element>(repeating: 0, count: n))
    var scales = Vector<Element>(repeating: 0, count: n - 1)
    var vectors = Matrix(.undefined, rows: n, columns: n)
    var integers = [Int32](repeating: 0, count: 3 + 5 * n)
    let order = blasInt(n)
    let kernels = Element._kernels.table
    let info = withBLAS(flops: 5 * Double(n) * Double(n) * Double(n)) {
      a.withUnsafeMutableBase { a, _ in
        diagonal.withUnsafeMutableBase { d in
          beside.withUnsafeMutableBase { e in
            scales.withUnsafeMutableBase { tau in
              vectors.withUnsafeMutableBase { z, _ in
                _ = withWorkspace(Element.self, minimum: n) { work, length in
                  kernels.sytrd(columnMajor, letter("L"), order, a, order, d, e, tau, work, length)
                }
                return withWorkspace(Element.self, minimum: 1 + 4 * n + n * n) { work, length in
                  kernels.stedc(
                    columnMajor, letter("I"), order, d, e, z, order, work, length, &integers,
                    length == -1 ? -1 : blasInt(3 + 5 * n))
                }
              }
            }
          }
        }
      }
    }
    guard info == 0, diagonal.allSatisfy(\.isFinite) else { return nil }
    let q = Reflectors(matrix: a, storage: .rows, scales: scales, offset: 1)
    vectors.withUnsafeMutableBase { rows, stride in
      applyTransposedFromRight([ReflectedRows(reflectors: q, base: rows, stride: stride, count: n)])
    }
    return descending(diagonal, vectors)
  }

  /// Ascending eigenvalues and their vectors in rows, in the order and with the signs of the library.
  private func descending(
    _ values: Vector<Element>, _ vectors: Matrix
  ) -> (values: Vector<Element>, vectorsTransposed: Matrix) {
    var descending = vectors.rows(at: (0..<rows).reversed())
    for i in 0..<rows where descending.row(i).isNegativeByTheSignRule { descending.negateRow(i) }
    return (Vector(values.reversed()), descending)
  }
}
