/// A matrix and one vector for all of its rows or columns: `m - m.mean(over: .rows)`, `m.scaled(.rows, by: weights)`.
extension Matrix {
  /// Every row plus `row`. Traps where the numbers of entries differ.
  public static func + (matrix: Matrix, row: Vector<Element>) -> Matrix {
    var result = matrix
    result += row
    return result
  }

  /// Every row minus `row`. Traps where the numbers of entries differ.
  public static func - (matrix: Matrix, row: Vector<Element>) -> Matrix {
    var result = matrix
    result -= row
    return result
  }

  /// Adds `row` to every row. Traps where the numbers of entries differ.
  public static func += (matrix: inout Matrix, row: Vector<Element>) { matrix.addToRows(row, scaledBy: 1) }

  /// Subtracts `row` from every row. Traps where the numbers of entries differ.
  public static func -= (matrix: inout Matrix, row: Vector<Element>) { matrix.addToRows(row, scaledBy: -1) }

  /// Multiplies row i (`.rows`) or column i (`.columns`) by entry i of `factors`.
  ///
  /// Diag(f)·A or A·Diag(f), without forming the diagonal matrix. Traps where the number of factors differs from that
  /// of the rows or columns.
  /// - Complexity: mn flops.
  public mutating func scale(_ axis: MatrixAxis, by factors: Vector<Element>) {
    let count = axis == .rows ? rows : columns
    require(
      factors.count == count, "\(factors.count) factors for the \(count) \(axis) of a \(shapeDescription) matrix")
    let table = Element._kernels.table
    switch axis {
    case .rows:
      let (rows, columns) = (rows, columns)
      withUnsafeMutableBase { base, rowStride in
        for i in 0..<rows { BLAS.scal(columns, factors[i], base + i * rowStride) }
      }
    case .columns:
      factors.withUnsafeBase { factors in updateRows { row, count in table.multiply(factors, row, count) } }
    }
  }

  /// The matrix with row i (`.rows`) or column i (`.columns`) multiplied by entry i of `factors`.
  ///
  /// Traps where the number of factors differs from that of the rows or columns.
  public func scaled(_ axis: MatrixAxis, by factors: Vector<Element>) -> Matrix {
    var result = self
    result.scale(axis, by: factors)
    return result
  }

  private mutating func addToRows(_ row: Vector<Element>, scaledBy factor: Element) {
    require(row.count == columns, "a vector of \(row.count) entries for the rows of a \(shapeDescription) matrix")
    row.withUnsafeBase { entries in
      updateRows { target, count in BLAS.axpy(count, factor, entries, to: target) }
    }
  }
}

/// Means are in double precision whatever the matrix holds; these operators take them as they are.
extension Matrix {
  /// Every row plus `row`, rounded to the element type first. Traps where the numbers of entries differ.
  @_disfavoredOverload
  public static func + (matrix: Matrix, row: Vector<Double>) -> Matrix { matrix + Vector<Element>(row) }

  /// Every row minus `row`, rounded to the element type first. Traps where the numbers of entries differ.
  @_disfavoredOverload
  public static func - (matrix: Matrix, row: Vector<Double>) -> Matrix { matrix - Vector<Element>(row) }

  /// Adds `row`, rounded to the element type first, to every row. Traps where the numbers of entries differ.
  @_disfavoredOverload
  public static func += (matrix: inout Matrix, row: Vector<Double>) { matrix += Vector<Element>(row) }

  /// Subtracts `row`, rounded to the element type first, from every row. Traps where the numbers of entries differ.
  @_disfavoredOverload
  public static func -= (matrix: inout Matrix, row: Vector<Double>) { matrix -= Vector<Element>(row) }
}
