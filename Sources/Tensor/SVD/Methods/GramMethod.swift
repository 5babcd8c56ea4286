/// Decompositions of matrices with one side longer than the other, by products instead of reflections.
extension TallMatrix {
  /// The factors of T by the eigenvectors of TᵀT in float64.
  ///
  /// A float64 Gram matrix of float32 numbers keeps what they carry: σ errs by at most 1e-16·σ₁²/2σ, and the vectors of
  /// the shorter side likewise. Those of the longer side are products with T, whose rounding grows as ε·σ₁/σᵢ; where
  /// that could show, they are made orthonormal once more. Below ε·σ₁ they are drawn at random.
  ///
  /// - Parameter wanted: the number of vectors of the longer side; `nil` for values only.
  /// - Returns: `nil` where the squares lose what the entries hold, as those of `Double` do below σ_p = 1e-3·σ₁.
  /// - Complexity: p²L + 2p²L flops for L×p entries, the first part in float64; no copy of T.
  func factorsByGram(
    longVectors wanted: Int?, _ monitor: WorkMonitor
  ) throws(LinearAlgebraError) -> TallFactors<Element>? {
    guard !stored.isEmpty else { return nil }
    let gram = gram()
    if !gram.trace.isFinite {
      try stored.checkFinite()
      return nil
    }
    monitor.report(0.4)
    try monitor.checkCancelled()
    guard let eigen = eigenOfGram(consume gram, withVectors: wanted != nil) else { return nil }
    monitor.report(0.6)
    try monitor.checkCancelled()
    let values = eigen.values.map { max($0, 0).squareRoot() }
    let isExact = Element.self != Double.self || values[values.count - 1] > 1e-3 * values[0]
    guard values[0].isNormal, values[0] < Double(Element.greatestFiniteMagnitude), isExact else { return nil }
    let sigma = Vector<Element>(values.map { Element($0) })
    guard let wanted, let eigenvectors = eigen.vectorsTransposed else {
      return TallFactors(values: sigma, vectors: nil)
    }
    let short = eigenvectors.converted(to: Element.self)
    guard let long = try longVectors(wanted, values, eigenvectors) else { return nil }
    return TallFactors(values: sigma, vectors: (long, short))
  }

  /// Orthonormal vectors of the longer side: Tvᵢ/σᵢ for the eigenvectors vᵢ, completed where σᵢ is mere rounding; `nil`
  /// where they are too close to dependent.
  private func longVectors(
    _ wanted: Int, _ values: [Double], _ eigenvectors: Matrix<Double>
  ) throws(LinearAlgebraError) -> LongVectors<Element>? {
    let known = min(wanted, values.prefix { $0 > Double(Element.ulpOfOne) * values[0] }.count)
    guard var long = quotients(known, values, eigenvectors) else { return nil }
    let isWellConditioned = known == 0 || values[known - 1] > 0.1 * values[0]
    if !isWellConditioned, long.stored.orthonormalizeByCholesky(long.areRows ? .rows : .columns) == nil { return nil }
    guard known < wanted else { return long }
    let completed = try long.inRows.completedRows(to: wanted)
    return LongVectors(stored: long.areRows ? completed : Matrix(completed.transposed), areRows: long.areRows)
  }

  /// Tvᵢ/σᵢ for the first eigenvectors vᵢ; `nil` where a quotient exceeds the range of the type.
  private func quotients(
    _ known: Int, _ values: [Double], _ eigenvectors: Matrix<Double>
  ) -> LongVectors<Element>? {
    let coefficients = Matrix<Double>(rows: known, columns: values.count) { i, j in
      eigenvectors[i, j] / values[i]
    }.converted(to: Element.self)
    return coefficients.norm(.maximum).isFinite ? times(transposed: coefficients) : nil
  }
}

extension Matrix {
  /// Orthonormal rows, completed by random ones that are orthogonal to them and to each other.
  fileprivate func completedRows(to count: Int) throws(LinearAlgebraError) -> Matrix {
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

/// The eigenvalues of a Gram matrix and, where wanted, its eigenvectors in rows; `nil` where the iteration did not
/// converge.
///
/// The Gram matrix is consumed, so that its memory is free as early as possible.
private func eigenOfGram(
  _ gram: consuming Matrix<Double>, withVectors: Bool
) -> (values: Vector<Double>, vectorsTransposed: Matrix<Double>?)? {
  guard withVectors else { return (try? gram.symmetricEigenvalues()).map { ($0, nil) } }
  if gram.rows >= SVDTuning.current.tridiagonalFrom { return (consume gram).eigenByTridiagonal() }
  return (try? gram.symmetricEigen()).map { ($0.values, $0.vectorsTransposed) }
}
