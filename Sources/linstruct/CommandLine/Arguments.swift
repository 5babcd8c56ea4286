import Foundation

/// An option of a command.
struct Option: Sendable {
  let name: String
  /// What stands for the value in the help; `nil` for a switch.
  let value: String?
  let help: String

  init(_ name: String, _ value: String? = nil, _ help: String) {
    self.name = name
    self.value = value
    self.help = help
  }

  /// The options that every command takes.
  static let common = [
    Option("json", "print one JSON object instead of text"),
    Option("seed", "N", "seed of everything random (default 24301)"),
    Option("threads", "N", "threads for linear algebra (default: all cores)"),
    Option("help", "print this help"),
  ]

  private init(_ name: String, _ help: String) { self.init(name, nil, help) }
}

/// The words after a command, sorted into operands and options.
struct Arguments {
  private(set) var operands: [String] = []
  private var values: [String: String] = [:]

  /// Sorts `words` by the declared options. `--name value` and `--name=value` are the same; `--` ends options.
  init(_ words: [String], options: [Option]) throws {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      guard word.hasPrefix("-"), word != "-", Double(word) == nil else {
        operands.append(word)
        continue
      }
      if word == "-h" {
        values["help"] = ""
        continue
      }
      guard word.hasPrefix("--") else { throw CommandError.usage("unknown option \(word)") }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = options.first(where: { $0.name == name }) else {
        throw CommandError.usage("unknown option --\(name)")
      }
      guard values[name] == nil else { throw CommandError.usage("option --\(name) is given twice") }
      if option.value == nil {
        guard parts.count == 1 else { throw CommandError.usage("option --\(name) takes no value") }
        values[name] = ""
      } else if parts.count == 2 {
        values[name] = String(parts[1])
      } else {
        guard let value = rest.popFirst() else { throw CommandError.usage("option --\(name) needs a value") }
        values[name] = value
      }
    }
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  func text(_ name: String) -> String? { values[name] }

  func required(_ name: String) throws -> String {
    guard let value = values[name] else { throw CommandError.usage("option --\(name) is missing") }
    return value
  }

  /// Refuses an option that the contract names but that does not work yet.
  func refuse(_ name: String, _ condition: (String) -> Bool = { _ in true }) throws {
    if let value = values[name], condition(value) {
      throw CommandError.usage("--\(name)\(value.isEmpty ? "" : " \(value)") is not built yet")
    }
  }

  /// A whole number in `range`, `nil` where the option is absent.
  func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = values[name] else { return nil }
    guard let value = Int(text), range.contains(value) else {
      let bounds =
        range.upperBound == .max ? "from \(range.lowerBound) on" : "in \(range.lowerBound)...\(range.upperBound)"
      throw CommandError.usage("--\(name) must be a whole number \(bounds), not \(text)")
    }
    return value
  }

  /// A finite number in `range`, `nil` where the option is absent.
  func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let text = values[name] else { return nil }
    guard let value = Double(text), value.isFinite, range.contains(value) else {
      let bounds =
        range.upperBound == .infinity ? "from \(range.lowerBound) on" : "in \(range.lowerBound)...\(range.upperBound)"
      throw CommandError.usage("--\(name) must be a number \(bounds), not \(text)")
    }
    return value
  }

  /// The operands, of which there must be as many as names.
  func operands(_ names: String...) throws -> [String] {
    guard operands.count <= names.count else {
      throw CommandError.usage("unexpected argument \(operands[names.count])")
    }
    guard operands.count == names.count else {
      throw CommandError.usage("argument \(names[operands.count]) is missing")
    }
    return operands
  }
}
