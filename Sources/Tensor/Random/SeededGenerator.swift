/// A small seeded generator: xoshiro256** (Blackman and Vigna, 2018), its state filled by SplitMix64.
///
/// ```swift
/// var generator = SeededGenerator(seed: 1)
/// let a = Matrix<Float>.normal(rows: 3, columns: 4, using: &generator)
/// ```
///
/// The same seed gives the same numbers on every machine. Nothing in this library draws from another source unless the
/// caller hands over a generator of their own.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  /// The seed used where none is given.
  public static let defaultSeed: UInt64 = 0x5EED

  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// A generator whose numbers are fixed by `seed`.
  public init(seed: UInt64 = SeededGenerator.defaultSeed) {
    var mixer = seed
    func next() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      var z = mixer
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    state = (next(), next(), next(), next())
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let product = state.1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }

  /// A uniform number in 0 ..< 1, a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { uniformNumber() }

  /// Two independent standard normal numbers, by Marsaglia's polar method.
  public mutating func normalPair() -> (Double, Double) { twoNormalNumbers() }
}
