import Foundation
import LinearStructures

struct DirectionCommand: Command {
  static let name = "direction"
  static let summary = "the direction between two sets of activations, with a test of its length"
  static let usage = "--positive MATRIX --negative MATRIX --method difference-in-means|caa --output FILE"
  static let details = """
    Rows are samples. The direction has raw length: the distance of the class means. norm_p is the share of exchanged
    labels, the direction refitted each time, that give one as long: any two samples have a direction. caa pairs row i of
    both sides and exchanges labels within pairs only.
    """
  static let options = [
    Option("positive", "MATRIX", "rows the direction is to point to, n×d"),
    Option("negative", "MATRIX", "rows it points away from, m×d"),
    Option("groups", "MATRIX", "group numbers of the rows"),
    Option("method", "NAME", "difference-in-means, or caa (needs pairs)"),
    Option("layer", "N", "layer of a .gguf file"),
    Option("output", "FILE", "FILE.npy, or FILE.safetensors with direction, midpoint and row fingerprints"),
    .integers,
  ]

  private let positive: String
  private let negative: String
  private let method: DirectionMethod
  private let output: URL

  init(_ arguments: Arguments) throws {
    _ = try arguments.operands()
    for option in ["groups", "layer"] { try arguments.refuse(option) }
    try arguments.refuse("method") { $0 == "principal" }
    positive = try arguments.required("positive")
    negative = try arguments.required("negative")
    method = try methodNamed(arguments.required("method"))
    output = URL(filePath: try arguments.required("output"))
    try arguments.refuse("output") { $0.hasSuffix(".gguf") }
    guard ["npy", "safetensors"].contains(output.pathExtension) else {
      throw CommandError.usage("--output must end in .npy or .safetensors")
    }
  }

  func run(_ context: Context) throws -> Report {
    let (first, second) = (
      try MatrixArgument(positive, integers: context.integers), try MatrixArgument(negative, integers: context.integers)
    )
    let (p, n) = (first.inDouble, second.inDouble)
    let (direction, test) = try naming("\(positive), \(negative)") {
      let direction =
        switch method {
        case .differenceInMeans: try Direction.differenceInMeans(positive: p, negative: n)
        case .contrastiveActivationAddition: try Direction.contrastiveActivationAddition(positive: p, negative: n)
        }
      let contrast = try Contrast(positive: p, negative: n)
      return (direction, try contrast.normTest(by: method.exchange, seed: context.seed))
    }
    try DirectionFile.write(direction, to: output, asSingle: first.isSingle && second.isSingle)
    return Report(
      members: [
        ("norm", .optional(direction.norm)),
        ("norm_p", .optional(test.p)),
        ("samples", .object([("positive", .integer(p.rows)), ("negative", .integer(n.rows))])),
        ("norm_chance", .optional(test.nullMean)),
        ("permutations", .integer(test.count)),
      ],
      text: """
        \(method.rawValue) of \(p.rows) positive and \(n.rows) negative rows in \(p.columns) dimensions: \
        \(output.relativePath)
        length: \(shown(direction.norm)) (exchanged labels: \(shown(test.nullMean)) ± \(shown(test.nullDeviation)), \
        p \(shown(test.p, digits: 2)), \(test.count) exchanges)
        """)
  }
}

/// The method of this name, as `--method` and `--refit` take it.
func methodNamed(_ name: String) throws -> DirectionMethod {
  guard let method = DirectionMethod(rawValue: name) else {
    throw CommandError.usage("method \(name) is unknown; there are difference-in-means and caa")
  }
  return method
}

extension DirectionMethod {
  /// How labels may be exchanged where directions are found by this method.
  var exchange: Exchangeability { self == .contrastiveActivationAddition ? .pairs : .rows }
}
