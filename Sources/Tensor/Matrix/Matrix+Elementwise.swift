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

  /// Every entry negated.
  public static prefix func - (matrix: Matrix) -> Matrix { matrix.scaled(by: -1) }

  /// Adds entry by entry. Traps on unequal shapes.
  public static func += (left: inout Matrix, right: Matrix) { left.add(right) }

  /// Subtracts entry by entry. Traps on unequal shapes.
  public static func -= (left: inout Matrix, right: Matrix) { left.add(right, scaledBy: -1) }

  /// Every entry times `factor`.
  public static func * (factor: Element, matrix: Matrix) -> Matrix { matrix.scaled(by: factor) }

  /// Every entry times `factor`.
  public static func * (matrix: Matrix, factor: Element) -> Matrix { matrix.scaled(by: factor) }

  /// Every entry divided by `divisor`.
  public static func / (matrix: Matrix, divisor: Element) -> Matrix { matrix.map { $0 / divisor } }

  /// Adds `factor` times `other`, entry by entry. Traps on unequal shapes.
  public mutating func add(_ other: Matrix, scaledBy factor: Element = 1) {
    updateRows(with: other, "sum") { x, y, count in Element._kernels.table.axpy(blasInt(count), factor, x, 1, y, 1) }
  }

  /// Multiplies every entry by `factor`.
  public mutating func scale(by factor: Element) {
    let (rows, columns) = (rows, columns)
    withUnsafeMutableBase { base, rowStride in
      for i in 0..<rows { Element._kernels.table.scal(blasInt(columns), factor, base + i * rowStride, 1) }
    }
  }

  /// The matrix with every entry multiplied by `factor`.
  public func scaled(by factor: Element) -> Matrix {
    var result = self
    result.scale(by: factor)
    return result
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

  /// Every entry replaced by `transform` of it.
  @inlinable
  public func map<Other: MatrixScalar, Failure: Error>(
    _ transform: (Element) throws(Failure) -> Other
  ) throws(Failure) -> Matrix<Other> {
    try Matrix<Other>(rows: rows, columns: columns) { (target) throws(Failure) in
      try withUnsafeBase { (base) throws(Failure) in
        for i in 0..<rows {
          for j in 0..<columns { target[i * columns + j] = try transform(base[i * rowStride + j]) }
        }
      }
    }
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
