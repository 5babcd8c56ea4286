import LinearStructures

/// The words after a command, sorted into operands and the words that options were given.
struct SortedWords: Sendable {
  private(set) var operands: [String] = []
  /// The word after each option by its name, empty for a switch.
  private var words: [String: String] = [:]

  /// Sorts `words` by the declared options. `--name value` and `--name=value` are the same; `--` ends options.
  init(_ words: [String], options: [any DeclaredOption]) throws {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      if word == "-h" {
        self.words["help"] = ""
      } else if word.hasPrefix("-"), word != "-", Double(word) == nil {
        try add(option: word, &rest, options)
      } else {
        operands.append(word)
      }
    }
    guard !operands.contains("") else { throw CommandError.usage("an argument is empty") }
  }

  /// The word that an option was given, empty for a switch; `nil` where the option is absent.
  subscript(_ option: some DeclaredOption) -> String? { words[option.name] }

  /// Everything that may name a file: the operands and the words of the options other than `option`.
  func all(except option: some DeclaredOption) -> [String] {
    operands + words.filter { $0.key != option.name }.values
  }

  /// Takes an option, and the next word where that is its value.
  private mutating func add(
    option word: String, _ rest: inout ArraySlice<String>, _ options: [any DeclaredOption]
  ) throws {
    guard word.hasPrefix("--") else { throw unknown(word, options) }
    let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = options.first(where: { $0.name == name }) else { throw unknown("--\(name)", options) }
    guard words[name] == nil else { throw CommandError.usage("option --\(name) is given twice") }
    if option.placeholder == nil {
      guard parts.count == 1 else { throw CommandError.usage("option --\(name) takes no value") }
      words[name] = ""
    } else {
      words[name] = try value(of: name, parts.count == 2 ? String(parts[1]) : nil, &rest)
    }
  }

  /// The value of an option: what stands after `=`, else the next word.
  ///
  /// Where the next word looks like an option, the value was probably forgotten, and that is the error.
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
  private func unknown(_ word: String, _ options: [any DeclaredOption]) -> CommandError {
    let near = nearNames(to: String(word.drop { $0 == "-" }), among: options.map(\.name))
    return .usage("unknown option \(word)" + question(near.map { "--\($0)" }))
  }
}

/// `; did you mean …?`, or nothing where nothing is near.
func question(_ near: [String]) -> String {
  near.isEmpty ? "" : "; did you mean \(near.prefix(3).joined(separator: " or "))?"
}
