import LinearStructures

/// A direction between two classes of activations, judged on rows it was not made from.
struct DirectionChapter: Chapter {
  static let activity = "direction"
  static let key = "direction"

  private let direction: Direction<Double>
  private let norm: PermutationTest
  private let evaluation: Evaluation
  /// x·v of the held-out rows.
  private let scores: (positive: [Double], negative: [Double])
  private let threshold: Double
  /// The accuracy of a direction between two halves of one class, where there is nothing to find, on the rows that it
  /// was made from and on held-out ones.
  private let nothing: (own: Double, heldOut: Double)

  init(_ sample: Sample, seed: UInt64) throws {
    let file = try SafetensorsFile(sample.file("activations.safetensors"))
    let positive: Matrix<Double> = try file.matrix("positive")
    let negative: Matrix<Double> = try file.matrix("negative")
    let (fit, test) = (0..<Sample.trainingPairs, Sample.trainingPairs...)
    let contrast = try Contrast(positive: positive[rows: fit], negative: negative[rows: fit])
    let axis = try Direction(.contrastiveActivationAddition, of: contrast)
    direction = axis
    norm = try contrast.normTest(exchanging: .pairs, seed: seed)
    evaluation = try axis.evaluate(
      on: Contrast(positive: positive[rows: test], negative: negative[rows: test]), exchanging: .pairs, seed: seed)
    scores = (
      Array(positive[rows: test] * axis.vector), Array(negative[rows: test] * axis.vector)
    )
    threshold = axis.midpoint.map { $0.dot(axis.vector) } ?? 0
    nothing = try Self.accuracyOfNothing(file.matrix("neutral"))
  }

  /// The accuracy of a direction from half of the even rows against half of the odd ones, on these rows and on the
  /// others.
  private static func accuracyOfNothing(_ rows: Matrix<Double>) throws -> (own: Double, heldOut: Double) {
    let even = rows.rows(at: Array(stride(from: 0, to: rows.rows, by: 2)))
    let odd = rows.rows(at: Array(stride(from: 1, to: rows.rows, by: 2)))
    let half = even.rows / 2
    let own = try Contrast(positive: even[rows: ..<half], negative: odd[rows: ..<half])
    let others = try Contrast(positive: even[rows: half...], negative: odd[rows: half...])
    let chance = try Direction(.differenceInMeans, of: own)
    return (try chance.evaluate(on: own).accuracy ?? 0, try chance.evaluate(on: others).accuracy ?? 0)
  }

  var text: ChapterText {
    let isReal = (evaluation.permutation?.p ?? 1) <= 0.05
    return ChapterText(
      title: "A direction: positive against negative sentences, layer 4",
      lines: [
        "length \(shown(direction.norm, digits: 3)) (labels exchanged within pairs: "
          + "\(shown(norm.chance, digits: 2)) ± \(shown(norm.chanceDeviation, digits: 2)), "
          + "p \(shown(norm.p, digits: 2)))",
        "on \(scores.positive.count) held-out pairs with unseen words: accuracy "
          + "\(shown(evaluation.accuracy, digits: 3)), AUROC \(shown(evaluation.auroc, digits: 4)), pooled d "
          + "\(shown(evaluation.pooledD, digits: 3)) (chance 0.5, 0.5, 0; p "
          + "\(shown(evaluation.permutation?.p, digits: 2)))",
        "for comparison, a direction between two random halves of neutral sentences \"separates\" its own rows with "
          + "accuracy \(shown(nothing.own, digits: 3)), and held-out rows with \(shown(nothing.heldOut, digits: 3))",
      ],
      verdict: isReal
        ? "The direction is real: it separates sentences it has never seen."
        : "No more than chance on sentences it has not seen.",
      isChance: !isReal)
  }

  var picture: Plot {
    let axis = Axis("score x·v", showing: scores.positive + scores.negative)
    let (positive, negative) = (
      Plot.histogram(of: scores.positive, over: axis.range), Plot.histogram(of: scores.negative, over: axis.range)
    )
    let tallest = (positive + negative).map(\.1).max() ?? 1
    return Plot(
      x: axis, y: Axis("held-out sentences", 0...(tallest * 1.08)),
      marks: [.bars(negative, .second), .bars(positive, .first), .vertical(threshold, .chance)],
      description: "Scores of held-out positive and negative sentences on the direction",
      legend: [(.first, "positive"), (.second, "negative"), (.chance, "midpoint of the training rows")])
  }

  var json: JSON {
    .object([
      ("norm", .optional(direction.norm)), ("norm_p", .optional(norm.p)),
      ("accuracy", .optional(evaluation.accuracy)), ("auroc", .optional(evaluation.auroc)),
      ("paired_accuracy", .optional(evaluation.pairedAccuracy)),
      ("permutation_p", .optional(evaluation.permutation?.p)),
    ])
  }
}
