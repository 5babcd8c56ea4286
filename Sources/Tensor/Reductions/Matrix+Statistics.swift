extension Matrix {
  /// tr A = Σ aᵢᵢ over the min(m, n) diagonal entries, in float64.
  public var trace: Double { diagonal.reduce(0) { $0 + Double($1) } }

  /// ⟨A, B⟩ = Σ aᵢⱼbᵢⱼ in float64. Traps on unequal shapes.
  public func dot(_ other: Matrix) -> Double {
    require(
      rows == other.rows && columns == other.columns,
      "inner product of a \(shapeDescription) and a \(other.shapeDescription) matrix")
    return withUnsafeBase { a in
      other.withUnsafeBase { b in
        (0..<rows).reduce(0) {
          $0 + Element._kernels.table.dot(a + $1 * rowStride, b + $1 * other.rowStride, columns)
        }
      }
    }
  }

  /// The mean of the rows, n entries in float64; NaN where there are no rows. The same as `mean(over: .rows)`.
  ///
  /// - Complexity: one pass over the entries.
  public var meanRow: Vector<Double> { mean(over: .rows) }

  /// Subtracts `mean`, rounded to the element type, from every row. Traps where the counts differ.
  public mutating func centerRows(by mean: Vector<Double>) { self -= Vector<Element>(mean) }

  /// The rows minus their mean.
  public func centeredRows() -> Matrix {
    var result = self
    result.centerRows(by: meanRow)
    return result
  }
}
