/// A matrix and a number: `2 * m`, `m / 2`, `m + 1`, `m -= 1`.
extension Matrix {
  /// Multiplies every entry by `factor`. One flop for each.
  public mutating func scale(by factor: Element) {
    updateRows { row, count in BLAS.scal(count, factor, row) }
  }

  /// The matrix with every entry multiplied by `factor`.
  public func scaled(by factor: Element) -> Matrix {
    var result = self
    result.scale(by: factor)
    return result
  }

  /// Every entry times `factor`.
  public static func * (factor: Element, matrix: Matrix) -> Matrix { matrix.scaled(by: factor) }

  /// Every entry times `factor`.
  public static func * (matrix: Matrix, factor: Element) -> Matrix { matrix.scaled(by: factor) }

  /// Multiplies every entry by `factor`.
  public static func *= (matrix: inout Matrix, factor: Element) { matrix.scale(by: factor) }

  /// Every entry divided by `divisor`; x/0 is infinite or NaN.
  public static func / (matrix: Matrix, divisor: Element) -> Matrix {
    var result = matrix
    result /= divisor
    return result
  }

  /// Divides every entry by `divisor`; x/0 is infinite or NaN.
  public static func /= (matrix: inout Matrix, divisor: Element) {
    matrix.updateRows { row, count in Element._kernels.table.divideByValue(divisor, row, count) }
  }

  /// Every entry plus `value`.
  public static func + (matrix: Matrix, value: Element) -> Matrix {
    var result = matrix
    result += value
    return result
  }

  /// Every entry minus `value`.
  public static func - (matrix: Matrix, value: Element) -> Matrix { matrix + -value }

  /// Adds `value` to every entry.
  public static func += (matrix: inout Matrix, value: Element) {
    matrix.updateRows { row, count in Element._kernels.table.addValue(value, row, count) }
  }

  /// Subtracts `value` from every entry.
  public static func -= (matrix: inout Matrix, value: Element) { matrix += -value }

  /// Every entry negated.
  public static prefix func - (matrix: Matrix) -> Matrix { matrix.scaled(by: -1) }

  /// Calls `update` with the entries of each row.
  mutating func updateRows(_ update: (UnsafeMutablePointer<Element>, Int) -> Void) {
    let (rows, columns) = (rows, columns)
    withUnsafeMutableBase { base, rowStride in
      for i in 0..<rows { update(base + i * rowStride, columns) }
    }
  }
}
