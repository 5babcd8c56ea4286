/// Scaling by powers of two, which rounds nothing: what does not depend on the unit keeps all its bits, and squares
/// neither overflow nor vanish.
extension Matrix {
  /// The exponent of a power of two that brings the largest entry to about 1; 0 where it lies in the middle half of the
  /// range of exponents, so that ordinary numbers are left as they are, and for a matrix of zeros.
  package var exponentOfUnit: Int {
    let largest = norm(.maximum)
    let limit = Int(Element.greatestFiniteMagnitude.exponent)
    guard largest > 0, largest.isFinite, largest.exponent.magnitude > limit / 4 else { return 0 }
    return min(-Int(largest.exponent), limit - 1)
  }
}

extension Matrix<Double> {
  /// Every entry times 2^exponent; exact where no result leaves the range of normal numbers.
  package func scaled(byPowerOfTwo exponent: Int) -> Matrix {
    guard exponent != 0 else { return self }
    return powersOfTwo(exponent).reduce(self) { $0.scaled(by: $1) }
  }
}

extension Vector<Double> {
  /// Every entry times 2^exponent; exact where no result leaves the range of normal numbers.
  package func scaled(byPowerOfTwo exponent: Int) -> Vector {
    guard exponent != 0 else { return self }
    return powersOfTwo(exponent).reduce(self) { $0.scaled(by: $1) }
  }
}

extension Double {
  /// The number times 2^exponent; exact where the result does not leave the range of normal numbers.
  package func scaled(byPowerOfTwo exponent: Int) -> Double { powersOfTwo(exponent).reduce(self, *) }
}

/// Powers of two, each a normal number, whose product is 2^exponent; the exponent is cut to ±3000, beyond which every
/// product is 0 or infinite anyway.
private func powersOfTwo(_ exponent: Int) -> [Double] {
  var rest = min(max(exponent, -3000), 3000)
  var factors: [Double] = []
  while rest != 0 {
    let step = min(max(rest, -1000), 1000)
    factors.append(Double(sign: .plus, exponent: step, significand: 1))
    rest -= step
  }
  return factors
}
