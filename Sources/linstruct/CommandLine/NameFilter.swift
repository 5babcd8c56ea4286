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

  /// The names that match.
  ///
  /// - Parameter url: where they come from, for the error.
  /// - Throws: where no name matches: the pattern is then mistaken, and the names that there are help to mend it.
  func choose(_ names: [String], in url: URL) throws -> [String] {
    let chosen = names.filter(matches)
    guard chosen.isEmpty, let filter else { return chosen }
    let known = names.isEmpty ? "there are none" : "there are \(shortList(of: names).joined(separator: ", "))"
    throw CommandError.data("\(url.relativePath): --include \(filter.pattern) matches no name; \(known)")
  }
}
