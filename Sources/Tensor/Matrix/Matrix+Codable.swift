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
    try container.encode(Array(self), forKey: .entries)
  }
}
