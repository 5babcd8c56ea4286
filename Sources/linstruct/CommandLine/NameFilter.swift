import Foundation
import LinearStructures

/// The names that `--include REGEX` chooses: those that hold a match.
struct NameFilter: Sendable {
  private let filter: (pattern: String, expression: NSRegularExpression)?

  init(_ pattern: String?) throws {
    do { filter = try pattern.map { ($0, try NSRegularExpression(pattern: $0)) } } catch {
      throw CommandError.usage("--include \(pattern ?? "") is not a regular expression")
    }
  }

  func matches(_ name: String) -> Bool {
    guard let filter else { return true }
    return filter.expression.firstMatch(in: name, range: NSRange(name.startIndex..., in: name)) != nil
  }

  /// The items whose name matches.
  ///
  /// - Parameter path: where they come from, for the error.
  /// - Throws: where no name matches: the pattern is then mistaken, and the names that there are help to mend it.
  func choose<Item>(_ items: [Item], by name: (Item) -> String, in path: String) throws -> [Item] {
    let chosen = items.filter { matches(name($0)) }
    guard chosen.isEmpty, let filter else { return chosen }
    let names = shortList(of: items.map(name))
    let known = names.isEmpty ? "there are none" : "there are \(names.joined(separator: ", "))"
    throw CommandError.data("\(path): --include \(filter.pattern) matches no name; \(known)")
  }
}
