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

  /// Σ xᵢ / n in float64. A vector without entries has no mean: 0/0, NaN, as numpy gives.
  public var mean: Double { withUnsafeBase { Element._kernels.table.sum($0, count) } / Double(count) }

  /// The cosine of the angle between two vectors, xᵀy/(‖x‖‖y‖); nil where one of them is zero.
  public func cosine(with other: Vector) -> Double? {
    let product = norm * other.norm
    if product > 1e-280, product < 1e290 { return Swift.max(-1, Swift.min(1, dot(other) / product)) }
    // In units in which no product overflows or vanishes.
    let (a, b) = (inUnit, other.inUnit)
    let lengths = a.norm * b.norm
    return lengths == 0 ? nil : Swift.max(-1, Swift.min(1, a.dot(b) / lengths))
  }

  /// The vector in float64, times a power of two that brings its largest entry into the middle of the range.
  private var inUnit: Vector<Double> {
    converted(to: Double.self).scaled(byPowerOfTwo: Matrix(row: self).exponentOfUnit)
  }

  /// Multiplies every entry by `factor`.
  public mutating func scale(by factor: Element) {
    let count = blasInt(count)
    withUnsafeMutableBase { Element._kernels.table.scal(count, factor, $0, 1) }
  }

  /// The vector with every entry multiplied by `factor`.
  public func scaled(by factor: Element) -> Vector {
    var result = self
    result.scale(by: factor)
    return result
  }

  /// Adds `factor` times `other`. Traps on unequal counts.
  public mutating func add(_ other: Vector, scaledBy factor: Element = 1) {
    require(count == other.count, "sum of vectors of \(count) and \(other.count) entries")
    let count = blasInt(count)
    withUnsafeMutableBase { y in
      other.withUnsafeBase { x in Element._kernels.table.axpy(count, factor, x, 1, y, 1) }
    }
  }

  /// The sum, entry by entry. Traps on unequal counts.
  public static func + (left: Vector, right: Vector) -> Vector {
    var result = left
    result.add(right)
    return result
  }

  /// The difference, entry by entry. Traps on unequal counts.
  public static func - (left: Vector, right: Vector) -> Vector {
    var result = left
    result.add(right, scaledBy: -1)
    return result
  }

  /// The vector scaled by `factor`.
  public static func * (factor: Element, vector: Vector) -> Vector { vector.scaled(by: factor) }

  /// The outer product xyᵀ, an m×n matrix of m entries times n entries.
  public func outerProduct(with other: Vector) -> Matrix<Element> {
    Matrix(rows: count, columns: other.count) { i, j in self[i] * other[j] }
  }

  /// The same vector in another precision, rounded to nearest.
  public func converted<Other: MatrixScalar>(to type: Other.Type = Other.self) -> Vector<Other> {
    Vector<Other>(count: count) { target in
      withUnsafeBase { source in convertEntries(source, target.baseAddress, count) }
    }
  }
}
