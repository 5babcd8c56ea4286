import LinearStructures

/// The same direction carried to another model by a ridge map, and compared with the native one twice: once where both
/// come from the same sentences, and once where each comes from its own half of them. Only the second gives a verdict.
struct TransferChapter: Chapter {
  static let activity = "transfer"
  static let key = "transfer"

  private let lambda = 3.162_277_66
  private let r2Train: Double?
  private let r2HeldOut: Double?
  /// The cosine where both directions come from the same sentences: they share their noise.
  private let cosine: Double
  /// The mapped direction from the even pairs of sentences against the native one from the odd pairs.
  private let specificity: Specificity

  init(_ sample: Sample, seed: UInt64) throws {
    let file = try SafetensorsFile(sample.file("activations.safetensors"))
    let x: Matrix<Double> = try file.matrix("neutral")
    let y: Matrix<Double> = try file.matrix("other.neutral")
    let (fit, test) = (0..<480, 480...)
    let map = try RidgeMap(from: x[rows: fit], to: y[rows: fit], regularization: .fixed(lambda))
    r2Train = try map.r2(source: x[rows: fit], target: y[rows: fit])
    r2HeldOut = try map.r2(source: x[rows: test], target: y[rows: test])
    func rows(_ name: String, _ pairs: [Int]) throws -> Matrix<Double> {
      let all: Matrix<Double> = try file.matrix(name)
      return all.rows(at: pairs)
    }
    func direction(_ prefix: String, _ pairs: [Int]) throws -> Direction<Double> {
      try Direction(
        .contrastiveActivationAddition,
        of: Contrast(positive: rows(prefix + "positive", pairs), negative: rows(prefix + "negative", pairs)))
    }
    let all = Array(0..<Sample.trainingPairs)
    let (even, odd) = (all.filter { $0.isMultiple(of: 2) }, all.filter { !$0.isMultiple(of: 2) })
    cosine = try map.cosine(of: direction("", all), with: direction("other.", all))
    let contrast = try Contrast(positive: rows("positive", even), negative: rows("negative", even))
    specificity = try map.specificity(
      of: contrast, against: direction("other.", odd), nativePrompts: .others, exchanging: .pairs, seed: seed)
  }

  var text: ChapterText {
    let controls = specificity.controls.map(\.words)
    return ChapterText(
      title: "A transfer: is it the same direction in another model?",
      lines: [
        "a ridge map from 480 neutral sentences predicts \(shown(r2HeldOut, digits: 3)) of the other model's "
          + "variance on 120 held-out ones (training \(shown(r2Train, digits: 3)), the mean predicts 0)",
        "cosine of the mapped with the native direction: \(shown(cosine, digits: 2)), both from the same sentences, "
          + "so that they share their noise and have no verdict",
        "from other sentences each: \(shown(specificity.cosine, digits: 2)); controls through the same map: "
          + controls.joined(separator: "; "),
      ],
      verdict: specificity.verdict == .specific
        ? "The direction carries over, beyond what permuted labels give."
        : "No more than chance: the map carries the space over, but not this direction.",
      isChance: specificity.verdict != .specific)
  }

  var picture: Plot {
    let controls = specificity.controls
    // The first control stands at the top.
    func height(_ i: Int) -> Double { Double(controls.count - i) }
    var axis = Axis("", 0.3...(Double(controls.count) + 0.7))
    axis.names = controls.enumerated().map { i, family in
      (height(i), family.name.rawValue.replacing(" through the map", with: ""))
    }
    let intervals = controls.enumerated().map { i, family in
      Plot.Mark.interval(
        y: height(i), mean: family.chance,
        (family.chance - 2 * family.chanceDeviation)...(family.chance + 2 * family.chanceDeviation), .chance)
    }
    return Plot(
      x: Axis("cosine with the native direction", -0.8...0.8), y: axis,
      marks: intervals + [.vertical(specificity.cosine, .first)],
      description: "Cosine of the mapped with the native direction, beside controls through the same map",
      legend: [
        (.first, "the mapped direction, other sentences"), (.chance, "controls through the same map, mean ± 2 sd"),
      ],
      leftMargin: 116)
  }

  var json: JSON {
    .object([
      ("lambda", .number(lambda)), ("r2_train", .optional(r2Train)), ("r2_holdout", .optional(r2HeldOut)),
      ("cosine", .optional(cosine)), ("cosine_other_prompts", .optional(specificity.cosine)),
      ("verdict", specificity.verdict.map { .text($0.rawValue) } ?? .null),
    ])
  }
}
