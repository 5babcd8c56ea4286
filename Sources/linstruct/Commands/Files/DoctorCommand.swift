import Foundation
import LinearStructures

struct DoctorCommand: Command {
  static let name = "doctor"
  static let summary = "a dozen known answers on this machine, and whether its BLAS lags behind the processor"
  static let usage = ""
  static let details = """
    Runs computations whose answers are known, among them matrices on which some releases of OpenBLAS fail, each kernel
    for each instruction set, a forked process, and work beside busy threads. Exit status 1 where one fails.
    """

  struct Options: CommandOptions {}

  init(_ arguments: Arguments<Options>) {}

  func run(_ context: Context) throws -> Report {
    let setUp = OpenBLASSetUp.current
    let answers = KnownAnswer.checkAll { done, total in context.progress.report("known answers", done, of: total) }
    let cache = SecondLevelCache.current
    let failed = answers.filter { !$0.passed }
    var lines = answers.map { "\($0.passed ? "passed" : "FAILED")  \($0.name) (\($0.detail))" }
    lines.append("")
    lines.append("OpenBLAS: \(blasDescription)")
    switch setUp.outcome {
    case .fits, .leftToUser, .cannotBeMended: break
    case .mended: lines.append("  it chose \(setUp.chosen) kernels by itself, which lag behind the processor; mended")
    }
    lines.append("instruction set of the kernels: \(Self.levelNames[processorLevel] ?? "baseline")")
    lines.append("threads: \(context.threads) of \(ProcessInfo.processInfo.activeProcessorCount) cores")
    lines.append("memory that may be used: \(usableMemory >> 20) MiB")
    lines.append(
      "second-level cache: \(Self.kibibytes(cache.assumedByOpenBLAS)) as OpenBLAS takes it, "
        + "\(Self.kibibytes(cache.reportedBySystem)) as the system reports")
    var warnings = [setUp.warning].compactMap(\.self)
    if let assumed = cache.assumedByOpenBLAS, let reported = cache.reportedBySystem, assumed != reported {
      warnings.append(
        "OpenBLAS takes the second-level cache for \(assumed >> 10) KiB where it has \(reported >> 10): from release "
          + "0.3.28 on OPENBLAS_L2_SIZE=\(reported >> 10) tells it")
    }
    return Report(
      members: [
        (
          "checks",
          .list(
            answers.map {
              .object([("name", .text($0.name)), ("passed", .bool($0.passed)), ("detail", .text($0.detail))])
            })
        ),
        ("openblas", .text(blasDescription)),
        ("level", .integer(processorLevel)),
        (
          "set_up",
          .object([
            ("chosen", .text(setUp.chosen)), ("kernels", .text(setUp.kernels)),
            ("outcome", .text(setUp.outcome.rawValue)),
          ])
        ),
        ("threads", .integer(context.threads)),
        ("memory", .integer(usableMemory)),
        ("level2_assumed", cache.assumedByOpenBLAS.map { .integer($0) } ?? .null),
        ("level2_reported", cache.reportedBySystem.map { .integer($0) } ?? .null),
      ],
      text: lines.joined(separator: "\n"), warnings: warnings, exitStatus: failed.isEmpty ? 0 : 1)
  }

  private static let levelNames = [3: "AVX2", 4: "AVX-512"]

  private static func kibibytes(_ bytes: Int?) -> String { bytes.map { "\($0 >> 10) KiB" } ?? "unknown" }
}
