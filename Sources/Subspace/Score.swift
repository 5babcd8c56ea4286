/// A measured value beside what chance alone would give.
///
/// `description` reads `0.57 (chance 0.083)`. What is 0/0 has the value `nil`.
public struct Score: Sendable, Equatable, Codable {
  /// What was measured; `nil` where it is undefined.
  public let value: Double?
  /// What it would be on average by chance.
  public let chance: Double
  /// The standard deviation of the value under chance, where a formula is known.
  public let chanceDeviation: Double?

  /// A value with its null.
  public init(_ value: Double?, chance: Double, chanceDeviation: Double? = nil) {
    self.value = value
    self.chance = chance
    self.chanceDeviation = chanceDeviation
  }
}

extension Score: CustomStringConvertible {
  /// `0.57 (chance 0.083)`.
  public var description: String {
    let shown = value.map { $0.formatted(digits: 3) } ?? "undefined"
    return "\(shown) (chance \(chance.formatted(digits: 2)))"
  }
}
