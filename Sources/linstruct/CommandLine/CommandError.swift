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
}
