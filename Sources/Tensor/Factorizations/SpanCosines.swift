extension Matrix {
  /// The cosines of the principal angles between the spans of the columns of two matrices, descending.
  ///
  /// The singular values of R_a⁻ᵀ(AᵀB)R_b⁻¹ with the Cholesky factors AᵀA = R_aᵀR_a and BᵀB = R_bᵀR_b, all of float64
  /// inner products that one pass over both matrices forms: no basis is made.
  ///
  /// - Returns: `nil` unless the columns of each, scaled to unit length, are clearly independent, so that no direction
  ///   is rounding and the error of a cosine stays below 1e-13 or so; also where an entry is not finite, or a square
  ///   leaves the range of float64.
  /// - Complexity: (n + k)²m flops in float64; no copy of A or B.
  package func cosinesOfSpans(with other: Matrix) throws(LinearAlgebraError) -> Vector<Double>? {
    guard !isEmpty, !other.isEmpty else { return nil }
    let gram = gramMatrix(beside: other)
    let (left, right) = (0..<columns, columns..<gram.columns)
    guard let a = gram[rows: left][columns: left].factorOfIndependentColumns(of: Element.self, length: rows),
      let b = gram[rows: right][columns: right].factorOfIndependentColumns(of: Element.self, length: rows)
    else { return nil }
    var products = gram[rows: left][columns: right].overwritableCopy()
    guard products.solveFromLeft(transposedUpper: a), products.solveFromRight(upper: b) else { return nil }
    return try products.singularValues()
  }

  /// [A B]ᵀ[A B], block by block of rows, each small enough to stay in the cache.
  private func gramMatrix(beside other: Matrix) -> Matrix<Double> {
    let order = columns + other.columns
    let step = Swift.max(256, (1 << 14) / order)
    let partial = inParts(rows, flops: Double(order) * Double(order) * Double(rows)) { range in
      var sums = Matrix<Double>.zeros(rows: order, columns: order)
      for start in stride(from: range.lowerBound, to: range.upperBound, by: step) {
        let block = start..<Swift.min(start + step, range.upperBound)
        let both = Output<Element>(.undefined, rows: block.count, columns: order)
        self[rows: block].copyRows(to: both.pointer.base, stride: order)
        other[rows: block].copyRows(to: both.pointer.base + columns, stride: order)
        sums += both.matrix().gram(.columns)
      }
      return sums
    }
    return partial.dropFirst().reduce(into: partial[0]) { $0 += $1 }
  }
}

extension Matrix<Double> {
  /// R with RᵀR = G for the Gram matrix G of columns; `nil` unless they are far from dependent, whatever their lengths.
  fileprivate func factorOfIndependentColumns<Stored: MatrixScalar>(
    of type: Stored.Type, length: Int
  ) -> Matrix? {
    guard let r = choleskyOfGram()?.r else { return nil }
    let bound = r.conditionBoundOfUnitColumns
    let tolerance = rankTolerance(rows: length, columns: rows, epsilon: Double(Stored.ulpOfOne))
    // The bound is n or more for any columns.
    return bound < 10 * Double(rows) && bound * tolerance < 1 ? r : nil
  }
}
