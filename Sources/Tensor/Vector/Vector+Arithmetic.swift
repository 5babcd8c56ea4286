extension Vector {
  /// Multiplies every entry by `factor`.
  public mutating func scale(by factor: Element) {
    let count = count
    withUnsafeMutableBase { BLAS.scal(count, factor, $0) }
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
    let count = count
    withUnsafeMutableBase { y in
      other.withUnsafeBase { x in BLAS.axpy(count, factor, x, to: y) }
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

  /// Adds entry by entry. Traps on unequal counts.
  public static func += (left: inout Vector, right: Vector) { left.add(right) }

  /// Subtracts entry by entry. Traps on unequal counts.
  public static func -= (left: inout Vector, right: Vector) { left.add(right, scaledBy: -1) }

  /// Every entry negated.
  public static prefix func - (vector: Vector) -> Vector { vector.scaled(by: -1) }

  /// Every entry times `factor`.
  public static func * (factor: Element, vector: Vector) -> Vector { vector.scaled(by: factor) }

  /// Every entry times `factor`.
  public static func * (vector: Vector, factor: Element) -> Vector { vector.scaled(by: factor) }

  /// Multiplies every entry by `factor`.
  public static func *= (vector: inout Vector, factor: Element) { vector.scale(by: factor) }

  /// Every entry divided by `divisor`; x/0 is infinite or NaN.
  public static func / (vector: Vector, divisor: Element) -> Vector {
    var result = vector
    result /= divisor
    return result
  }

  /// Divides every entry by `divisor`; x/0 is infinite or NaN.
  public static func /= (vector: inout Vector, divisor: Element) {
    let count = vector.count
    vector.withUnsafeMutableBase { Element._kernels.table.divideByValue(divisor, $0, count) }
  }

  /// Every entry plus `value`.
  public static func + (vector: Vector, value: Element) -> Vector {
    var result = vector
    result += value
    return result
  }

  /// Every entry minus `value`.
  public static func - (vector: Vector, value: Element) -> Vector { vector + -value }

  /// Adds `value` to every entry.
  public static func += (vector: inout Vector, value: Element) {
    let count = vector.count
    vector.withUnsafeMutableBase { Element._kernels.table.addValue(value, $0, count) }
  }

  /// Subtracts `value` from every entry.
  public static func -= (vector: inout Vector, value: Element) { vector += -value }

  /// The outer product xyᵀ, an m×n matrix of m entries times n entries.
  public func outerProduct(with other: Vector) -> Matrix<Element> {
    let columns = other.count
    return Matrix(rows: count, columns: columns) { buffer in
      guard let base = buffer.baseAddress else { return }
      other.withUnsafeBase { factors in
        for i in 0..<count {
          (base + i * columns).update(repeating: self[i], count: columns)
          Element._kernels.table.multiply(factors, base + i * columns, columns)
        }
      }
    }
  }
}
