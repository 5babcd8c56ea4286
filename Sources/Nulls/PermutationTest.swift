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

  /// A test of what is shown itself.
  package init(observed: Double, null: [Double], isComplete: Bool) {
    self.init(
      observed: observed, null: null,
      p: pValue(
        observed: observed, null: null, isComplete: isComplete,
        slack: 1e-12 * null.reduce(observed.magnitude) { max($0, $1.magnitude) }))
  }

  /// What is shown beside the p of another statistic of the same exchanges.
  package init(observed: Double, null: [Double], p: Double) {
    self.observed = observed
    let mean = null.reduce(0, +) / Double(null.count)
    nullMean = mean
    let squares = null.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    nullDeviation = null.count > 1 ? (squares / Double(null.count - 1)).squareRoot() : 0
    count = null.count
    self.p = p
  }
}

/// p = (1 + #{null ≥ observed})/(1 + R), or #{null ≥ observed}/count over a complete set. Ties count against.
///
/// - Parameter slack: how much smaller a value may be that ties. The labels as they are must tie with the observed value
///   although they are summed in another order.
package func pValue(observed: Double, null: [Double], isComplete: Bool, slack: Double) -> Double {
  let exceeding = Double(null.count { $0 >= observed - slack })
  return isComplete ? exceeding / Double(null.count) : (1 + exceeding) / (1 + Double(null.count))
}
