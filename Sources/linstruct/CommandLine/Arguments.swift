/// The words after a command, read by the declarations of its `Options`: `try arguments.rank` gives the value of the
/// option, or of the operand, that the property `rank` of `Options` declares.
@dynamicMemberLookup
struct Arguments<Options: CommandOptions> {
  let options = Options()
  let words: SortedWords
  private let common = CommonOptions()

  /// Sorts the words; values are read, and ranges are checked, when they are asked for.
  init(_ words: [String]) throws {
    self.words = try SortedWords(words, options: options.declared + common.declared)
  }

  /// The value of an option of the command.
  subscript<Value>(dynamicMember path: KeyPath<Options, Option<Value>>) -> Value {
    get throws { try read(options[keyPath: path]) }
  }

  /// The value of an option that every command takes.
  subscript<Value>(dynamicMember path: KeyPath<CommonOptions, Option<Value>>) -> Value {
    get throws { try read(common[keyPath: path]) }
  }

  /// The word that stands in the place of an operand.
  subscript(dynamicMember path: KeyPath<Options, Operand>) -> String {
    get throws {
      let operand = options[keyPath: path]
      guard operand.position < words.operands.count else { throw CommandError.missingOperand(operand) }
      return words.operands[operand.position]
    }
  }

  private func read<Value>(_ option: Option<Value>) throws -> Value { try option.read(words[option]) }

  /// The value of an option that may be absent elsewhere, but not here.
  func required<Value>(_ path: KeyPath<Options, Option<Value?>>) throws -> Value {
    let option = options[keyPath: path]
    guard let value = try read(option) else { throw CommandError.missingOption(option.name) }
    return value
  }

  /// Refuses a word of this option that the contract names but that does not work yet, before other options are read.
  func refusePlanned<Value>(_ path: KeyPath<Options, Option<Value>>) throws {
    let option = options[keyPath: path]
    if let word = words[option] { try option.refusePlanned(word) }
  }

  /// Refuses too few operands, too many, and options that are planned only.
  func check() throws {
    let operands = options.operands
    guard words.operands.count <= operands.count else {
      throw CommandError.usage("unexpected argument \(words.operands[operands.count])")
    }
    guard words.operands.count == operands.count else {
      throw CommandError.missingOperand(operands[words.operands.count])
    }
    for case let option as PlannedOption in options.declared {
      if let word = words[option] { throw CommandError.notBuilt(option.name, word) }
    }
  }
}
