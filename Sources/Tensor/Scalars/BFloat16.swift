/// The upper half of a `Float`: 8 bits of exponent, 8 of precision. A storage type, widened before computing.
///
/// Range 1.2e-38 … 3.4e38, relative rounding 2⁻⁹ (0.0020), about 0.0017 on average over trained weights.
///
/// ```swift
/// print(Float(BFloat16(Float.pi)))  // 3.140625
/// ```
public struct BFloat16: Equatable, Hashable, Sendable {
  /// The sixteen bits: sign, eight of exponent, seven of fraction.
  public var bitPattern: UInt16

  /// The value with these bits.
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The nearest value, ties to even; overflow gives infinity, and NaN stays NaN with its sign.
  @inlinable
  public init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      // Setting the quiet bit keeps a NaN whose payload lies in the dropped half from becoming infinity.
      bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x0040
    } else {
      bitPattern = UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
    }
  }

  /// The nearest value, rounded once: going through a rounded `Float` would round twice.
  @inlinable
  public init(_ value: Double) {
    let nearest = Float(value)
    guard nearest.isFinite, Double(nearest) != value else {
      self.init(nearest)
      return
    }
    // Round to odd: truncate towards zero and remember in the last bit that something was dropped.
    let truncated = Double(nearest).magnitude > value.magnitude ? nearest.bitPattern - 1 : nearest.bitPattern
    self.init(Float(bitPattern: truncated | 1))
  }
}

extension BFloat16: CustomStringConvertible {
  /// The value, as the equal `Float` prints it.
  public var description: String { "\(Float(self))" }
}

extension Float {
  /// The exact value.
  @inlinable
  public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }

  /// The exact value of sixteen IEEE half-precision bits, by integer operations.
  ///
  /// Swift's own conversion calls a library function, six times slower. Infinity and NaN keep their kind and
  /// payload.
  @inlinable
  public init(halfBits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponentAndFraction = UInt32(bits & 0x7FFF)
    if exponentAndFraction >= 0x7C00 {
      self.init(bitPattern: sign | 0x7F80_0000 | (exponentAndFraction & 0x3FF) << 13)
    } else if exponentAndFraction >= 0x0400 {
      self.init(bitPattern: sign | (exponentAndFraction << 13 &+ 0x3800_0000))
    } else {
      // Subnormal: the fraction times 2⁻²⁴ is exact in Float.
      let magnitude = Float(exponentAndFraction) * 0x1p-24
      self.init(bitPattern: sign | magnitude.bitPattern)
    }
  }
}
