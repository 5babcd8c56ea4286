public import Tensor

extension RidgeMap {
  /// Fits the map from paired rows.
  ///
  /// In float64: the d_s×d_s system where n ≥ d_s, else the n×n one, which has the same solution. Where λ is small
  /// against ‖X‖² that would square the condition number and lose digits; there W = V diag(σ/(σ² + λ)) UᵀY from the SVD
  /// of X.
  ///
  /// - Parameters:
  ///   - source: X, n×d_s.
  ///   - target: Y, n×d_t, row i paired with row i of X.
  ///   - regularization: how λ is chosen.
  ///   - tolerance: with the SVD, directions of X with σᵢ ≤ tolerance·‖X‖ are taken for rounding; by default
  ///     ε·√min(n, d_s), ε of `Element`. Give that of the stored type where it has fewer bits.
  ///   - progress: called after each of three steps: rows centred, system formed, system solved.
  /// - Throws: ``SteeringError/unequalCounts(_:)`` where the numbers of rows differ;
  ///   ``SteeringError/invalidArgument(_:)`` for λ < 0; ``SteeringError/tooFewSamples(_:)`` below two rows;
  ///   ``SteeringError/linearAlgebra(_:)`` for entries that are not finite, here or in the map, and for
  ///   a map of d_s×d_t float64 entries that exceeds the memory of the process; ``SteeringError/cancelled``.
  /// - Complexity: nm(m + 2d_t) flops with m = min(n, d_s), and ten times that for the SVD; float64 copies of X and Y.
  public init(
    from source: Matrix<Element>, to target: Matrix<Element>, regularization: Regularization, tolerance: Double? = nil,
    progress: ProgressHandler? = nil
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
    let lambda = try regularization.strength()
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
    let (w, exponent) = try algebra { () throws(LinearAlgebraError) in try problem.solution(progress) }
    let image = (w.transposed * sourceMean).scaled(byPowerOfTwo: exponent)
    self.init(
      weights: w.scaled(byPowerOfTwo: sourceExponent - targetExponent + exponent).converted(),
      intercept: (targetMean - image).scaled(byPowerOfTwo: -targetExponent).converted(),
      lambda: lambda, trainingMean: targetMean.scaled(byPowerOfTwo: -targetExponent))
    let (fitted, origin) = (weights, intercept)
    try algebra { () throws(LinearAlgebraError) in
      try fitted.checkFinite()
      try Matrix(row: origin).checkFinite()
    }
  }

  /// The same fit, awaited: the calling task waits without a thread, and its cancellation is honoured.
  public init(
    from source: Matrix<Element>, to target: Matrix<Element>, regularization: Regularization, tolerance: Double? = nil,
    progress: ProgressHandler? = nil
  ) async throws(SteeringError) {
    self = try await onWorkerThread { () throws(SteeringError) in
      try RidgeMap(from: source, to: target, regularization: regularization, tolerance: tolerance, progress: progress)
    }
  }
}
