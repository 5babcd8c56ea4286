public import Tensor

/// A linear map between two activation spaces, fitted by ridge regression with a free intercept.
///
/// Minimizes ‖Y − XW − 1bᵀ‖² + λ‖W‖²; the intercept b is not shrunk.
public struct RidgeMap<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// W, d_s×d_t.
  public let weights: Matrix<Element>
  /// b, d_t entries.
  public let intercept: Vector<Element>
  /// λ, in units of X².
  public let lambda: Double
  /// The mean of the target rows the map was fitted on: what R² is about.
  public let trainingMean: Vector<Double>

  /// Fits the map from paired rows.
  ///
  /// In float64: the d_s×d_s system where n ≥ d_s, else the n×n one, which has the same solution. Where λ is small beside
  /// ‖X‖² that would square the condition number and lose digits; there W = V diag(σ/(σ² + λ)) UᵀY from the SVD of X.
  ///
  /// - Parameters:
  ///   - source: X, n×d_s.
  ///   - target: Y, n×d_t, row i paired with row i of X.
  ///   - regularization: how λ is chosen.
  ///   - tolerance: with the SVD, directions of X with σᵢ ≤ tolerance·‖X‖ are taken for rounding; by default ε·√min(n, d_s), ε
  ///     of `Element`. Give that of the stored type where it was narrower.
  /// - Throws: ``SteeringError/unequalCounts(_:)`` where the numbers of rows differ;
  ///   ``SteeringError/invalidArgument(_:)`` for λ < 0; ``SteeringError/tooFewSamples(_:)`` below two rows;
  ///   ``SteeringError/linearAlgebra(_:)`` for entries that are not finite, here or in the map, and for
  ///   a map of d_s×d_t float64 entries that exceeds the memory of the process.
  /// - Complexity: nm(m + 2d_t) flops with m = min(n, d_s), and ten times that for the SVD; float64 copies of X and Y.
  public init(
    from source: Matrix<Element>, to target: Matrix<Element>, regularization: Regularization, tolerance: Double? = nil
  ) throws(SteeringError) {
    guard source.rows == target.rows else {
      throw .unequalCounts(
        "\(source.rows) source and \(target.rows) target rows do not form pairs; row i of both must be the same prompt")
    }
    guard source.rows > 1 else { throw .tooFewSamples("a map needs at least two paired rows") }
    try algebra { () throws(LinearAlgebraError) in
      try Matrix<Double>.checkFits(rows: source.columns, columns: target.columns)
      try source.checkFinite()
      try target.checkFinite()
    }
    switch regularization {
    case .fixed(let value):
      guard value >= 0, value.isFinite else {
        throw .invalidArgument("lambda must be a number from 0 on, not \(value)")
      }
      lambda = value
    }
    // In units in which nothing overflows when it is squared.
    let (sourceExponent, targetExponent) = (source.exponentOfUnit, target.exponentOfUnit)
    var x = source.converted(to: Double.self).scaled(byPowerOfTwo: sourceExponent)
    var y = target.converted(to: Double.self).scaled(byPowerOfTwo: targetExponent)
    let (sourceMean, targetMean) = (x.meanRow, y.meanRow)
    x.centerRows(by: sourceMean)
    y.centerRows(by: targetMean)
    let problem = RidgeProblem(
      x: x, y: y, lambda: lambda, exponent: sourceExponent, mean: sourceMean.norm,
      tolerance: tolerance
        ?? rankTolerance(rows: source.rows, columns: source.columns, epsilon: Double(Element.ulpOfOne)))
    let (w, exponent) = try algebra { () throws(LinearAlgebraError) in try problem.solution() }
    weights = w.scaled(byPowerOfTwo: sourceExponent - targetExponent + exponent).converted()
    let image = (w.transposed * sourceMean).scaled(byPowerOfTwo: exponent)
    intercept = (targetMean - image).scaled(byPowerOfTwo: -targetExponent).converted()
    trainingMean = targetMean.scaled(byPowerOfTwo: -targetExponent)
    let (fitted, origin) = (weights, intercept)
    try algebra { () throws(LinearAlgebraError) in
      try fitted.checkFinite()
      try Matrix(row: origin).checkFinite()
    }
  }

  /// The images of rows, XW + 1bᵀ.
  ///
  /// - Parameter rows: n×d_s. Traps on another width.
  public func apply(to rows: Matrix<Element>) -> Matrix<Element> {
    var result = rows * weights
    for i in 0..<result.rows { result.addToRow(i, intercept) }
    return result
  }

  /// The image of a direction, Wᵀv: a difference of rows, so the intercept does not enter.
  ///
  /// - Throws: ``SteeringError/unequalWidths(_:)``.
  public func map(_ direction: Direction<Element>) throws(SteeringError) -> Direction<Element> {
    guard direction.vector.count == weights.rows else {
      throw .unequalWidths("a direction of \(direction.vector.count) entries, a map from \(weights.rows)")
    }
    let (first, second) = (weights.exponentOfUnit, Matrix(row: direction.vector).exponentOfUnit)
    guard first != 0 || second != 0 else { return try Direction(weights.transposed * direction.vector) }
    let product =
      weights.converted(to: Double.self).scaled(byPowerOfTwo: first).transposed
      * direction.vector.converted(to: Double.self).scaled(byPowerOfTwo: second)
    return try Direction(product.scaled(byPowerOfTwo: -first - second).converted())
  }

  /// R² = 1 − SSE/SST summed over outputs, SST about the mean of the training rows.
  ///
  /// 0 is what the training mean predicts, the null of a map; a map may do worse on held-out rows. `nil` where the
  /// target rows do not vary.
  ///
  /// - Throws: ``SteeringError/unequalWidths(_:)`` where shapes do not fit the map.
  public func r2(source: Matrix<Element>, target: Matrix<Element>) throws(SteeringError) -> Double? {
    guard source.rows == target.rows, source.columns == weights.rows, target.columns == weights.columns else {
      throw .unequalWidths(
        "rows \(source.shapeDescription) and \(target.shapeDescription) for a map \(weights.shapeDescription)")
    }
    // Target, image and means in a unit in which their squares are numbers.
    let w = weights.converted(to: Double.self)
    let exponent = target.exponentOfUnit
    var total = target.converted(to: Double.self).scaled(byPowerOfTwo: exponent)
    var residual = total
    let sourceExponent = source.exponentOfUnit
    residual.addProduct(
      source.converted(to: Double.self).scaled(byPowerOfTwo: sourceExponent),
      w.scaled(byPowerOfTwo: exponent - sourceExponent), alpha: -1)
    residual.centerRows(by: intercept.converted(to: Double.self).scaled(byPowerOfTwo: exponent))
    total.centerRows(by: trainingMean.scaled(byPowerOfTwo: exponent))
    let sum = total.dot(total)
    return sum > 0 ? 1 - residual.dot(residual) / sum : nil
  }
}

/// How the strength λ of a ridge regression is chosen.
public enum Regularization: Sendable, Equatable {
  /// This λ ≥ 0. With 0 the solution of smallest norm is taken. One solve.
  case fixed(Double)
}
