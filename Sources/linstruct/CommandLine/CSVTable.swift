/// The rows of a report as comma-separated values (RFC 4180), made from the objects that JSON prints: one column for
/// each key, numbers in full precision, and an empty cell for what is undefined.
///
/// A list fills numbered columns, `energy_1`, `energy_2`, …; the members of an object follow its key, `left_p`.
struct CSVTable {
  private var columns: [String]
  private var rows: [[String: String]] = []
  /// The keys that hold a list or an object in some row. A row in which such a key is null gives it no column.
  private var nested: Set<String> = []

  /// - Parameter columns: the columns that stand first, also where there are no rows.
  init(_ objects: [JSON], columns: [String] = ["name"]) {
    self.columns = columns
    for object in objects {
      var cells: [(column: String, cell: String)] = []
      flatten(object, into: &cells, at: "")
      insertColumns(cells.map(\.column))
      rows.append(Dictionary(cells.map { ($0.column, $0.cell) }) { first, _ in first })
    }
    self.columns.removeAll(where: nested.contains)
  }

  /// The lines, each ended by carriage return and line feed.
  var text: String {
    let lines = rows.map { row in columns.map { row[$0] ?? "" } }
    return ([columns] + lines).map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  /// Adds the columns that no earlier row had, each after its left neighbour in the row that has it.
  private mutating func insertColumns(_ found: [String]) {
    guard found != columns else { return }
    var known = Set(columns)
    var position = 0
    for column in found {
      if known.insert(column).inserted {
        columns.insert(column, at: position)
        position += 1
      } else {
        position = (columns.firstIndex(of: column) ?? columns.count - 1) + 1
      }
    }
  }

  private mutating func flatten(
    _ value: JSON, into cells: inout [(column: String, cell: String)], at column: String
  ) {
    func below(_ key: String) -> String { column.isEmpty ? key : "\(column)_\(key)" }
    switch value {
    case .object(let members):
      nested.insert(column)
      for (key, member) in members { flatten(member, into: &cells, at: below(key)) }
    case .list(let values):
      nested.insert(column)
      for (i, member) in values.enumerated() { flatten(member, into: &cells, at: below("\(i + 1)")) }
    case .null: cells.append((column, ""))
    case .text(let text): cells.append((column, text))
    case .bool, .integer, .number: cells.append((column, value.serialized()))
    }
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
