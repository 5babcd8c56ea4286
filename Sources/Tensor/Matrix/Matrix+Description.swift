#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Matrix: CustomStringConvertible {
  /// A small table under the shape: six significant digits, at most eight rows and columns, the middle left out.
  public var description: String {
    NumberText.table("\(shapeDescription) \(Element.self)", rows: rows, columns: columns) { self[$0, $1] }
  }
}

extension Transposed: CustomStringConvertible {
  /// A small table under the shape, as that of the transpose copied out.
  public var description: String {
    NumberText.table("\(rows)x\(columns) \(Element.self), transposed", rows: rows, columns: columns) { self[$0, $1] }
  }
}

extension Vector: CustomStringConvertible {
  /// The entries in brackets, six significant digits. Beyond twelve the middle is left out and the count follows.
  public var description: String {
    let cells = NumberText.positions(count, limit: 12).map { $0.map { NumberText.number(self[$0]) } ?? "…" }
    return "[" + cells.joined(separator: ", ") + "]" + (count > 12 ? " (\(count) entries)" : "")
  }
}

/// Numbers as short text for tables.
package enum NumberText {
  /// A heading, and under it at most eight rows and columns, right-aligned.
  static func table<Scalar: MatrixScalar>(
    _ heading: String, rows: Int, columns: Int, entry: (_ i: Int, _ j: Int) -> Scalar
  ) -> String {
    let shownColumns = positions(columns, limit: 8)
    let cells = positions(rows, limit: 8).map { i -> [String] in
      guard let i else { return shownColumns.map { _ in "⋮" } }
      return shownColumns.map { j in j.map { number(entry(i, $0)) } ?? "…" }
    }
    let widths = shownColumns.indices.map { j in cells.map { $0[j].count }.max() ?? 0 }
    let lines = cells.map { row in
      zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
    }
    return ([heading] + (columns > 0 ? lines : [])).joined(separator: "\n")
  }

  /// The positions to show of `count`, with nil where the middle is left out.
  package static func positions(_ count: Int, limit: Int) -> [Int?] {
    if count <= limit { return Array(0..<count) }
    let head = limit / 2
    let tail = limit - head - 1
    return Array(0..<head) + [nil] + Array((count - tail)..<count)
  }

  /// Six significant digits, as `%g` of C writes them.
  static func number(_ value: some MatrixScalar) -> String {
    var text = [CChar](repeating: 0, count: 32)
    _ = withVaList([Double(value)]) { vsnprintf(&text, text.count, "%.6g", $0) }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
