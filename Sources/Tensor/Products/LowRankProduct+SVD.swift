extension LowRankProduct {
  /// The singular value decomposition of B·A, its min(m, r, n) triplets that can differ from zero.
  ///
  /// B = Q_bR_b and Aᵀ = Q_aR_a by Cholesky factors of float64 Gram matrices (by Householder reflections where columns
  /// are nearly dependent), then the decomposition of the r×r core R_bR_aᵀ in float64. Order and signs are those of
  /// `Matrix.svd(vectors:method:progress:)`.
  ///
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)``, of B or of A; what `Matrix.svd(vectors:method:progress:)`
  ///   throws, ``LinearAlgebraError/cancelled`` included.
  /// - Complexity: 3(m + n)r² + 20r³ flops, half of them in float64; at most one copy of each factor.
  public func svd() throws(LinearAlgebraError) -> SVD<Element> {
    // With a rank as large as a side the product is no larger than its factors.
    guard left.columns <= min(left.rows, right.columns) else {
      try left.checkFinite()
      try right.checkFinite()
      return try matrix().svd()
    }
    let (b, undoLeft) = try LongFactor.inRange(left, .columns)
    let (a, undoRight) = try LongFactor.inRange(right, .rows)
    let core = try (b.r * a.r.transposed).svd()
    let values = core.singularValues.scaled(by: undoLeft).scaled(by: undoRight)
    // The signs are fixed first, so that they are turned in the small factor of U instead of U.
    var (coreU, vTransposed) = (core.u, a.rows(times: core.vTransposed))
    fixSigns(u: &coreU, vTransposed: &vTransposed, pairs: coreU.columns)
    return SVD(
      u: b.columns(times: coreU), singularValues: try values.converted(to: Element.self).withinRange(),
      vTransposed: vTransposed,
      method: b.isByReflections || a.isByReflections ? core.method : .choleskyQR)
  }

  /// The singular values of B·A, descending: min(m, r, n) of them, the others are zero.
  ///
  /// - Throws: as ``svd()``.
  /// - Complexity: (m + n)r² + 3r³ flops in float64.
  public func singularValues() throws(LinearAlgebraError) -> Vector<Element> {
    try left.checkFinite()
    try right.checkFinite()
    guard left.columns <= min(left.rows, right.columns) else { return try matrix().singularValues() }
    let b = try LongFactor(columnsOf: left, gram: left.gram(.columns))
    let a = try LongFactor(rowsOf: right, gram: right.gram(.rows))
    return try (b.r * a.r.transposed).singularValues().converted(to: Element.self).withinRange()
  }

  /// The measures of all min(m, n) singular values of B·A, of which those beyond r are zero.
  ///
  /// So the condition number of a product of small rank is infinite; that of its nonzero part is
  /// `svd().spectrum.conditionNumber`.
  ///
  /// - Throws: as ``svd()``.
  /// - Complexity: that of ``singularValues()``.
  public func spectrum() throws(LinearAlgebraError) -> Spectrum {
    let values = try Array(singularValues())
    let zeros = [Element](repeating: 0, count: min(left.rows, right.columns) - values.count)
    return Spectrum(Vector(values + zeros), rows: left.rows, columns: right.columns)
  }
}
