/// A measured value beside what chance alone would give, and which chance that is.
///
/// `description` reads `0.57 (isotropic chance 0.083 ± 0.021; activations and gradients need the matched null)`. What is
/// 0/0 has the value `nil`.
public struct Score: Sendable, Equatable, Codable {
  /// What was measured; `nil` where it is undefined.
  public let value: Double?
  /// What it would be on average by chance.
  public let chance: Double
  /// The standard deviation of the value under chance, where a formula is known.
  public let chanceDeviation: Double?
  /// Which chance is meant.
  public let null: ScoreNull

  /// A value with its null.
  public init(_ value: Double?, chance: Double, chanceDeviation: Double? = nil, null: ScoreNull = .isotropic) {
    self.value = value
    self.chance = chance
    self.chanceDeviation = chanceDeviation
    self.null = null
  }
}

/// The chance that a ``Score`` stands beside.
public enum ScoreNull: String, Sendable, Codable, CaseIterable {
  /// Directions or planes without preference. Activations and gradients prefer a few directions, and there chance is far
  /// wider: they need a null matched to their covariance, exchanged labels, or a split half.
  case isotropic

  /// What the null leaves open, in words.
  public var caution: String {
    switch self {
    case .isotropic: "activations and gradients need the matched null"
    }
  }
}

extension Score: CustomStringConvertible {
  /// `0.57 (isotropic chance 0.083 ± 0.021; activations and gradients need the matched null)`.
  public var description: String {
    let shown = value.map { $0.formatted(digits: 3) } ?? "undefined"
    let spread = chanceDeviation.map { " ± \($0.formatted(digits: 2))" } ?? ""
    return "\(shown) (\(null.rawValue) chance \(chance.formatted(digits: 2))\(spread); \(null.caution))"
  }
}
