extension Vector {
  /// xᵀy = Σ xᵢyᵢ, summed in float64. Traps on unequal counts; NaN and infinities propagate.
  ///
  /// - Complexity: 2n flops.
  public func dot(_ other: Vector) -> Double {
    require(count == other.count, "dot product of vectors of \(count) and \(other.count) entries")
    return withUnsafeBase { x in other.withUnsafeBase { y in Element._kernels.table.dot(x, y, count) } }
  }

  /// ‖x‖₂ = √Σxᵢ², summed in float64 and scaled where squares would overflow or vanish.
  public var norm: Double {
    let direct = dot(self)
    if direct.isFinite && direct > 1e-280 { return direct.squareRoot() }
    let largest = Double(withUnsafeBase { Element._kernels.table.absoluteMaximum($0, count) })
    guard largest > 0, largest.isFinite else { return largest }
    return largest * reduce(0) { $0 + (Double($1) / largest) * (Double($1) / largest) }.squareRoot()
  }

  /// Σ xᵢ in float64; NaN and infinities propagate.
  public var sum: Double { withUnsafeBase { Element._kernels.table.sum($0, count) } }

  /// Σ xᵢ / n in float64. A vector without entries has no mean: 0/0, NaN, as numpy gives.
  public var mean: Double { sum / Double(count) }

  /// The smallest entry, NaN where an entry is NaN; nil without entries.
  public func min() -> Element? {
    isEmpty ? nil : withUnsafeBase { Element._kernels.table.minimum($0, count) }
  }

  /// The largest entry, NaN where an entry is NaN; nil without entries.
  public func max() -> Element? {
    isEmpty ? nil : withUnsafeBase { Element._kernels.table.maximum($0, count) }
  }

  /// The first position of the smallest entry, or of the first NaN where there is one; nil without entries.
  public var argmin: Int? { min().flatMap(position) }

  /// The first position of the largest entry, or of the first NaN where there is one; nil without entries.
  public var argmax: Int? { max().flatMap(position) }

  /// The first position of `value`, which may be NaN.
  private func position(of value: Element) -> Int? {
    let found = withUnsafeBase { Element._kernels.table.index($0, count, value) }
    return found < 0 ? nil : found
  }

  /// The cosine of the angle between two vectors, xᵀy/(‖x‖‖y‖); nil where one of them is zero.
  public func cosine(with other: Vector) -> Double? {
    let product = norm * other.norm
    if product > 1e-280, product < 1e290 { return Swift.max(-1, Swift.min(1, dot(other) / product)) }
    // In units in which no product overflows or vanishes.
    let (a, b) = (inUnit, other.inUnit)
    let lengths = a.norm * b.norm
    return lengths == 0 ? nil : Swift.max(-1, Swift.min(1, a.dot(b) / lengths))
  }

  /// The vector of length 1 in the same direction, x/‖x‖, formed in float64 and rounded once.
  ///
  /// - Throws: ``LinearAlgebraError/invalidArgument(_:)`` where all entries are zero or there are none,
  ///   ``LinearAlgebraError/notFinite(row:column:)`` where one is NaN or infinite, as column of one row.
  /// - Complexity: 3n flops.
  public func normalized() throws(LinearAlgebraError) -> Vector {
    try Matrix(row: self).checkFinite()
    let unit = inUnit
    let length = unit.norm
    guard length > 0 else { throw .invalidArgument("a vector of zeros has no direction; test its norm first") }
    return (unit / length).converted()
  }

  /// The vector in float64, times a power of two that brings its largest entry into the middle of the range.
  private var inUnit: Vector<Double> {
    converted(to: Double.self).scaled(byPowerOfTwo: Matrix(row: self).exponentOfUnit)
  }
}
