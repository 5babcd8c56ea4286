import Tensor

/// A statistic beside what chance gives, which is its values under exchanged labels, and the p-value.
///
/// `description` reads `2.5 (exchanged labels 1.1 ± 0.21; p 0.001 from 999 exchanges)`.
///
/// ```swift
/// let test = try await contrast.normTest(exchanging: .pairs)
/// print(test.observed, test.chance, test.p)
/// ```
public struct PermutationTest: Sendable, Equatable, Codable {
  /// The statistic on the labels as they are.
  public let observed: Double
  /// The mean of the statistic under exchanged labels.
  public let chance: Double
  /// The standard deviation of the statistic under exchanged labels; 0 for a single exchange.
  public let chanceDeviation: Double
  /// R, the number of exchanges.
  public let count: Int
  /// One-sided: (1 + #{exchanged ≥ observed})/(1 + R), where ties count against the finding; #{exchanged ≥ observed}/R
  /// where all exchanges were listed.
  public let p: Double

  /// A test of the statistic itself, whose values under exchanged labels are `null`.
  package init(observed: Double, null: [Double], isComplete: Bool) {
    self.init(
      observed: observed, null: null,
      p: pValue(
        observed: observed, null: null, isComplete: isComplete,
        slack: 1e-12 * null.reduce(observed.magnitude) { max($0, $1.magnitude) }))
  }

  /// A statistic to be shown beside the p-value of another one, which the same exchanges gave.
  package init(observed: Double, null: [Double], p: Double) {
    self.observed = observed
    let mean = null.reduce(0, +) / Double(null.count)
    chance = mean
    let squares = null.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    chanceDeviation = null.count > 1 ? (squares / Double(null.count - 1)).squareRoot() : 0
    count = null.count
    self.p = p
  }
}

extension PermutationTest: CustomStringConvertible {
  /// `2.5 (exchanged labels 1.1 ± 0.21; p 0.001 from 999 exchanges)`.
  public var description: String {
    let spread = "\(chance.formatted(digits: 2)) ± \(chanceDeviation.formatted(digits: 2))"
    return "\(observed.formatted(digits: 3)) (exchanged labels \(spread); p \(p.formatted(digits: 2)) from \(count) "
      + "exchange\(count == 1 ? "" : "s"))"
  }
}
