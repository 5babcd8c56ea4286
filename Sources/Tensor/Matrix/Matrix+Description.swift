import Foundation

extension Matrix: CustomStringConvertible {
  /// A small table under the shape: six significant digits, at most eight rows and columns, the middle left out.
  public var description: String {
    let shown = TableText.positions(rows, limit: 8).map { i -> [String] in
      guard let i else { return Array(repeating: "⋮", count: TableText.positions(columns, limit: 8).count) }
      return TableText.cells(Array(row(i)), limit: 8)
    }
    let widths = (0..<(shown.first?.count ?? 0)).map { j in shown.map { $0[j].count }.max() ?? 0 }
    let lines = shown.map { cells in
      zip(cells, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
    }
    return (["\(shapeDescription) \(Element.self)"] + lines).joined(separator: "\n")
  }
}

/// Numbers as short text for tables.
enum TableText {
  /// The positions to show of `count`, with nil where the middle is left out.
  static func positions(_ count: Int, limit: Int) -> [Int?] {
    if count <= limit { return Array(0..<count) }
    let head = limit / 2
    let tail = limit - head - 1
    return Array(0..<head) + [nil] + Array((count - tail)..<count)
  }

  static func cells<S: MatrixScalar>(_ values: [S], limit: Int) -> [String] {
    positions(values.count, limit: limit).map { position in
      position.map { String(format: "%.6g", Double(values[$0])) } ?? "…"
    }
  }
}
