import LinearStructures

/// A training run, its line in time, and a forecast from its first 30 %.
struct TrajectoryChapter: Chapter {
  static let activity = "trajectory"
  static let key = "trajectory"

  private static let lastObserved = 90

  /// The error of one recipe at the last step: ‖forecast − truth‖/‖truth‖.
  private struct RecipeError {
    let recipe: ForecastRecipe
    let error: Double
    let skill: Double
  }

  private let tensor: String
  private let steps: [Int]
  /// The tensor over the whole run.
  private let whole: TrajectoryFit.TensorFit
  /// The number of observed snapshots.
  private let observed: Int
  /// The first component of the observed snapshots.
  private let line: TemporalFit.Component
  /// The coefficient of every snapshot on the direction of the observed ones.
  private let coefficients: [Double]
  private let errors: [RecipeError]

  init(_ sample: Sample, seed: UInt64) throws {
    let run = try Trajectory(base: sample.file("run/step-0000.safetensors"), checkpoints: sample.file("run"))
    let grams = try run.grams()
    let (all, part) = (try grams.fit(seed: seed), try grams.fit(observing: Self.lastObserved, seed: seed))
    guard let tensor = all.tensors.first, let fitted = part.tensors.first, let line = fitted.fit.components.first else {
      throw CommandError.data("the embedded sample holds no run")
    }
    self.tensor = tensor.name
    steps = run.steps
    whole = tensor
    observed = part.observed
    coefficients = fitted.fit.coefficients(on: line, over: grams.tensors[0].gram)
    self.line = line
    errors = [ForecastRecipe.relex, .shrunkDrift, .hold].compactMap { recipe in
      guard let error = part.relativeError(of: recipe, at: run.steps.count - 1), let skill = part.skill(of: recipe)
      else { return nil }
      return RecipeError(recipe: recipe, error: error, skill: skill)
    }
  }

  var text: ChapterText {
    let (fit, test) = (whole.fit, whole.walkTest)
    let shownErrors = errors.map {
      "\($0.recipe.rawValue) \(shown($0.error, digits: 3)) (skill \(shown($0.skill, digits: 2)))"
    }
    return ChapterText(
      title: "A trajectory: 300 steps of reinforcement learning, \(shortTensorName(tensor))",
      lines: [
        "one direction holds \(shown(fit.figures.energy, digits: 3)) of the energy (walk on the same steps "
          + "\(shown(fit.walk.energy, digits: 3)), with increments of these lengths "
          + "\(shown(fit.matchedWalk.energy, digits: 3))); R² of its line in time \(shown(fit.figures.r2, digits: 3)) "
          + "(\(shown(fit.walk.r2, digits: 3)), \(shown(fit.matchedWalk.r2, digits: 3)))",
        "drift share \(shown(test.driftShare, digits: 3)) (walk 0, line 1; p \(shown(test.p, digits: 2))), turning "
          + "\(shown(test.turning, digits: 3)): \(test.verdict.rawValue)",
        "forecast of step \(steps.last ?? 0) from the first \(Self.lastObserved) steps, "
          + "relative error: \(shownErrors.joined(separator: ", "))",
      ],
      verdict: exceedsWalk ? answer : "No more than chance: \(test.verdict.rawValue).", isChance: !exceedsWalk)
  }

  private var exceedsWalk: Bool { [.line, .curve, .weakDrift].contains(whole.walkTest.verdict) }

  /// What is said of a run that is more than a walk.
  private var answer: String {
    let relex = errors.first { $0.recipe == .relex }
    let shrunk = errors.first { $0.recipe == .shrunkDrift }
    let best = (shrunk?.error ?? 1) < (relex?.error ?? 0) ? ", and the shrunk one is better still" : ""
    return "The run is more than a walk (\(whole.walkTest.verdict.rawValue)); the line's forecast is "
      + ((relex?.skill ?? 0) > 0 ? "better" : "worse") + " than keeping the last checkpoint\(best)."
  }

  var picture: Plot {
    let points = zip(steps, coefficients).map { (Double($0), $1) }
    let (seen, hidden) = (Array(points[..<observed]), Array(points[observed...]))
    let last = Double(Self.lastObserved)
    let end = Double(steps.last ?? 0)
    func fitted(_ step: Double) -> (Double, Double) { (step, line.coefficient(at: step)) }
    let kept = seen.last?.1 ?? 0
    return Plot(
      x: Axis("training step", 0...(end * 1.02)),
      y: Axis("coefficient on the direction", showing: points.map(\.1) + [0, fitted(end).1]),
      marks: [
        .line([(last, kept), (end, kept)], .chance, isDashed: true),
        .line([fitted(0), fitted(last)], .second, isDashed: false),
        .line([fitted(last), fitted(end)], .second, isDashed: true), .dots(hidden, .first, isFilled: false),
        .dots(seen, .first, isFilled: true),
      ],
      description: "Coefficient of the run on its first direction against the training step, with the line's forecast",
      legend: [
        (.first, "checkpoints: observed (filled), hidden (hollow)"), (.second, "fitted line and its forecast (dashed)"),
        (.chance, "keep the last observed"),
      ])
  }

  var json: JSON {
    let (fit, line) = (whole.fit, whole.fit.components.first)
    return .object([
      ("tensor", .text(tensor)), ("energy", .optional(fit.figures.energy)), ("r2", .optional(fit.figures.r2)),
      ("null_energy", .optional(fit.walk.energy)), ("null_r2", .optional(fit.walk.r2)),
      ("slope", .optional(line?.slope)), ("intercept", .optional(line?.intercept)),
      ("verdict", .text(whole.walkTest.verdict.rawValue)),
      (
        "forecast",
        .object(
          errors.map {
            ($0.recipe.rawValue, .object([("relative_error", .number($0.error)), ("skill", .number($0.skill))]))
          })
      ),
    ])
  }
}
