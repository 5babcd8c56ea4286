import Foundation

/// The tensors that `--include REGEX` chooses: those whose name holds a match.
struct NameFilter: Sendable {
  private let expression: NSRegularExpression?

  init(_ pattern: String?) throws {
    guard let pattern else {
      expression = nil
      return
    }
    do { expression = try NSRegularExpression(pattern: pattern) } catch {
      throw CommandError.usage("--include \(pattern) is not a regular expression")
    }
  }

  func matches(_ name: String) -> Bool {
    guard let expression else { return true }
    return expression.firstMatch(in: name, range: NSRange(name.startIndex..., in: name)) != nil
  }
}
