extension Matrix {
  /// A by LAPACK's `gesvd`; `nil` where it did not converge, or returned what cannot be singular values.
  ///
  /// Small matrices of `Float` are decomposed in float64, which takes hardly longer and leaves no error but the
  /// rounding of the result.
  func factorsByQRIteration(_ vectors: SingularVectors?) -> Factors<Element>? {
    guard Element.self == Float.self, count <= SVDTuning.current.doubledUpTo else { return factorsByGesvd(vectors) }
    return converted(to: Double.self).factorsByGesvd(vectors).map { found in
      Factors(
        values: found.values.converted(), vectors: found.vectors.map { ($0.u.converted(), $0.vTransposed.converted()) })
    }
  }

  private func factorsByGesvd(_ vectors: SingularVectors?) -> Factors<Element>? {
    let (m, n, p) = (rows, columns, Swift.min(rows, columns))
    let (uColumns, vRows) = vectors == nil ? (0, 0) : vectors == .full ? (m, n) : (p, p)
    let a = overwritableCopy()
    let u = Matrix.zeros(rows: vectors == nil ? 0 : m, columns: uColumns)
    let vTransposed = Matrix.zeros(rows: vRows, columns: vectors == nil ? 0 : n)
    let values = Vector<Element>(repeating: 0, count: p)
    // All four are fresh, so nothing else holds their memory.
    let isDone = withExtendedLifetime((a, u, vTransposed, values)) {
      func pointer(to matrix: Matrix) -> MutableMatrixPointer<Element> {
        MutableMatrixPointer(matrix.first, rows: matrix.rows, columns: matrix.columns, stride: matrix.rowStride)
      }
      return LAPACK.gesvd(
        pointer(to: a), values: values.first, u: vectors == nil ? nil : pointer(to: u),
        vTransposed: vectors == nil ? nil : pointer(to: vTransposed))
    }
    guard isDone, values.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
    return Factors(values: values, vectors: vectors == nil ? nil : (u, vTransposed))
  }
}
