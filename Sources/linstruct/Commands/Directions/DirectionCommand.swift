import Foundation
import LinearStructures

struct DirectionCommand: Command {
  static let name = "direction"
  static let summary = "the direction between two sets of activations, with a test of its length"
  static let usage = "--positive MATRIX --negative MATRIX --method difference-in-means|caa --output FILE"
  static let details = """
    Rows are samples. The direction has raw length: the distance of the class means. Any two samples have a direction,
    so norm_p tests it by exchanged labels, refitted each time; the statistic is studentized, on features of unit
    variance, so that classes of unequal size and spread hold the level. The verdict is "no direction" where norm_p >
    0.05. caa pairs row i of both sides and exchanges labels within pairs only.
    """

  struct Options: MatrixOptions {
    let positive = Option(required: "positive", "MATRIX", .text, "rows the direction is to point to, n×d")
    let negative = Option(required: "negative", "MATRIX", .text, "rows it points away from, m×d")
    let groups = PlannedOption("groups", "MATRIX", "group numbers of the rows")
    let method = Option(required: "method", "NAME", .directionMethod, "difference-in-means, or caa (needs pairs)")
    let layer = PlannedOption("layer", "N", "layer of a .gguf file")
    let output = Option(
      required: "output", "FILE", .output(endings: ["npy", "safetensors"], planned: ["gguf"]),
      "FILE.npy, or FILE.safetensors with direction, midpoint and row fingerprints")
    let integers = Option<Bool>.integers
  }

  private let positive: String
  private let negative: String
  private let method: DirectionMethod
  private let output: OutputFile

  init(_ arguments: Arguments<Options>) throws {
    try arguments.refusePlanned(\.method)
    positive = try arguments.positive
    negative = try arguments.negative
    method = try arguments.method
    output = try OutputFile(arguments.output, isNot: [positive, negative])
  }

  func run(_ context: Context) throws -> Report {
    let file = try output.open()
    let (first, second) = (
      try MatrixArgument(positive, integers: context.integers), try MatrixArgument(negative, integers: context.integers)
    )
    let (p, n) = (first.inDouble, second.inDouble)
    let (direction, test) = try naming("\(positive), \(negative)") {
      let contrast = try Contrast(positive: p, negative: n)
      let direction = try Direction(method, of: contrast)
      let test = try contrast.normTest(
        exchanging: method.exchangeability, seed: context.seed, progress: context.exchanges)
      return (direction.judged(by: test), test)
    }
    let verdict = direction.verdict?.rawValue ?? ""
    let isArray = output.name.ending == "npy"
    if first.isSingle && second.isSingle {
      try DirectionFile.write(direction.converted(to: Float.self), into: file, isArray: isArray)
    } else {
      try DirectionFile.write(direction, into: file, isArray: isArray)
    }
    return Report(
      members: [
        ("norm", .optional(direction.norm)),
        ("norm_p", .optional(test.p)),
        ("samples", .object([("positive", .integer(p.rows)), ("negative", .integer(n.rows))])),
        ("verdict", .text(verdict)),
        ("layers", .null),
        ("directions_above_chance", .null),
        ("null", context.null(resamples: test.count)),
        ("norm_chance", .optional(test.chance)),
        ("permutations", .integer(test.count)),
      ],
      text: """
        \(method.rawValue) of \(p.rows) positive and \(n.rows) negative rows in \(p.columns) dimensions: \
        \(output.url.relativePath)
        length: \(shown(direction.norm)) (exchanged labels: \(shown(test.chance)) ± \(shown(test.chanceDeviation)), \
        studentized p \(shown(test.p, digits: 2)), \(test.count) exchanges)
        verdict: \(verdict)
        """)
  }
}

extension WordReader<DirectionMethod> {
  /// The name of a method, as `--method` and `--refit` take it.
  static var directionMethod: WordReader {
    .choice(of: DirectionMethod.self, called: "method", planned: ["principal"])
  }
}

extension Context {
  /// Reports how many exchanges of labels, or control directions, are done.
  var exchanges: ProgressHandler {
    { [progress] done, total in progress.report("exchanges", done, of: total) }
  }

  /// The member `null` of a command that draws random numbers.
  func null(resamples: Int?) -> JSON {
    .object([("seed", .integer(Int(clamping: seed))), ("resamples", resamples.map { .integer($0) } ?? .null)])
  }
}
