import Foundation
import LinearStructures

let version = "0.1.0"

/// The executable: finds the command, runs it, prints its report or its error.
@main
struct Linstruct {
  static let groups = [
    CommandGroup(title: "to begin with", commands: [TourCommand.self, DoctorCommand.self]),
    CommandGroup(title: "weights", commands: [SpectrumCommand.self, SVDCommand.self]),
    CommandGroup(title: "planes", commands: [AnglesCommand.self, CaptureCommand.self]),
    CommandGroup(
      title: "directions in activations",
      commands: [DirectionCommand.self, EvaluateCommand.self, TransferCommand.self]),
    CommandGroup(title: "training runs", commands: [ExtrapolateCommand.self]),
  ]

  /// Commands that the contract of the executable names but that do not work yet.
  static let planned = [
    "drift", "backtest", "controls", "gate", "merge",
    "adapter", "extract", "ablate", "isometry", "conserved",
  ]

  static func main() {
    StandardStream.occupyClosedStreams()
    // A closed pipe must end the program quietly, not by a signal in the middle of a file.
    signal(SIGPIPE, SIG_IGN)
    // Beyond the limit for files a write fails and is reported.
    signal(SIGXFSZ, SIG_IGN)
    do {
      let printed = try run(Array(words.dropFirst()))
      // A closed pipe is no error: the work is done, and whoever read its result has seen enough.
      do { try StandardStream.output.write(printed.text + "\n") } catch StandardStream.Failure.closedPipe {}
      exit(printed.exitStatus)
    } catch StandardStream.Failure.cannotWrite(let reason) {
      fail("standard output cannot be written: \(reason)", status: 1)
    } catch let error as CommandError {
      fail("\(error)", status: error.exitStatus)
    } catch {
      fail("\(error)", status: 1)
    }
  }

  /// The words of the command line. They are bytes: a path need not be text.
  private static var words: [String] {
    let pointers = UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    return pointers.compactMap { $0 }.map { word in
      SystemPath.text(of: UnsafeRawBufferPointer(start: word, count: strlen(word)).map { $0 })
    }
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    complain("error", message)
    exit(status)
  }

  /// What is printed, and the status to end with.
  private struct Printed {
    let text: String
    var exitStatus: Int32 = 0
  }

  private static func run(_ words: [String]) throws -> Printed {
    guard let first = words.first else { return Printed(text: Help.overview(groups)) }
    let rest = Array(words.dropFirst())
    switch first {
    case "help", "--help", "-h": return Printed(text: try help(rest))
    case "--version": return Printed(text: "linstruct \(version)")
    default: break
    }
    let command = try command(named: first)
    if rest.contains("--version") { return Printed(text: "linstruct \(version)") }
    return try run(command, rest)
  }

  /// `help`, or `help COMMAND`.
  private static func help(_ words: [String]) throws -> String {
    guard let name = words.first(where: { !["help", "--help", "-h"].contains($0) }) else {
      return Help.overview(groups)
    }
    guard words.count == 1 else { throw CommandError.usage("help takes one command, not \(words.count)") }
    return Help.page(of: try command(named: name))
  }

  private static func command(named name: String) throws -> any Command.Type {
    let commands = groups.flatMap { $0.commands }
    if let command = commands.first(where: { $0.name == name }) { return command }
    if planned.contains(name) { throw CommandError.usage("the command \(name) is not built yet") }
    if name.hasPrefix("-") {
      throw CommandError.usage("\(name) stands before the command; write `linstruct COMMAND \(name)`")
    }
    let near = question(nearNames(to: name, among: commands.map { $0.name } + ["help"]))
    throw CommandError.usage(
      "unknown command \(name)\(near.isEmpty ? ";" : near) `linstruct --help` lists the commands")
  }

  private static func run<Named: Command>(_ command: Named.Type, _ words: [String]) throws -> Printed {
    let arguments = try Arguments<Named.Options>(words)
    if try arguments.help { return Printed(text: Help.page(of: command)) }
    let seed = try arguments.seed.map(UInt64.init) ?? SeededGenerator.defaultSeed
    let threads = try arguments.threads ?? defaultBLASThreads
    try arguments.check()
    let work = try Named(arguments)
    if let lack = OpenBLASSetUp.lackOfAddressSpace { throw CommandError.data(lack) }
    let csv = try CSVOutput(arguments.options, arguments.words)
    let context = Context(
      seed: seed, threads: threads, progress: Progress(command.name), integers: integers(arguments))
    let report = try withBLASThreads(threads) { () throws in
      defer { context.progress.finish() }
      return try work.run(context)
    }
    try csv?.write(report)
    for warning in report.warnings { complain("warning", warning) }
    let text =
      try arguments.json
      ? JSON.object(report.members + [("provenance", context.provenance)]).serialized()
      : TerminalText.lines(report.text)
    return Printed(text: text, exitStatus: report.exitStatus)
  }

  /// Whether the command takes `--integers`, and it was given.
  private static func integers<Options>(_ arguments: Arguments<Options>) -> IntegerReading {
    guard let option = (arguments.options as? any MatrixOptions)?.integers else { return .refused }
    return arguments.words[option] == nil ? .refused : .asNumbers
  }
}
