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
  /// In float64: the d_s×d_s system where n ≥ d_s, else the n×n one, which has the same solution.
  ///
  /// - Parameters:
  ///   - source: X, n×d_s.
  ///   - target: Y, n×d_t, row i paired with row i of X.
  ///   - regularization: how λ is chosen.
  /// - Throws: ``SteeringError/unequalCounts(_:)`` where the numbers of rows differ;
  ///   ``SteeringError/invalidArgument(_:)`` for λ < 0; ``SteeringError/tooFewSamples(_:)`` below two rows;
  ///   ``SteeringError/linearAlgebra(_:)`` for entries that are not finite.
  /// - Complexity: nm(m + 2d_t) flops with m = min(n, d_s); float64 copies of X and Y.
  public init(
    from source: Matrix<Element>, to target: Matrix<Element>, regularization: Regularization
  ) throws(SteeringError) {
    guard source.rows == target.rows else {
      throw .unequalCounts(
        "\(source.rows) source and \(target.rows) target rows do not form pairs; row i of both must be the same prompt")
    }
    guard source.rows > 1 else { throw .tooFewSamples("a map needs at least two paired rows") }
    try algebra { () throws(LinearAlgebraError) in
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
    let (sourceMean, targetMean) = (source.meanRow, target.meanRow)
    var (x, y) = (source.converted(to: Double.self), target.converted(to: Double.self))
    x.centerRows(by: sourceMean)
    y.centerRows(by: targetMean)
    let w = try ridge(x, y, lambda: lambda)
    weights = w.converted()
    intercept = (targetMean - w.transposed * sourceMean).converted()
    trainingMean = targetMean
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
    return try Direction(weights.transposed * direction.vector)
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
    var total = target.converted(to: Double.self)
    var residual = total
    residual.addProduct(source.converted(to: Double.self), weights.converted(to: Double.self), alpha: -1)
    residual.centerRows(by: intercept.converted())
    total.centerRows(by: trainingMean)
    let sum = total.dot(total)
    return sum > 0 ? 1 - residual.dot(residual) / sum : nil
  }
}

/// How the strength λ of a ridge regression is chosen.
public enum Regularization: Sendable, Equatable {
  /// This λ ≥ 0. With 0 the solution of smallest norm is taken. One solve.
  case fixed(Double)
}

/// W of min ‖Y − XW‖² + λ‖W‖² for centred X and Y.
private func ridge(
  _ x: Matrix<Double>, _ y: Matrix<Double>, lambda: Double
) throws(SteeringError) -> Matrix<Double> {
  try algebra { () throws(LinearAlgebraError) in
    guard lambda > 0 else { return try x.leastSquares(y).solution }
    let isTall = x.rows >= x.columns
    var system = x.gram(isTall ? .columns : .rows)
    for i in 0..<system.rows { system[i, i] += lambda }
    if let factor = try? system.cholesky() {
      return isTall ? factor.solve(x.transposed * y) : x.transposed * factor.solve(y)
    }
    // λ is below the rounding of the Gram matrix: solve without squaring the condition number.
    let root = Matrix.identity(x.columns).scaled(by: lambda.squareRoot())
    let padded = Matrix(stackingRows: [y, .zeros(rows: x.columns, columns: y.columns)])
    return try Matrix(stackingRows: [x, root]).leastSquares(padded).solution
  }
}
