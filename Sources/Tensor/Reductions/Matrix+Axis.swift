extension Matrix {
  /// The sum of all entries in float64, row by row; 0 without entries. NaN and infinities propagate.
  public var sum: Double { sum(over: .columns).reduce(0, +) }

  /// The mean of all entries in float64; 0/0, NaN, without entries.
  public var mean: Double { sum / Double(count) }

  /// The smallest entry; NaN where an entry is NaN, or without entries.
  public var minimum: Element { minimum(over: .columns).min() ?? .nan }

  /// The largest entry; NaN where an entry is NaN, or without entries.
  public var maximum: Element { maximum(over: .columns).max() ?? .nan }

  /// The rows added up (`.rows`), Σᵢ aᵢⱼ, n sums; or the columns added up (`.columns`), Σⱼ aᵢⱼ, m sums.
  ///
  /// In float64; NaN and infinities propagate, and a sum of nothing is 0.
  /// - Complexity: one pass over the entries.
  public func sum(over axis: MatrixAxis) -> Vector<Double> {
    switch axis {
    case .rows: columnSums(Element._kernels.table.accumulate)
    case .columns: ofEachRow(Element._kernels.table.sum)
    }
  }

  /// The mean row (`.rows`), Σᵢ aᵢⱼ/m, n entries; or the mean column (`.columns`), Σⱼ aᵢⱼ/n, m entries.
  ///
  /// In float64; NaN and infinities propagate, and a mean of nothing is 0/0, NaN.
  /// - Complexity: one pass over the entries.
  public func mean(over axis: MatrixAxis) -> Vector<Double> {
    var sums = sum(over: axis)
    sums.scale(by: 1 / Double(axis == .rows ? rows : columns))
    return sums
  }

  /// The smallest entries: of each column (`.rows`), minᵢ aᵢⱼ, n of them; or of each row (`.columns`), minⱼ aᵢⱼ, m.
  ///
  /// NaN where one of the entries is NaN, or where there is none.
  /// - Complexity: one pass over the entries.
  public func minimum(over axis: MatrixAxis) -> Vector<Element> {
    let table = Element._kernels.table
    return extreme(over: axis, fold: table.lower, ofRow: table.minimum)
  }

  /// The largest entries: of each column (`.rows`), maxᵢ aᵢⱼ, n of them; or of each row (`.columns`), maxⱼ aᵢⱼ, m.
  ///
  /// NaN where one of the entries is NaN, or where there is none.
  /// - Complexity: one pass over the entries.
  public func maximum(over axis: MatrixAxis) -> Vector<Element> {
    let table = Element._kernels.table
    return extreme(over: axis, fold: table.raise, ofRow: table.maximum)
  }

  private func extreme(
    over axis: MatrixAxis, fold: (UnsafePointer<Element>, UnsafeMutablePointer<Element>, Int) -> Void,
    ofRow: (UnsafePointer<Element>, Int) -> Element
  ) -> Vector<Element> {
    switch axis {
    case .rows:
      guard rows > 0 else { return Vector(repeating: .nan, count: columns) }
      var result = row(0)
      result.withUnsafeMutableBase { target in
        withUnsafeBase { base in
          for i in 1..<rows { fold(base + i * rowStride, target, columns) }
        }
      }
      return result
    case .columns:
      return ofEachRow(ofRow)
    }
  }

  /// The result of `reduce` for each row.
  private func ofEachRow<Scalar>(_ reduce: (UnsafePointer<Element>, Int) -> Scalar) -> Vector<Scalar> {
    Vector(count: rows) { target in
      withUnsafeBase { base in
        for i in 0..<rows { target[i] = reduce(base + i * rowStride, columns) }
      }
    }
  }

  /// The columns added up in float64 by `accumulate`, which adds a row to the sums.
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
