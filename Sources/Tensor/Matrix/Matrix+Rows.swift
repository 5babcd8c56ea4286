extension Matrix {
  /// The rows in order, each a view.
  ///
  /// ```swift
  /// for row in a.rowVectors { print(row.norm) }
  /// ```
  public var rowVectors: some RandomAccessCollection<Vector<Element>> { (0..<rows).lazy.map(row) }

  /// The columns in order, each a copy.
  public var columnVectors: some RandomAccessCollection<Vector<Element>> { (0..<columns).lazy.map(column) }

  /// Column `j`: a copy, or a view where the column has no gaps. O(m).
  public func column(_ j: Int) -> Vector<Element> {
    require(j >= 0 && j < columns, "column \(j) of a \(shapeDescription) matrix")
    return view(0..<rows, j..<j + 1).flattened
  }

  /// The rows at these positions, in their order; a copy.
  public func rows(at positions: some Collection<Int>) -> Matrix {
    Matrix(rows: positions.count, columns: columns) { buffer in
      withUnsafeBase { base in
        for (target, i) in positions.enumerated() {
          require(i >= 0 && i < rows, "row \(i) of a \(shapeDescription) matrix")
          if columns > 0, let start = buffer.baseAddress {
            (start + target * columns).update(from: base + i * rowStride, count: columns)
          }
        }
      }
    }
  }

  /// The entries as one vector in row-major order: a view where rows have no gaps, else a copy.
  public var flattened: Vector<Element> {
    let packed = compacted()
    return Vector(storage: packed.storage, first: packed.first, count: count)
  }

  /// The diagonal, min(m, n) entries. O(min(m, n)).
  public var diagonal: Vector<Element> {
    // As a column whose neighbours are one row and one entry apart.
    Matrix(
      rows: Swift.min(rows, columns), columns: 1, rowStride: rowStride + 1, storage: storage, first: first
    ).flattened
  }

  /// Replaces row `i`. Traps where the count differs from ``columns``.
  public mutating func setRow(_ i: Int, to vector: Vector<Element>) {
    require(i >= 0 && i < rows, "row \(i) of a \(shapeDescription) matrix")
    require(vector.count == columns, "\(vector.count) entries for a row of \(columns)")
    withUnsafeMutableBase { base, rowStride in
      vector.withUnsafeBase { (base + i * rowStride).update(from: $0, count: vector.count) }
    }
  }

  /// Adds `factor` times `vector` to row `i`. Traps where the count differs from ``columns``.
  public mutating func addToRow(_ i: Int, _ vector: Vector<Element>, scaledBy factor: Element = 1) {
    require(i >= 0 && i < rows, "row \(i) of a \(shapeDescription) matrix")
    require(vector.count == columns, "\(vector.count) entries for a row of \(columns)")
    withUnsafeMutableBase { base, rowStride in
      vector.withUnsafeBase {
        BLAS.axpy(vector.count, factor, $0, to: base + i * rowStride)
      }
    }
  }
}
