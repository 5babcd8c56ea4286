public import Runs
public import Tensor

/// Two figures of a trajectory: how much of its energy one direction holds, and how straight it is in time.
///
/// ```swift
/// let total = try run.grams().total
/// print(try total.figures(), try total.walkFigures())  // the run beside a walk on the same steps
/// ```
public struct RankOneFigures: Sendable, Equatable, Codable {
  /// EV₁ = λ₁(G)/tr G, uncentred; `nil` where nothing moved.
  public let energy: Double?
  /// R² of the coefficients on the first direction against the steps, with an intercept; `nil` below three snapshots or
  /// for a constant coefficient.
  public let r2: Double?

  init(_ gram: Matrix<Double>, _ distances: [Double]) throws(LinearAlgebraError) {
    let trace = gram.trace
    guard trace > 0 else {
      (energy, r2) = (nil, nil)
      return
    }
    let eigen = try gram.symmetricEigen()
    energy = eigen.values[0] / trace
    r2 = LineFit(Array(eigen.vectorsTransposed.row(0)), at: distances).r2
  }
}

extension TemporalGram {
  /// The figures of this trajectory.
  ///
  /// - Throws: what the computation of the eigenvalues throws.
  public func figures() throws(LinearAlgebraError) -> RankOneFigures {
    try RankOneFigures(normalized.gram, distances)
  }

  /// The figures of a random walk observed at the same steps, in the limit of many dimensions: Gram min(sᵢ, sⱼ).
  ///
  /// They are high: for many equal steps 8/π² = 0.811 of the energy lies in one direction, and R² is 0.958. Neither
  /// decides alone whether there is a line.
  ///
  /// - Throws: what the computation of the eigenvalues throws.
  public func walkFigures() throws(LinearAlgebraError) -> RankOneFigures {
    let walk = Matrix<Double>(rows: count, columns: count) { i, j in min(distances[i], distances[j]) }
    return try RankOneFigures(walk, distances)
  }

  /// The figures of a random walk whose increments are as long as those of this trajectory: Gram C·diag(U_ii)·Cᵀ.
  ///
  /// It needs no assumption on step sizes: decaying steps alone raise the energy of one direction to 0.95.
  ///
  /// - Throws: what the computation of the eigenvalues throws.
  public func matchedWalkFigures() throws(LinearAlgebraError) -> RankOneFigures {
    let lengths = normalized.increments.diagonal
    let signs = Vector<Double>(repeating: 1, count: count)
    return try RankOneFigures(cumulated(.diagonal(lengths), flippedBy: signs), distances)
  }
}

/// Ordinary least squares of values against steps, with an intercept.
struct LineFit {
  let slope: Double
  let intercept: Double
  /// `nil` below three points and for values without variation.
  let r2: Double?

  /// Fits a line to two points or more at distinct steps.
  init(_ values: [Double], at steps: [Double]) {
    let n = Double(values.count)
    let (meanStep, meanValue) = (steps.reduce(0, +) / n, values.reduce(0, +) / n)
    var (sxx, sxy, syy) = (0.0, 0.0, 0.0)
    for (step, value) in zip(steps, values) {
      sxx += (step - meanStep) * (step - meanStep)
      sxy += (step - meanStep) * (value - meanValue)
      syy += (value - meanValue) * (value - meanValue)
    }
    slope = sxx > 0 ? sxy / sxx : 0
    intercept = meanValue - slope * meanStep
    r2 = values.count >= 3 && sxx > 0 && syy > 0 ? sxy * sxy / (sxx * syy) : nil
  }
}
