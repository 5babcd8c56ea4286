extension Matrix {
  /// Entry (i, j). Traps outside of the shape. O(1), after a copy where shared storage is written.
  @inlinable public subscript(i: Int, j: Int) -> Element {
    get {
      require(
        i >= 0 && i < rows && j >= 0 && j < columns, "entry [\(i), \(j)] of a \(shapeDescription) matrix")
      return storage.base[offset &+ i &* rowStride &+ j]
    }
    set {
      require(
        i >= 0 && i < rows && j >= 0 && j < columns, "entry [\(i), \(j)] of a \(shapeDescription) matrix")
      makeUnique()
      storage.base[offset &+ i &* rowStride &+ j] = newValue
    }
  }

  /// Column `j`, copied out. O(m).
  public func column(_ j: Int) -> Vector<Element> {
    require(j >= 0 && j < columns, "column \(j) of a \(shapeDescription) matrix")
    return Vector(count: rows) { buffer in
      withUnsafeBase { base in
        for i in 0..<rows { buffer[i] = base[i * rowStride + j] }
      }
    }
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
        Element._kernels.table.axpy(blasInt(vector.count), factor, $0, 1, base + i * rowStride, 1)
      }
    }
  }

  /// The rows in order, each a view.
  public var rowVectors: some RandomAccessCollection<Vector<Element>> { (0..<rows).lazy.map(row) }

  /// The columns in order, each a copy.
  public var columnVectors: some RandomAccessCollection<Vector<Element>> { (0..<columns).lazy.map(column) }

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
  public var flattened: Vector<Element> { compactedVector() }

  /// The diagonal, min(m, n) entries.
  public var diagonal: Vector<Element> {
    let count = Swift.min(rows, columns)
    return Vector(count: count) { buffer in
      withUnsafeBase { base in
        for i in 0..<count { buffer[i] = base[i * rowStride + i] }
      }
    }
  }

  /// Throws the position of the first entry that is NaN or infinite.
  ///
  /// LAPACK never sees such an entry: some of its routines run for ever on an infinity.
  /// - Complexity: one pass over the entries.
  public func checkFinite() throws(LinearAlgebraError) {
    let found = withUnsafeBase { base in
      inParts(rows, flops: 4 * Double(count)) { range -> (Int, Int)? in
        if isContiguous {
          let first = range.lowerBound * columns
          return Element._kernels.table.firstNonFinite(base + first, range.count * columns)
            .map { ((first + $0) / columns, (first + $0) % columns) }
        }
        for i in range {
          if let j = Element._kernels.table.firstNonFinite(base + i * rowStride, columns) { return (i, j) }
        }
        return nil
      }
    }.compactMap(\.self).first
    if let (row, column) = found { throw .notFinite(row: row, column: column) }
  }
}

extension Matrix: Equatable {
  /// Whether shape and entries are the same; as for scalars, NaN equals nothing.
  public static func == (left: Matrix, right: Matrix) -> Bool {
    left.rows == right.rows && left.columns == right.columns
      && (0..<left.rows).allSatisfy { left.row($0) == right.row($0) }
  }
}

extension Matrix: Codable {
  private enum CodingKeys: CodingKey {
    case rows
    case columns
    case entries
  }

  /// Reads `rows`, `columns` and the `entries` in row-major order.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let rows = try container.decode(Int.self, forKey: .rows)
    let columns = try container.decode(Int.self, forKey: .columns)
    let entries = try container.decode([Element].self, forKey: .entries)
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows >= 0, columns >= 0, !overflow, count == entries.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .entries, in: container,
        debugDescription: "\(entries.count) entries for a \(rows)x\(columns) matrix")
    }
    self.init(rows: rows, columns: columns, entries: entries)
  }

  /// Writes `rows`, `columns` and the `entries` in row-major order.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rows, forKey: .rows)
    try container.encode(columns, forKey: .columns)
    try container.encode(Array(flattened), forKey: .entries)
  }
}
