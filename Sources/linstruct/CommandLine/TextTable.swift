import Foundation

/// Columns of text, the first aligned left, the others right.
struct TextTable {
  private var rows: [[String]]

  init(_ header: [String]) { rows = [header] }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { cells in
      zip(cells, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + padding : padding + cell.0
      }
      .joined(separator: "  ")
    }
    .joined(separator: "\n")
  }
}

/// A number with so many significant digits, `–` where it is undefined.
func shown(_ value: Double?, digits: Int = 4) -> String {
  guard let value else { return "–" }
  return String(format: "%.\(digits)g", value)
}
