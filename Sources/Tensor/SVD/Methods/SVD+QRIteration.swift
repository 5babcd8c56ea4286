extension Matrix {
  /// A by LAPACK's `gesvd`; `nil` where it did not converge, or returned what cannot be singular values.
  ///
  /// Small matrices of `Float` are decomposed in float64, which takes hardly longer and leaves no error but the rounding of
  /// the result.
  func factorsByQRIteration(_ vectors: SingularVectors?) -> Factors? {
    guard Element.self == Float.self, count <= 48 * 96 else { return factorsByQRIterationAsTheyAre(vectors) }
    return converted(to: Double.self).factorsByQRIterationAsTheyAre(vectors).map {
      ($0.u.converted(), $0.values.converted(), $0.vTransposed.converted())
    }
  }

  private func factorsByQRIterationAsTheyAre(_ vectors: SingularVectors?) -> Factors? {
    let (m, n, p) = (rows, columns, Swift.min(rows, columns))
    guard p > 0 else { return factorsWithoutEntries(vectors) }
    let (uColumns, vRows) = vectors == nil ? (0, 0) : vectors == .full ? (m, n) : (p, p)
    var a = overwritableCopy()
    var values = Vector<Element>(repeating: 0, count: p)
    // Row-major A is LAPACK's Aᵀ: its left vectors are our Vᵀ in memory, its right ones our U.
    var vTransposed = Matrix.zeros(rows: vRows, columns: vectors == nil ? 0 : n)
    var u = Matrix.zeros(rows: vectors == nil ? 0 : m, columns: uColumns)
    let job = letter(vectors == nil ? "N" : vectors == .full ? "A" : "S")
    let (m32, n32, ldvt) = (blasInt(m), blasInt(n), blasInt(Swift.max(uColumns, 1)))
    let info = a.withUnsafeMutableBase { aBase, _ in
      u.withUnsafeMutableBase { uBase, _ in
        vTransposed.withUnsafeMutableBase { vBase, _ in
          values.withUnsafeMutableBase { s in
            withWorkspace(Element.self, minimum: Swift.max(3 * p + Swift.max(m, n), 5 * p)) { work, length in
              Element._kernels.table.gesvd(
                columnMajor, job, job, n32, m32, aBase, n32, s, vBase, n32, uBase, ldvt, work, length)
            }
          }
        }
      }
    }
    guard info == 0, values.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
    return (u, values, vTransposed)
  }
}
