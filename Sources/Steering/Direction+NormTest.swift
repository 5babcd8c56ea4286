public import Tensor

extension Contrast {
  /// Whether the class means are further apart than exchanged labels put them: a test of ‖v‖².
  ///
  /// Every exchange refits the direction, so the rows may be the ones it is made from. The length of a mean
  /// difference is never zero: without this test any two samples have a direction.
  ///
  /// - Parameters:
  ///   - exchange: how labels may be exchanged.
  ///   - seed: of the random exchanges; unused where all are listed.
  ///   - count: R, the number of exchanges; the smallest p is 1/(1 + R).
  /// - Throws: ``SteeringError`` as ``Exchangeability`` asks; ``SteeringError/invalidArgument(_:)`` for R < 1.
  /// - Complexity: 2R(n₊ + n₋)d flops, through BLAS.
  public func normTest(
    by exchange: Exchangeability, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999
  ) throws(SteeringError) -> PermutationTest {
    let null = try exchangedDirections(by: exchange, seed: seed, count: count)
    return PermutationTest(
      observed: meanDifference.norm, null: null.directions.rowVectors.map(\.norm), labels: null.labels)
  }

  /// The directions that exchanged labels give, one a row, R×d in float64.
  func exchangedDirections(
    by exchange: Exchangeability, seed: UInt64, count: Int
  ) throws(SteeringError) -> (directions: Matrix<Double>, labels: Relabelling) {
    guard count >= 1 else { throw .invalidArgument("\(count) permutations; give at least 19 for p = 0.05") }
    var generator = SeededGenerator(seed: seed)
    let labels = try Relabelling.labels(
      positive: positive.rows, negative: negative.rows, by: exchange, count: count, using: &generator)
    // Weights sum to zero, so the origin is free: the midpoint keeps digits.
    let rows = exchange == .pairs ? try pairDifferences() : pooledRows(around: midpoint)
    return (labels.weights * rows, labels)
  }
}

/// A statistic, its values under exchanged labels, and the p-value.
public struct PermutationTest: Sendable, Equatable, Codable {
  /// The statistic on the labels as they are.
  public let observed: Double
  /// Its mean under exchanged labels.
  public let nullMean: Double
  /// Its standard deviation under exchanged labels.
  public let nullDeviation: Double
  /// R, the number of exchanges.
  public let count: Int
  /// One-sided: (1 + #{null ≥ observed})/(1 + R), ties counted against; exact where all exchanges were listed.
  public let p: Double

  init(observed: Double, null: [Double], labels: Relabelling) {
    self.observed = observed
    let mean = null.reduce(0, +) / Double(null.count)
    nullMean = mean
    let squares = null.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    nullDeviation = null.count > 1 ? (squares / Double(null.count - 1)).squareRoot() : 0
    count = null.count
    p = labels.pValue(observed: observed, null: null)
  }
}
