/// Decompositions of matrices with one side longer than the other, by products instead of reflections.
extension Matrix {
  /// A by the eigenvectors of AᵀA or AAᵀ in float64, whichever is smaller.
  ///
  /// A float64 Gram matrix of float32 numbers keeps what they carry: σ errs by at most 1e-16·σ₁²/2σ, and the short
  /// side's vectors likewise. The long side's vectors are products with A, whose rounding grows as ε·σ₁/σᵢ; where that
  /// could show, they are made orthonormal once more. Below ε·σ₁ they are drawn at random.
  ///
  /// - Returns: `nil` where the squares lose what the entries hold, as `Double` ones do below σ_p = 1e-3·σ₁.
  /// - Complexity: p²L + 2p²L flops for p×L entries, p ≤ L, the first part in float64; no copy of A.
  func factorsByGram(_ vectors: SingularVectors?) throws(LinearAlgebraError) -> Factors? {
    let isTall = rows >= columns
    guard !isEmpty else { return nil }
    let gram = gram(isTall ? .columns : .rows)
    if !gram.trace.isFinite {
      try checkFinite()
      return nil
    }
    guard let eigen = eigenOfGram(consume gram, withVectors: vectors != nil) else { return nil }
    let values = eigen.values.map { max($0, 0).squareRoot() }
    let isExact = Element.self != Double.self || values[values.count - 1] > 1e-3 * values[0]
    guard values[0].isNormal, values[0] < Double(Element.greatestFiniteMagnitude), isExact else { return nil }
    let sigma = Vector<Element>(values.map { Element($0) })
    guard let vectors else { return (Matrix(.zeros, rows: 0, columns: 0), sigma, Matrix(.zeros, rows: 0, columns: 0)) }

    var wanted = values.count
    if case .allLeft(let right) = vectors, !isTall { wanted = right }
    let known = min(wanted, values.prefix { $0 > Double(Element.ulpOfOne) * values[0] }.count)
    var coefficients = Matrix<Double>(rows: known, columns: values.count) { i, j in
      eigen.vectorsTransposed[i, j] / values[i]
    }.converted(to: Element.self)
    if !coefficients.norm(.maximum).isFinite { return nil }
    let short = eigen.vectorsTransposed.converted(to: Element.self)
    let isWellConditioned = known == 0 || values[known - 1] > 0.1 * values[0]
    var long = isTall ? rowsTimes(coefficients.transposed) : timesColumns(coefficients)
    coefficients = Matrix(.zeros, rows: 0, columns: 0)
    if !isWellConditioned, long.orthonormalizeByCholesky(isTall ? .columns : .rows) == nil { return nil }
    if known < wanted {
      let completed = try (isTall ? Matrix(long.transposed) : long).completedRows(to: wanted)
      long = isTall ? Matrix(completed.transposed) : completed
    }
    return isTall ? (long, sigma, short) : (Matrix(short.transposed), sigma, long)
  }

  /// A by A = QR and the decomposition of R, on the transpose where A is wide; `nil` where Q cannot be trusted.
  ///
  /// - Complexity: 6p²L flops for p×L entries; a copy of A and 6p² float64 entries.
  func factorsByCholeskyQR(_ vectors: SingularVectors?) throws(LinearAlgebraError) -> Factors? {
    let isTall = rows >= columns
    // The transpose is nobody else's, and becomes Q where it stands.
    guard let (q, r) = (isTall ? self : Matrix(transposed)).choleskyQR() else { return nil }
    let (u, values, vTransposed) = try r.factors(vectors.map { _ in .thin }, nil).factors
    let sigma: Vector<Element> = values.converted()
    guard vectors != nil else {
      return (Matrix(.zeros, rows: 0, columns: 0), sigma, Matrix(.zeros, rows: 0, columns: 0))
    }
    let (long, short) = ((consume q).rowsTimes(u.converted()), vTransposed.converted(to: Element.self))
    return isTall ? (long, sigma, short) : (Matrix(short.transposed), sigma, Matrix(long.transposed))
  }

  /// Orthonormal rows, completed by random ones that are orthogonal to them and to each other.
  private func completedRows(to count: Int) throws(LinearAlgebraError) -> Matrix {
    var generator = SeededGenerator()
    var added = Matrix.normal(rows: count - rows, columns: columns, using: &generator)
    // The second round removes what cancellation in the first one left.
    for _ in 0..<2 {
      if rows > 0 { added.addProduct(added * transposed, self, alpha: -1) }
      added = Matrix(try Matrix(added.transposed).qr().q.transposed)
    }
    return Matrix(stackingRows: [self, added])
  }
}

/// The eigenvalues of a Gram matrix, which is given up as early as possible; `nil` where the iteration did not converge.
private func eigenOfGram(
  _ gram: consuming Matrix<Double>, withVectors: Bool
) -> (values: Vector<Double>, vectorsTransposed: Matrix<Double>)? {
  guard withVectors else {
    guard let values = try? gram.symmetricEigenvalues() else { return nil }
    return (values, Matrix(.zeros, rows: 0, columns: 0))
  }
  if gram.rows >= 64 { return (consume gram).eigenByTridiagonal() }
  return (try? gram.symmetricEigen()).map { ($0.values, $0.vectorsTransposed) }
}
