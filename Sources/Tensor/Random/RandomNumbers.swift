#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Numbers of any generator.
///
/// Transparent, so that loops over a generator of a known type are compiled for that type in debug builds too.
extension RandomNumberGenerator {
  /// A uniform number in 0 ..< 1, a multiple of 2⁻⁵³.
  @_transparent mutating func uniformNumber() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Two independent standard normal numbers, by Marsaglia's polar method.
  @_transparent mutating func twoNormalNumbers() -> (Double, Double) {
    while true {
      let u = 2 * uniformNumber() - 1
      let v = 2 * uniformNumber() - 1
      let s = u * u + v * v
      guard s > 0, s < 1 else { continue }
      let factor = (-2 * log(s) / s).squareRoot()
      return (u * factor, v * factor)
    }
  }

  /// Fills `target` with uniform numbers.
  @_transparent mutating func fillUniform(_ target: UnsafeMutableBufferPointer<Double>) {
    for i in 0..<target.count { target[i] = uniformNumber() }
  }

  /// Fills `target` with standard normal numbers. An odd count drops the second number of the last pair.
  @_transparent mutating func fillNormal(_ target: UnsafeMutableBufferPointer<Double>) {
    var i = 0
    while i < target.count {
      let pair = twoNormalNumbers()
      target[i] = pair.0
      if i + 1 < target.count { target[i + 1] = pair.1 }
      i += 2
    }
  }
}

/// The distribution that entries are drawn from.
enum RandomLaw {
  case uniform
  case normal

  /// Fills `target` with numbers of this law.
  ///
  /// The numbers depend on the generator alone. The loop for ``SeededGenerator`` is written apart because it is
  /// compiled for that type, which makes it fast.
  func fill(_ target: UnsafeMutableBufferPointer<Double>, using generator: inout some RandomNumberGenerator) {
    if var seeded = generator as? SeededGenerator {
      switch self {
      case .uniform: seeded.fillUniform(target)
      case .normal: seeded.fillNormal(target)
      }
      replace(&generator, with: seeded)
    } else {
      switch self {
      case .uniform: generator.fillUniform(target)
      case .normal: generator.fillNormal(target)
      }
    }
  }

  private func replace<Generator>(_ generator: inout Generator, with seeded: SeededGenerator) {
    if let same = seeded as? Generator { generator = same }
  }

  /// Fills `target` with numbers of this law, each drawn in float64 and rounded to nearest.
  func fill<Element: MatrixScalar>(
    _ target: UnsafeMutableBufferPointer<Element>, using generator: inout some RandomNumberGenerator
  ) {
    // An even number, so that pairs of normal numbers stay together.
    let length = Swift.min(target.count, 2048)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: Swift.max(length, 1)) { scratch in
      for start in stride(from: 0, to: target.count, by: Swift.max(length, 1)) {
        let count = Swift.min(length, target.count - start)
        let numbers = UnsafeMutableBufferPointer(rebasing: scratch[0..<count])
        fill(numbers, using: &generator)
        guard let source = numbers.baseAddress else { return }
        convertEntries(source, target.baseAddress.map { $0 + start }, count)
      }
    }
  }
}
