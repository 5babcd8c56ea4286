/// An option of a command: its name, how its value is read, and its help, declared once.
///
/// A command declares its options as properties of its `Options`, and reads the one that the property `rank` declares
/// as `try arguments.rank`. An option that was not declared has no property, so reading it does not compile.
///
/// `Value` is what reading gives: an optional where the option may be absent, `Bool` for a switch.
struct Option<Value: Sendable>: DeclaredOption {
  let name: String
  let placeholder: String?
  let help: String
  let refusePlanned: @Sendable (_ word: String) throws -> Void
  /// Reads the word that was given, `nil` where the option is absent.
  let read: @Sendable (_ word: String?) throws -> Value
}

extension Option {
  /// An option that may be absent.
  init<Read>(_ name: String, _ placeholder: String, _ reader: WordReader<Read>, _ help: String) where Value == Read? {
    self.init(name, placeholder, reader, help) { word in try word.map { try reader.read($0, name) } }
  }

  /// An option that has a value where it is absent.
  init(_ name: String, _ placeholder: String, _ reader: WordReader<Value>, default value: Value, _ help: String) {
    self.init(name, placeholder, reader, help) { word in try word.map { try reader.read($0, name) } ?? value }
  }

  /// An option that must be given.
  init(required name: String, _ placeholder: String, _ reader: WordReader<Value>, _ help: String) {
    self.init(name, placeholder, reader, help) { word in
      guard let word else { throw CommandError.missingOption(name) }
      return try reader.read(word, name)
    }
  }

  private init<Read>(
    _ name: String, _ placeholder: String, _ reader: WordReader<Read>, _ help: String,
    _ read: @escaping @Sendable (String?) throws -> Value
  ) {
    self.init(
      name: name, placeholder: placeholder, help: help, refusePlanned: { try reader.refusePlanned($0, of: name) },
      read: read)
  }
}

extension Option<Bool> {
  /// A switch: an option without a value.
  init(_ name: String, _ help: String) {
    self.init(name: name, placeholder: nil, help: help, refusePlanned: { _ in }, read: { $0 != nil })
  }
}

/// An option that the contract of the executable names but that does not work yet: the help lists it, and giving it is
/// refused. It cannot be read.
struct PlannedOption: DeclaredOption {
  let name: String
  let placeholder: String?
  let help: String

  init(_ name: String, _ placeholder: String, _ help: String) {
    (self.name, self.placeholder, self.help) = (name, placeholder, help)
  }
}

/// A word of a command that no option precedes, such as the matrix of `svd MATRIX`, read as `try arguments.matrix`.
struct Operand: Sendable {
  /// What stands for the word in messages.
  let placeholder: String
  /// Its place among the operands of its command, from 0 on.
  let position: Int

  init(_ placeholder: String, at position: Int = 0) { (self.placeholder, self.position) = (placeholder, position) }
}
