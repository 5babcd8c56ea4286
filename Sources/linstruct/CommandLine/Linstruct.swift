import Foundation
import LinearStructures

let version = "0.1.0"

/// The executable: finds the command, runs it, prints its report or its error.
@main
struct Linstruct {
  static let commands: [any Command.Type] = [
    TourCommand.self, DoctorCommand.self,
    SVDCommand.self, SpectrumCommand.self, AnglesCommand.self, CaptureCommand.self,
    DirectionCommand.self, EvaluateCommand.self, TransferCommand.self, ExtrapolateCommand.self,
  ]

  /// Commands of the plan that are not built yet.
  static let planned = [
    "drift", "backtest", "controls", "gate", "merge",
    "adapter", "extract", "ablate", "isometry", "conserved",
  ]

  static func main() {
    // A closed pipe must end the program quietly, not by a signal in the middle of a file.
    signal(SIGPIPE, SIG_IGN)
    do {
      let printed = try run(Array(ProcessInfo.processInfo.arguments.dropFirst()))
      try FileHandle.standardOutput.write(contentsOf: Data((printed.text + "\n").utf8))
      exit(printed.exitStatus)
    } catch let error as CommandError {
      fail("\(error)", status: error.exitStatus)
    } catch {
      fail("\(error)", status: 1)
    }
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("error: \(message)\n".utf8))
    exit(status)
  }

  /// What is printed, and the status to end with.
  private struct Printed {
    let text: String
    var exitStatus: Int32 = 0
  }

  private static func run(_ words: [String]) throws -> Printed {
    guard let first = words.first, first != "--help", first != "-h", first != "help" else {
      return Printed(text: overview)
    }
    if first == "--version" { return Printed(text: "linstruct \(version)") }
    guard let command = commands.first(where: { $0.name == first }) else {
      if planned.contains(first) { throw CommandError.usage("the command \(first) is not built yet") }
      throw CommandError.usage("unknown command \(first); `linstruct --help` lists the commands")
    }
    if words.dropFirst().contains("--version") { return Printed(text: "linstruct \(version)") }
    let arguments = try Arguments(Array(words.dropFirst()), options: command.options + Option.common)
    if arguments.has("help") { return Printed(text: command.help) }
    return try run(command, arguments)
  }

  private static func run(_ command: any Command.Type, _ arguments: Arguments) throws -> Printed {
    let seed = try arguments.integer("seed", in: 0...Int.max).map(UInt64.init) ?? SeededGenerator.defaultSeed
    let threads = try arguments.integer("threads", in: 1...1024) ?? defaultBLASThreads
    let context = Context(seed: seed, threads: threads, progress: Progress())
    let work = try command.init(arguments)
    if let lack = OpenBLASSetUp.lackOfAddressSpace { throw CommandError.data(lack) }
    let report = try withBLASThreads(threads) { () throws in
      defer { context.progress.finish() }
      return try work.run(context)
    }
    for warning in report.warnings { FileHandle.standardError.write(Data("warning: \(warning)\n".utf8)) }
    let text =
      arguments.has("json")
      ? JSON.object(report.members + [("provenance", context.provenance)]).serialized() : report.text
    return Printed(text: text, exitStatus: report.exitStatus)
  }

  private static var overview: String {
    let width = commands.map { $0.name.count }.max() ?? 0
    let lines = commands.map {
      "  \($0.name.padding(toLength: width, withPad: " ", startingAt: 0))  \($0.summary)"
    }
    return """
      linstruct \(version): linear structures in language models, each number with its null

      usage: linstruct COMMAND … [--json] [--seed N] [--threads N] [--help]

      commands:
      \(lines.joined(separator: "\n"))

      `linstruct COMMAND --help` explains one. A matrix argument is FILE.npy or FILE.safetensors#TENSOR.
      Exit status: 0, 1 where the data are wrong, 64 where the words are.
      """
  }
}
