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
    // Row-major A is LAPACK's Aᵀ: its left vectors are our Vᵀ in memory, its right ones our U.
    let a = overwritableCopy()
    let u = Matrix.zeros(rows: vectors == nil ? 0 : m, columns: uColumns)
    let vTransposed = Matrix.zeros(rows: vRows, columns: vectors == nil ? 0 : n)
    let values = Vector<Element>(repeating: 0, count: p)
    let job = letter(vectors == nil ? "N" : vectors == .full ? "A" : "S")
    let (m32, n32, ldu) = (blasInt(m), blasInt(n), blasInt(Swift.max(uColumns, 1)))
    // All four are fresh, so nothing else holds their memory.
    let info = withExtendedLifetime((a, u, vTransposed, values)) {
      LAPACK.withWorkspace(Element.self, minimum: Swift.max(3 * p + Swift.max(m, n), 5 * p)) { scratch, length in
        Element._kernels.lapack.gesvd(
          LAPACK.columnMajor, job, job, n32, m32, a.first, n32, values.first, vTransposed.first, n32,
          u.first, ldu, scratch, length)
      }
    }
    guard info == 0, values.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
    return Factors(values: values, vectors: vectors == nil ? nil : (u, vTransposed))
  }
}
