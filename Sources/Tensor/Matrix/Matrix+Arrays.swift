extension Matrix: ExpressibleByArrayLiteral {
  /// The matrix with the listed rows, `[[1, 2], [3, 4]]`. Traps where they have different counts.
  public init(arrayLiteral rows: [Element]...) { self.init(rows) }

  /// The matrix with these rows, which must have equal counts. No rows give a 0x0 matrix.
  public init(_ rows: [[Element]]) {
    let columns = rows.first?.count ?? 0
    for (i, row) in rows.enumerated() {
      require(row.count == columns, "row \(i) has \(row.count) entries, row 0 has \(columns)")
    }
    self.init(rows: rows.count, columns: columns) { buffer in
      for (i, row) in rows.enumerated() {
        _ = UnsafeMutableBufferPointer(rebasing: buffer[(i * columns)..<((i + 1) * columns)])
          .update(fromContentsOf: row)
      }
    }
  }

  /// The matrix whose entries in row-major order are `entries`, of which there must be rows·columns.
  public init(rows: Int, columns: Int, entries: some Collection<Element>) {
    require(
      entries.count == rows * columns, "\(entries.count) entries for a \(rows)x\(columns) matrix")
    self.init(rows: rows, columns: columns) { buffer in
      _ = buffer.update(fromContentsOf: entries)
    }
  }
}

extension Array where Element: MatrixScalar {
  /// The entries of a matrix in row-major order. O(mn).
  public init(_ matrix: Matrix<Element>) {
    self.init(unsafeUninitializedCapacity: matrix.count) { buffer, count in
      matrix.copyRows(to: buffer.baseAddress, stride: matrix.columns)
      count = matrix.count
    }
  }

  /// The entries of a vector. O(n).
  public init(_ vector: Vector<Element>) { self.init(Matrix(row: vector)) }
}

extension Array {
  /// The rows of a matrix, each an array: `[[Float]](matrix)`. O(mn).
  @_disfavoredOverload
  public init<Scalar>(_ matrix: Matrix<Scalar>) where Element == [Scalar] {
    self = matrix.rowVectors.map { [Scalar]($0) }
  }
}
