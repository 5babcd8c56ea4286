import LinearStructures

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

  /// For the commands that print a table: they name it in their report.
  static let csv = Option("csv", "FILE", "write the table to FILE.csv too, numbers in full precision")

  /// The options that every command takes.
  static let common = [
    Option("json", "print one JSON object instead of text"),
    Option("seed", "N", "seed of everything random (default 24301)"),
    Option("threads", "N", "threads for linear algebra (default: all cores)"),
    Option("help", "print this help"),
  ]

  /// For commands that take a matrix or a model.
  static let integers = Option("integers", nil, "read whole numbers as numbers; packed codes are refused all the same")

  private init(_ name: String, _ help: String) { self.init(name, nil, help) }
}

/// `; did you mean …?`, or nothing where nothing is near.
func question(_ near: [String]) -> String {
  near.isEmpty ? "" : "; did you mean \(near.prefix(3).joined(separator: " or "))?"
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
      guard word.hasPrefix("--") else { throw unknown(word, options) }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = options.first(where: { $0.name == name }) else { throw unknown("--\(name)", options) }
      guard values[name] == nil else { throw CommandError.usage("option --\(name) is given twice") }
      if option.value == nil {
        guard parts.count == 1 else { throw CommandError.usage("option --\(name) takes no value") }
        values[name] = ""
      } else {
        values[name] = try value(of: name, parts.count == 2 ? String(parts[1]) : nil, &rest)
      }
    }
    guard !operands.contains("") else { throw CommandError.usage("an argument is empty") }
  }

  /// The value of an option: what stands after `=`, else the next word.
  ///
  /// A next word that looks like an option is taken as one, and the value as forgotten.
  private func value(of name: String, _ attached: String?, _ rest: inout ArraySlice<String>) throws -> String {
    let value = attached ?? rest.popFirst()
    guard let value, !value.isEmpty else { throw CommandError.usage("option --\(name) needs a value") }
    guard attached != nil || !(value.hasPrefix("--") || value == "-h") else {
      throw CommandError.usage(
        "option --\(name) needs a value, and \(value) looks like an option; if it is the value, "
          + "write --\(name)=\(value)")
    }
    return value
  }

  /// The refusal of an option that was not declared, with those that may have been meant.
  private func unknown(_ word: String, _ options: [Option]) -> CommandError {
    let near = nearNames(to: String(word.drop { $0 == "-" }), among: options.map(\.name))
    return .usage("unknown option \(word)" + question(near.map { "--\($0)" }))
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  func text(_ name: String) -> String? { values[name] }

  /// Everything that may name a file: the operands and the values of the options other than `name`.
  func words(except name: String) -> [String] { operands + values.filter { $0.key != name }.values }

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
