import LinearStructures

/// One command of the executable: parses its words, calls the library, returns what to print.
protocol Command: Sendable {
  static var name: String { get }
  /// One line for the list of commands.
  static var summary: String { get }
  /// The words after the name.
  static var usage: String { get }
  /// Further lines of help.
  static var details: String { get }
  /// What the command takes: its options and operands, each declared once.
  associatedtype Options: CommandOptions

  init(_ arguments: Arguments<Options>) throws
  func run(_ context: Context) throws -> Report
}

extension Command {
  static var details: String { "" }
}

/// What every command is given beside its own arguments.
struct Context: Sendable {
  let seed: UInt64
  let threads: Int
  let progress: Progress
  /// Whether whole numbers in files are read as numbers.
  let integers: IntegerReading

  /// What computed a result: the versions, the threads and the seed. It is the same on every run on one machine.
  var provenance: JSON {
    .object([
      ("version", .text(version)),
      ("openblas", .text(blasDescription)),
      ("threads", .integer(threads)),
      ("seed", .integer(Int(clamping: seed))),
    ])
  }
}

/// The result of a command, as data and as text.
struct Report {
  let members: [(String, JSON)]
  let text: String
  /// Lines for standard error; the result is the same without them.
  var warnings: [String] = []
  /// 1 where the report says that something failed, else 0.
  var exitStatus: Int32 = 0
  /// The key of the member that `--csv` writes: a list of objects, one for each row.
  var table: String?
}
