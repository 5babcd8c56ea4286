extension Matrix {
  /// A matrix whose entries `initialize` writes, row by row.
  ///
  /// - Parameters:
  ///   - rows: m ≥ 0.
  ///   - columns: n ≥ 0; m·n must fit into memory.
  ///   - initialize: gets m·n entries with undefined values and must write every one.
  /// - Throws: what `initialize` throws.
  public init<Failure: Error>(
    rows: Int, columns: Int,
    initializingWith initialize: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    self.init(.undefined, rows: rows, columns: columns)
    try initialize(UnsafeMutableBufferPointer(start: first, count: count))
  }

  /// The matrix with entry (i, j) equal to `entry(i, j)`, which is called row by row. O(mn).
  @inlinable public init<Failure: Error>(
    rows: Int, columns: Int, entry: (_ i: Int, _ j: Int) throws(Failure) -> Element
  ) throws(Failure) {
    try self.init(rows: rows, columns: columns) { (buffer) throws(Failure) in
      for i in 0..<rows {
        for j in 0..<columns { buffer[i * columns + j] = try entry(i, j) }
      }
    }
  }

  /// The matrix whose entries are all `value`. O(mn).
  public init(repeating value: Element, rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns) { $0.update(repeating: value) }
  }

  /// The matrix of zeros. Large ones take no time until they are read or written.
  public static func zeros(rows: Int, columns: Int) -> Matrix {
    Matrix(.zeros, rows: rows, columns: columns)
  }

  /// The identity of order n, n×n. O(n²).
  public static func identity(_ n: Int) -> Matrix { diagonal(Vector(repeating: 1, count: n)) }

  /// The square matrix with `entries` on its diagonal and zeros elsewhere. O(n²).
  public static func diagonal(_ entries: Vector<Element>) -> Matrix {
    var result = zeros(rows: entries.count, columns: entries.count)
    for i in 0..<entries.count { result[i, i] = entries[i] }
    return result
  }

  /// The matrix with the rows of `parts` below each other. Traps on unequal column counts. O(mn).
  public init(stackingRows parts: [Matrix]) {
    let columns = parts.first?.columns ?? 0
    for part in parts {
      require(part.columns == columns, "rows of \(part.columns) and \(columns) columns cannot be stacked")
    }
    self.init(rows: parts.reduce(0) { $0 + $1.rows }, columns: columns) { buffer in
      var start = 0
      for part in parts {
        part.copyRows(to: buffer.baseAddress.map { $0 + start * columns }, stride: columns)
        start += part.rows
      }
    }
  }
}
