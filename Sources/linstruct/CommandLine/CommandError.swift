/// What ends a command: a mistake in its words, or in the data they name.
enum CommandError: Error, CustomStringConvertible {
  /// Exit status 64: the words of the command line.
  case usage(String)
  /// Exit status 1: a file or the numbers in it.
  case data(String)

  var description: String {
    switch self {
    case .usage(let message), .data(let message): message
    }
  }

  var exitStatus: Int32 {
    switch self {
    case .usage: 64
    case .data: 1
    }
  }

  /// An option that must be given, and is not.
  static func missingOption(_ name: String) -> CommandError { .usage("option --\(name) is missing") }

  /// An operand that must be given, and is not.
  static func missingOperand(_ operand: Operand) -> CommandError {
    .usage("argument \(operand.placeholder) is missing")
  }

  /// An option, or a word of it, that the contract of the executable names but that does not work yet.
  static func notBuilt(_ option: String, _ word: String) -> CommandError {
    .usage("--\(option)\(word.isEmpty ? "" : " \(word)") is not built yet")
  }
}
