extension SVD: CustomStringConvertible {
  /// The shape, the method, the number of triplets and their values, the middle left out.
  public var description: String {
    """
    SVD of a \(u.rows)x\(vTransposed.columns) matrix of \(Element.self) by \(method)
    \(singularValues.count) singular values: \(singularValues)
    """
  }
}

extension TruncatedSVD: CustomStringConvertible {
  /// The shape, the method, the values and the residual.
  public var description: String {
    """
    \(singularValues.count) leading triplets of a \(u.rows)x\(vTransposed.columns) matrix of \(Element.self) \
    by \(method)
    singular values: \(singularValues)
    residual: \(residual.formatted(digits: 2))
    """
  }
}

extension MatrixBatch: CustomStringConvertible {
  /// The number of matrices and their shape.
  public var description: String { "\(count) matrices of \(rows)x\(columns) \(Element.self)" }
}

extension BatchSVD: CustomStringConvertible {
  /// The number and shape of the matrices, and the values of the first one.
  public var description: String {
    let first = singularValues.rows > 0 ? singularValues.row(0) : []
    return """
      SVD of \(u.count) matrices of \(u.rows)x\(vTransposed.columns) \(Element.self)
      singular values of the first: \(first)
      """
  }
}

extension LowRankProduct: CustomStringConvertible {
  /// The shapes of the product and of its factors.
  public var description: String {
    """
    \(left.rows)x\(right.columns) product of \(Element.self) in factors of \(left.shapeDescription) and \
    \(right.shapeDescription)
    """
  }
}

extension Spectrum: CustomStringConvertible {
  /// The values and the measures of them; "undefined" for what is 0/0.
  public var description: String {
    func shown(_ measure: Double?) -> String { measure.map { $0.formatted(digits: 4) } ?? "undefined" }
    return """
      \(singularValues.count) singular values of a \(rows)x\(columns) matrix: \(Vector(singularValues))
      numerical rank \(numericalRank), stable rank \(shown(stableRank))
      participation ratio \(shown(participationRatio)), entropy rank \(shown(entropyRank(.energy))), \
      condition number \(shown(conditionNumber))
      """
  }
}
