import Tensor

/// A measured value beside what chance alone gives, and under which null hypothesis.
///
/// ```swift
/// let overlap = Score(0.57, chance: 0.083, chanceDeviation: 0.021)
/// print(overlap)  // 0.57 (isotropic chance 0.083 ± 0.021; activations and gradients need the matched null)
/// ```
public struct Score: Sendable, Equatable, Codable {
  /// What was measured; `nil` where it is undefined, as 0/0 is.
  public let value: Double?
  /// The value that chance gives on average.
  public let chance: Double
  /// The standard deviation of the value under chance; `nil` where no formula is known.
  public let chanceDeviation: Double?
  /// The null hypothesis under which ``chance`` is what it is.
  public let null: ScoreNull

  /// A value beside what chance gives.
  public init(_ value: Double?, chance: Double, chanceDeviation: Double? = nil, null: ScoreNull = .isotropic) {
    self.value = value
    self.chance = chance
    self.chanceDeviation = chanceDeviation
    self.null = null
  }
}

/// The null hypothesis behind the chance of a ``Score``.
///
/// ```swift
/// print(ScoreNull.isotropic.caution)  // activations and gradients need the matched null
/// ```
public enum ScoreNull: String, Sendable, Codable, CaseIterable {
  /// Directions or planes without any preference. Activations and gradients prefer a few directions, and their values
  /// scatter far more: they need a null matched to their covariance, exchanged labels, or a split half.
  case isotropic

  /// What the null hypothesis leaves open, in words.
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
