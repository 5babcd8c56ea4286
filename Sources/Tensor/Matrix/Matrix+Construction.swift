extension Matrix {
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

  /// The matrix with entry (i, j) equal to `entry(i, j)`.
  public init<Failure: Error>(
    rows: Int, columns: Int, entry: (_ i: Int, _ j: Int) throws(Failure) -> Element
  ) throws(Failure) {
    try self.init(rows: rows, columns: columns) { (buffer) throws(Failure) in
      for i in 0..<rows {
        for j in 0..<columns { buffer[i * columns + j] = try entry(i, j) }
      }
    }
  }

  /// The matrix whose entries are all `value`.
  public init(repeating value: Element, rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns) { $0.update(repeating: value) }
  }

  /// The matrix of zeros.
  public static func zeros(rows: Int, columns: Int) -> Matrix {
    Matrix(.zeros, rows: rows, columns: columns)
  }

  /// The identity of order n.
  public static func identity(_ n: Int) -> Matrix { diagonal(Vector(repeating: 1, count: n)) }

  /// The square matrix with `entries` on its diagonal and zeros elsewhere.
  public static func diagonal(_ entries: Vector<Element>) -> Matrix {
    var result = zeros(rows: entries.count, columns: entries.count)
    for i in 0..<entries.count { result[i, i] = entries[i] }
    return result
  }

  /// Independent standard normal entries, drawn row by row.
  public static func normal(
    rows: Int, columns: Int, using generator: inout SeededGenerator
  ) -> Matrix {
    Matrix(rows: rows, columns: columns) { buffer in
      var i = 0
      while i < buffer.count {
        let pair = generator.normalPair()
        buffer[i] = Element(pair.0)
        if i + 1 < buffer.count { buffer[i + 1] = Element(pair.1) }
        i += 2
      }
    }
  }

  /// Independent entries uniform in `range`, drawn row by row.
  public static func uniform(
    rows: Int, columns: Int, in range: Range<Element> = 0..<1, using generator: inout SeededGenerator
  ) -> Matrix {
    let width = range.upperBound - range.lowerBound
    return Matrix(rows: rows, columns: columns) { buffer in
      for i in buffer.indices {
        // Rounding to the element type may reach the upper bound, which the range excludes.
        let value = range.lowerBound + width * Element(generator.uniform())
        buffer[i] = value < range.upperBound ? value : range.lowerBound
      }
    }
  }

  /// The same matrix in another precision, rounded to nearest.
  public func converted<Other: MatrixScalar>(to type: Other.Type = Other.self) -> Matrix<Other> {
    if let same = self as? Matrix<Other> { return same }
    return Matrix<Other>(rows: rows, columns: columns) { target in
      let base = target.baseAddress
      withUnsafeBase { source in
        _ = inParts(rows, flops: 4 * Double(count)) { range in
          if isContiguous {
            let first = range.lowerBound * columns
            return convertEntries(source + first, base.map { $0 + first }, range.count * columns)
          }
          for i in range { convertEntries(source + i * rowStride, base.map { $0 + i * columns }, columns) }
        }
      }
    }
  }

  /// The matrix with the rows of `parts` below each other. Traps on unequal column counts.
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

/// y = x in another precision, through float64, which holds both exactly.
func convertEntries<S: MatrixScalar, D: MatrixScalar>(
  _ source: UnsafePointer<S>, _ target: UnsafeMutablePointer<D>?, _ count: Int
) {
  guard let target, count > 0 else { return }
  if D.self == Double.self {
    S._kernels.table.widen(source, UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self), count)
  } else if S.self == Double.self {
    D._kernels.table.narrow(UnsafeRawPointer(source).assumingMemoryBound(to: Double.self), target, count)
  } else {
    UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count * MemoryLayout<S>.stride)
  }
}
