public import Tensor

extension RidgeMap {
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
  /// - Parameters:
  ///   - source: n×d_s.
  ///   - target: n×d_t, row i paired with row i of the source.
  ///   - mean: of the training rows of the target; by default ``trainingMean``.
  /// - Throws: ``SteeringError/unequalWidths(_:)`` where shapes do not fit the map;
  ///   ``SteeringError/invalidArgument(_:)`` where the map was read from a file and no mean is given.
  public func r2(
    source: Matrix<Element>, target: Matrix<Element>, about mean: Vector<Double>? = nil
  ) throws(SteeringError) -> Double? {
    guard let mean = mean ?? trainingMean else {
      throw .invalidArgument(
        "a map from a file does not hold the mean of its training rows; give it, or that of others, with about:")
    }
    guard mean.count == weights.columns else {
      throw .unequalWidths("a mean of \(mean.count) entries for a map \(weights.shapeDescription)")
    }
    guard source.rows == target.rows, source.columns == weights.rows, target.columns == weights.columns else {
      throw .unequalWidths(
        "rows \(source.shapeDescription) and \(target.shapeDescription) for a map \(weights.shapeDescription)")
    }
    // Target, image and means in a unit in which their squares are numbers.
    let exponent = target.exponentOfUnit
    var total = target.converted(to: Double.self).scaled(byPowerOfTwo: exponent)
    var residual = total
    let sourceExponent = source.exponentOfUnit
    residual.addProduct(
      source.converted(to: Double.self).scaled(byPowerOfTwo: sourceExponent),
      weights.converted(to: Double.self).scaled(byPowerOfTwo: exponent - sourceExponent), alpha: -1)
    residual.centerRows(by: intercept.converted(to: Double.self).scaled(byPowerOfTwo: exponent))
    total.centerRows(by: mean.scaled(byPowerOfTwo: exponent))
    let sum = total.dot(total)
    return sum > 0 ? 1 - residual.dot(residual) / sum : nil
  }
}
