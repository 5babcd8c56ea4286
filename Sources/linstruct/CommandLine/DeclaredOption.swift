/// What the help and the messages about words need to know of an option, whatever is read from it.
protocol DeclaredOption: Sendable {
  /// The name without the dashes.
  var name: String { get }
  /// What stands for the value in the help; `nil` for a switch.
  var placeholder: String? { get }
  var help: String { get }
}

/// The options and operands of one command, each a property with a default value, in the order of the help.
protocol CommandOptions: Sendable {
  init()
}

extension CommandOptions {
  /// The options among the properties.
  var declared: [any DeclaredOption] {
    Mirror(reflecting: self).children.compactMap { $0.value as? any DeclaredOption }
  }

  /// The operands among the properties, by position.
  var operands: [Operand] {
    Mirror(reflecting: self).children.compactMap { $0.value as? Operand }.sorted { $0.position < $1.position }
  }
}

/// The options that every command takes.
struct CommonOptions: CommandOptions {
  let json = Option("json", "print one JSON object instead of text")
  let seed = Option("seed", "N", .integer(in: 0...), "seed of everything random (default 24301)")
  let threads = Option("threads", "N", .integer(in: 1...1024), "threads for linear algebra (default: all cores)")
  let help = Option("help", "print this help")
}

/// Options of commands whose report has a table.
protocol TableOptions: CommandOptions {
  var csv: Option<OutputName?> { get }
}

extension Option<OutputName?> {
  /// Names the file that the table goes to.
  static var csv: Option {
    Option("csv", "FILE", .output(endings: ["csv"]), "write the table to FILE.csv too, numbers in full precision")
  }
}

/// Options of commands that take a matrix or a model.
protocol MatrixOptions: CommandOptions {
  var integers: Option<Bool> { get }
}

extension Option<Bool> {
  /// Asks for whole numbers to be read.
  static var integers: Option {
    Option("integers", "read whole numbers as numbers; packed codes are refused all the same")
  }

  /// For commands that take planes.
  static var rows: Option { Option("rows", "the rows of a matrix span its plane, not its columns") }
}
