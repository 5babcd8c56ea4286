import Foundation
import LinearStructures

struct EvaluateCommand: Command {
  static let name = "evaluate"
  static let summary = "how well a direction separates two sets of activations, with its null"
  static let usage = "--direction FILE --positive MATRIX --negative MATRIX [--paired] [--refit METHOD] [--held-out]"
  static let details = """
    Scores are x·v, compared with the midpoint in the direction's file, else with that of the rows given; raw_gap is
    along the unit direction. On held-out rows chance is ½ for accuracy and AUROC, and permutation_p exchanges labels.
    On the rows the direction was made from the p-value would always be small, so there is none, unless --refit finds
    the direction anew for every exchange. A direction without fingerprints of its rows, such as a .npy file, gives
    none either, unless --held-out asserts that the rows are others.
    """

  struct Options: MatrixOptions {
    let direction = Option(required: "direction", "FILE", .text, "FILE.npy, or FILE.safetensors from `direction`")
    let positive = Option(required: "positive", "MATRIX", .text, "rows that should score high")
    let negative = Option(required: "negative", "MATRIX", .text, "rows that should score low")
    let paired = Option("paired", "row i of both sides is a pair: exchange labels within pairs")
    let groups = PlannedOption("groups", "MATRIX", "group numbers of the rows")
    let refit = Option(
      "refit", "METHOD", .directionMethod, "find the direction anew for each exchange: difference-in-means or caa")
    let heldOut = Option("held-out", "the rows are not those that the direction was made from")
    let integers = Option<Bool>.integers
  }

  private let direction: String
  private let positive: String
  private let negative: String
  private let isPaired: Bool
  private let refit: DirectionMethod?
  private let rows: EvaluatedRows

  init(_ arguments: Arguments<Options>) throws {
    try arguments.refusePlanned(\.refit)
    direction = try arguments.direction
    positive = try arguments.positive
    negative = try arguments.negative
    isPaired = try arguments.paired
    refit = try arguments.refit
    rows = try arguments.heldOut ? .heldOut : .recognized
  }

  func run(_ context: Context) throws -> Report {
    let axis = try DirectionFile.read(direction)
    let (p, n) = (
      try MatrixArgument(positive, integers: context.integers).inDouble,
      try MatrixArgument(negative, integers: context.integers).inDouble
    )
    let exchange: Exchangeability = isPaired ? .pairs : refit?.exchangeability ?? .rows
    let contrast = try naming("\(positive), \(negative)") { try Contrast(positive: p, negative: n) }
    let (found, test) = try naming("\(direction), \(positive), \(negative)") {
      let found = try axis.evaluate(
        on: contrast, exchanging: exchange, rows: rows, seed: context.seed, progress: context.exchanges)
      guard refit != nil, found.missingPermutation != .nothingToExchange else { return (found, found.permutation) }
      return (found, try contrast.normTest(exchanging: exchange, seed: context.seed, progress: context.exchanges))
    }
    let permutation =
      test.map { "\(shown($0.p, digits: 2)) (\($0.count) exchanges\(refit == nil ? "" : ", refitted"))" }
      ?? "– (\(found.missingPermutation.map(advice) ?? "undefined"))"
    return Report(
      members: [
        ("accuracy", .optional(found.accuracy)),
        ("auroc", .optional(found.auroc)),
        ("raw_gap", .optional(found.rawGap)),
        ("pooled_d", .optional(found.pooledD)),
        ("paired_d", .optional(found.pairedD)),
        ("paired_accuracy", .optional(found.pairedAccuracy)),
        ("permutation_p", .optional(test?.p)),
        ("chance_accuracy", .number(0.5)),
        ("permutations", test.map { .integer($0.count) } ?? .null),
        ("permutation_missing", test == nil ? found.missingPermutation.map { .text($0.rawValue) } ?? .null : .null),
        ("layers", .null),
        ("null", context.null(resamples: test?.count)),
      ],
      text: """
        \(p.rows) positive and \(n.rows) negative rows in \(p.columns) dimensions
        accuracy: \(shown(found.accuracy)) (chance 0.5 on held-out rows)
        AUROC: \(shown(found.auroc)) (chance 0.5)
        gap of the mean scores: \(shown(found.rawGap)), pooled d \(shown(found.pooledD)), \
        paired d \(shown(found.pairedD))
        pairs in order: \(shown(found.pairedAccuracy))
        permutation p: \(permutation)
        """)
  }

  /// Why there is no p-value, and what gives one.
  private func advice(_ reason: MissingPermutation) -> String {
    switch reason {
    case .ownRows: "\(reason.rawValue); use held-out rows or --refit"
    case .unknownRows: "\(reason.rawValue); --held-out asserts that they are others, --refit needs no assertion"
    case .nothingToExchange: reason.rawValue
    }
  }
}
