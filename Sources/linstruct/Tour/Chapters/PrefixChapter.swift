import LinearStructures

/// How much of a recovery its first snapshots span, beside walks with the same steps.
struct PrefixChapter: Chapter {
  static let activity = "prefix"
  static let key = "prefix"

  /// The number of snapshots of the run.
  private let count: Int
  /// Capture by the first k snapshots, k = 1 … 10.
  private let captures: [PrefixCapture]
  /// The capture of what comes after the tenth snapshot.
  private let future: PrefixCapture

  init(_ sample: Sample, seed: UInt64) throws {
    let file = try SafetensorsFile(sample.file("adapters-gram.safetensors"))
    let gram = TemporalGram(try file.matrix("gram"), distances: Array(try file.vector("steps", as: Double.self)))
    count = gram.count
    captures = try (1...10).map { try gram.prefixCapture($0, of: .full, seed: seed) }
    future = try gram.prefixCapture(10, of: .future, seed: seed)
  }

  var text: ChapterText {
    let ten = captures[9]
    return ChapterText(
      title: "A prefix: do the first steps of a recovery fix its direction?",
      lines: [
        "the first 10 of \(count) snapshots span \(shown(ten.energy, digits: 3)) of the final displacement's energy",
        "a random walk with steps of these lengths: \(shown(ten.matchedWalk, digits: 3)) on average; random signs of "
          + "the increments: \(shown(ten.signFlipMean, digits: 3)), 95 % below \(shown(ten.signFlip95, digits: 3)), "
          + "p \(shown(ten.p, digits: 2))",
        "of what comes after the prefix it spans \(shown(future.energy, digits: 3)) (random signs: "
          + "\(shown(future.signFlipMean, digits: 3)), 95 % below \(shown(future.signFlip95, digits: 3)))",
      ],
      verdict: ten.exceedsWalk
        ? "The prefix captures more than a walk with these steps."
        : "No more than chance: a walk with these steps does as well.",
      isChance: !ten.exceedsWalk)
  }

  var picture: Plot {
    func curve(_ value: (PrefixCapture) -> Double?) -> [(Double, Double)] {
      captures.enumerated().compactMap { i, capture in value(capture).map { (Double(i + 1), $0) } }
    }
    return Plot(
      x: Axis("snapshots in the prefix", 0.6...10.4), y: Axis("captured share of energy", 0...0.85),
      marks: [
        .line(curve(\.signFlip95), .chance, isDashed: true), .line(curve(\.matchedWalk), .chance, isDashed: false),
        .line(curve(\.energy), .first, isDashed: false), .dots(curve(\.energy), .first, isFilled: true),
      ],
      description: "Energy of the final displacement captured by the first snapshots, beside random walks",
      legend: [
        (.first, "the run"), (.chance, "walk with the same step lengths: mean (solid), 95 % of sign flips (dashed)"),
      ])
  }

  var json: JSON {
    .object([
      ("captured", .list(captures.map { .optional($0.energy) })),
      ("matched_walk", .numbers(captures.map(\.matchedWalk))),
      ("sign_flip_95", .numbers(captures.map(\.signFlip95))),
      ("future", .optional(future.energy)), ("future_sign_flip_95", .optional(future.signFlip95)),
    ])
  }
}
