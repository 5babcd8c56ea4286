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

  /// The mean of the rows, n entries in float64; NaN where there are no rows.
  ///
  /// - Complexity: one pass over the entries.
  public var meanRow: Vector<Double> {
    var sums = columnSums(Element._kernels.table.accumulate)
    sums.scale(by: 1 / Double(rows))
    return sums
  }

  /// Subtracts `mean` from every row. Traps where the counts differ.
  public mutating func centerRows(by mean: Vector<Double>) {
    require(mean.count == columns, "a mean of \(mean.count) entries for rows of \(columns)")
    let shift: Vector<Element> = mean.converted()
    let (rows, columns) = (rows, columns)
    withUnsafeMutableBase { base, rowStride in
      shift.withUnsafeBase { x in
        for i in 0..<rows { Element._kernels.table.axpy(blasInt(columns), -1, x, 1, base + i * rowStride, 1) }
      }
    }
  }

  /// The rows minus their mean.
  public func centeredRows() -> Matrix {
    var result = self
    result.centerRows(by: meanRow)
    return result
  }

  func columnSums(
    _ accumulate: (UnsafePointer<Element>, UnsafeMutablePointer<Double>, Int) -> Void
  ) -> Vector<Double> {
    Vector(count: columns) { sums in
      sums.update(repeating: 0)
      guard let target = sums.baseAddress else { return }
      withUnsafeBase { base in
        for i in 0..<rows { accumulate(base + i * rowStride, target, columns) }
      }
    }
  }
}
