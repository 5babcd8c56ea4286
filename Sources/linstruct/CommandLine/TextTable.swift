import Foundation

/// Columns of text, the first aligned left, the others right, in at most 100 columns of the terminal.
///
/// In a table that would be wider, first the headers are broken at their spaces, and then the long names in the first
/// column lose their middle, so that one long name does not widen every row. JSON and CSV have the whole names.
struct TextTable {
  static let widthLimit = 100
  /// The terminal columns that a name keeps, however wide the other columns of the table are.
  private static let shortestName = 16
  private static let gap = "  "

  private let header: [String]
  private var rows: [[String]] = []

  init(_ header: [String]) { self.header = header }

  mutating func add(_ cells: [String]) { rows.append(cells.map(TerminalText.line)) }

  var text: String {
    var headers = [header]
    if width(of: headers) > Self.widthLimit { headers = brokenHeader }
    let excess = width(of: headers) - Self.widthLimit
    var shown = rows
    if excess > 0 {
      let limit = max(Self.shortestName, columnWidth(0, headers) - excess)
      for (i, name) in distinctlyShortened(rows.map { $0[0] }, to: limit).enumerated() { shown[i][0] = name }
    }
    let lines = headers + shown
    let widths = header.indices.map { column in lines.map { $0[column].width }.max() ?? 0 }
    return lines.map { aligned($0, widths) }.joined(separator: "\n")
  }

  private func aligned(_ cells: [String], _ widths: [Int]) -> String {
    let padded = zip(cells, widths).enumerated().map { column, cell in
      let padding = String(repeating: " ", count: cell.1 - cell.0.width)
      return column == 0 ? cell.0 + padding : padding + cell.0
    }
    let line = padded.joined(separator: Self.gap)
    return String(line.prefix(line.count - line.reversed().prefix { $0 == " " }.count))
  }

  private func columnWidth(_ column: Int, _ headers: [[String]]) -> Int {
    (headers + rows).map { $0[column].width }.max() ?? 0
  }

  private func width(of headers: [[String]]) -> Int {
    header.indices.reduce(Self.gap.count * (header.count - 1)) { $0 + columnWidth($1, headers) }
  }

  /// The header on as many lines as its longest cell has words, each cell standing on the lowest ones.
  private var brokenHeader: [[String]] {
    let words = header.map { $0.split(separator: " ").map(String.init) }
    let height = words.map(\.count).max() ?? 0
    return (0..<height).map { line in
      words.map { $0.count + line >= height ? $0[$0.count + line - height] : "" }
    }
  }
}

/// The names, the long ones cut to `limit` columns, at the place that leaves most of them different from each other.
/// The beginning that the long names have in common, up to a dot, is cut first.
func distinctlyShortened(_ names: [String], to limit: Int) -> [String] {
  let common = commonBeginning(of: names.filter { $0.width > limit })
  let shorter = names.map { $0.width > limit && !common.isEmpty ? "…" + $0.dropFirst(common.count) : $0 }
  var best: [String] = []
  var mostDistinct = -1
  for head in [0.5, 0.25, 0.75, 0.125] {
    let shortened = shorter.map { $0.shortened(to: limit, head: head) }
    let distinct = Set(shortened).count
    if distinct > mostDistinct { (best, mostDistinct) = (shortened, distinct) }
    if distinct == names.count { break }
  }
  return best
}

/// The beginning that two or more names have in common, up to and with its last dot; empty where there is none.
private func commonBeginning(of names: [String]) -> Substring {
  guard let first = names.first, names.count > 1 else { return "" }
  let common = names.dropFirst().reduce(first[...]) { common, name in
    common.prefix(zip(common, name).prefix { $0 == $1 }.count)
  }
  return common.lastIndex(of: ".").map { common[...$0] } ?? ""
}

/// A number with `digits` significant digits, `–` where it is undefined.
func shown(_ value: Double?, digits: Int = 4) -> String {
  guard let value else { return "–" }
  return String(format: "%.\(digits)g", value)
}
