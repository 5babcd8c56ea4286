extension Matrix {
  /// The sum, entry by entry. Traps on unequal shapes.
  public static func + (left: Matrix, right: Matrix) -> Matrix {
    var result = left
    result += right
    return result
  }

  /// The difference, entry by entry. Traps on unequal shapes.
  public static func - (left: Matrix, right: Matrix) -> Matrix {
    var result = left
    result -= right
    return result
  }

  /// Adds entry by entry. Traps on unequal shapes.
  public static func += (left: inout Matrix, right: Matrix) { left.add(right) }

  /// Subtracts entry by entry. Traps on unequal shapes.
  public static func -= (left: inout Matrix, right: Matrix) { left.add(right, scaledBy: -1) }

  /// Adds `factor` times `other`, entry by entry. Traps on unequal shapes.
  public mutating func add(_ other: Matrix, scaledBy factor: Element = 1) {
    updateRows(with: other, "sum") { x, y, count in BLAS.axpy(count, factor, x, to: y) }
  }

  /// Multiplies by `other` entry by entry (Hadamard product). Traps on unequal shapes.
  public mutating func multiplyElementwise(by other: Matrix) {
    updateRows(with: other, "elementwise product", Element._kernels.table.multiply)
  }

  /// The entries times those of `other` (Hadamard product). Traps on unequal shapes.
  public func multipliedElementwise(by other: Matrix) -> Matrix {
    var result = self
    result.multiplyElementwise(by: other)
    return result
  }

  /// Divides by `other` entry by entry. Traps on unequal shapes; x/0 is infinite or NaN.
  public mutating func divideElementwise(by other: Matrix) {
    updateRows(with: other, "elementwise quotient", Element._kernels.table.divide)
  }

  /// The entries divided by those of `other`. Traps on unequal shapes; x/0 is infinite or NaN.
  public func dividedElementwise(by other: Matrix) -> Matrix {
    var result = self
    result.divideElementwise(by: other)
    return result
  }

  private mutating func updateRows(
    with other: Matrix, _ operation: String,
    _ update: (UnsafePointer<Element>, UnsafeMutablePointer<Element>, Int) -> Void
  ) {
    require(
      rows == other.rows && columns == other.columns,
      "\(operation) of a \(shapeDescription) and a \(other.shapeDescription) matrix")
    let (rows, columns) = (rows, columns)
    withUnsafeMutableBase { target, targetStride in
      other.withUnsafeBase { source in
        for i in 0..<rows { update(source + i * other.rowStride, target + i * targetStride, columns) }
      }
    }
  }
}
