import Foundation
import LinearStructures

/// What is known of the products B·A of a run of LoRA checkpoints.
enum ProductFindings {
  /// They are what was followed.
  case followed(TrajectoryFit)
  /// They were tested beside the factors.
  case beside(TrajectoryFit)
  /// No configuration lies beside the factors.
  case unscaled
  /// The configuration asks for what is not supported.
  case refused(String)
}

/// What `extrapolate` prints.
struct ExtrapolateReport {
  let run: Trajectory
  let fit: TrajectoryFit
  let forecast: Forecast
  let product: ProductFindings?
  /// The file that was written.
  let output: URL?

  private var tensors: [TrajectoryFit.TensorFit] {
    fit.tensors.sorted { naturallyPrecedes($0.name, $1.name) }
  }

  private var skills: [(recipe: ForecastRecipe, skill: Double?)] {
    ForecastRecipe.allCases.map { ($0, fit.skill(of: $0)) }
  }

  var report: Report {
    let (steps, test, skills) = (run.steps.prefix(fit.observed), fit.walkTest, skills)
    return Report(
      members: [
        ("steps", .integers(steps)),
        ("verdict", .text(fit.verdict.rawValue)),
        ("skill", .optional(skills.first { $0.recipe == forecast.recipe }?.skill)),
        ("horizon_ratio", .optional(forecast.horizonRatio)),
        ("tensors", .list(tensors.map(json))),
        ("drift_share", .optional(test.driftShare)),
        ("turning", .optional(test.turning)),
        ("p", .optional(test.p)),
        ("p_low", .optional(test.pLow)),
        ("p_turn", .optional(test.pTurn)),
        ("memory", .integer(test.memory)),
        ("momentum", .optional(test.momentum)),
        (
          "skills",
          .list(
            skills.map {
              .object([("recipe", .text($0.recipe.rawValue)), ("skill", .optional($0.skill))])
            })
        ),
        ("as", run.adapters.map { .text($0.rawValue) } ?? .null),
        ("product", productJSON),
        (
          "left_out",
          .list(
            run.leftOut.map {
              .object([("name", .text($0.name)), ("reason", .text($0.reason))])
            })
        ),
      ],
      text: text, warnings: warnings, table: "tensors")
  }

  private var text: String {
    let (steps, test) = (run.steps, fit.walkTest)
    var lines = [
      "\(fit.observed) snapshots observed, steps \(steps[0]) to \(steps[fit.observed - 1]), "
        + (run.origin == .zero ? "counted from zero" : "base at step \(run.base.step)"),
      "", table, "", "all tensors together: \(words(test))", momentumLine,
    ]
    lines += productLines
    let destination = output.map { ": \($0.relativePath)" } ?? ", which is not written"
    let reach = shown(forecast.horizonRatio, digits: 3)
    lines.append("forecast to step \(forecast.step), \(reach) times the observed length\(destination)")
    lines.append(skillLine)
    return lines.joined(separator: "\n")
  }

  private var table: String {
    var table = TextTable(["tensor", "energy", "walk", "matched", "R²", "walk", "matched", "drift", "p", "verdict"])
    for tensor in tensors {
      let (figures, walk, matched) = (tensor.fit.figures, tensor.fit.walk, tensor.fit.matchedWalk)
      let test = tensor.walkTest
      table.add([
        tensor.name, shown(figures.energy), shown(walk.energy, digits: 3), shown(matched.energy, digits: 3),
        shown(figures.r2), shown(walk.r2, digits: 3), shown(matched.r2, digits: 3), shown(test.driftShare, digits: 3),
        shown(test.p, digits: 2), test.verdict.rawValue,
      ])
    }
    return table.text
  }

  /// A verdict with its figures, and where there is none how many snapshots would do.
  private func words(_ test: WalkTest) -> String {
    let figures =
      "\(test.verdict.rawValue) (drift share \(shown(test.driftShare, digits: 3)), turning "
      + "\(shown(test.turning, digits: 3)), p \(shown(test.p, digits: 2)))"
    guard test.verdict == .undecided else { return figures }
    return figures + ": \(fit.observed) snapshots are too few for a verdict, \(test.snapshotsNeeded) would do"
  }

  private var momentumLine: String {
    guard let momentum = fit.walkTest.momentum else {
      return "momentum of the optimizer is not excluded: it looks like drift; --momentum corrects for it"
    }
    return
      "corrected for a momentum of \(shown(momentum)): pairs of increments at most \(fit.walkTest.memory) apart are "
      + "left out"
  }

  private var productLines: [String] {
    let growth = { (fit: TrajectoryFit) in "A grew by \(shown(fit.grams.adapterGrowth, digits: 3)) of its length" }
    return switch product {
    case nil: []
    case .followed(let products):
      [
        "followed: the products B·A of the LoRA factors, with their scale; \(growth(products))",
        "no forecast is written, because an adapter holds factors: leave out --as product to forecast A and B",
      ]
    case .beside(let products):
      [
        "followed: the LoRA factors A and B, as tensors",
        "the products B·A with their scale, which the model sees: \(words(products.walkTest)); \(growth(products))",
      ]
    case .unscaled, .refused:
      ["followed: the LoRA factors A and B, as tensors; the scale of B·A is not known"]
    }
  }

  private var skillLine: String {
    let skills = skills.filter { $0.recipe != .hold }
    if skills.allSatisfy({ $0.skill == nil }) {
      return "skill on hidden snapshots: – (none hidden; --observe hides the last ones)"
    }
    return "skill on hidden snapshots (keep the last: 0): "
      + skills.map { "\($0.recipe.rawValue) \(shown($0.skill, digits: 3))" }.joined(separator: ", ")
  }

  private var warnings: [String] {
    var lines = run.leftOut.map { "\($0.name): \($0.reason); it is left out" }
    if let first = run.typeDifferences.first {
      let more = run.typeDifferences.count - 1
      lines.append(
        "\(first.snapshot): tensor \"\(first.tensor)\" is stored as \(first.found.rawValue), in the base as "
          + "\(first.base.rawValue)\(more > 0 ? ", and \(more) more differ in type" : ""); they are compared as numbers"
      )
    }
    if case .refused(let reason) = product { lines.append("B·A is not tested: \(reason)") }
    if case .unscaled = product {
      lines.append("B·A is not tested: no adapter_config.json beside the factors gives its scale [missing-scale]")
    }
    if let skill = fit.skill(of: forecast.recipe), skill < 0 { lines.append(worseThanKeeping(skill)) }
    // Rank-1 forecasts were published for up to 20 times the observed length, from 50 steps to 1000 (arXiv 2605.21468).
    if forecast.horizonRatio > 20 {
      lines.append(
        "--target \(forecast.step) lies \(shown(forecast.horizonRatio, digits: 3)) times as far from the base as the last "
          + "observed snapshot; published forecasts were checked up to 20 times: choose an earlier step, or observe more "
          + "of the run")
    }
    return lines
  }

  private func worseThanKeeping(_ skill: Double) -> String {
    let best = skills.filter { ($0.skill ?? 0) > 0 }.max { ($0.skill ?? 0) < ($1.skill ?? 0) }
    let advice =
      best.map { "--recipe \($0.recipe.rawValue) has \(shown($0.skill, digits: 3))" }
      ?? "keeping the last snapshot wins (--recipe hold)"
    return "--recipe \(forecast.recipe.rawValue) is worse than keeping the last observed snapshot on the hidden ones "
      + "(skill \(shown(skill, digits: 3))); \(advice)"
  }

  private var productJSON: JSON {
    switch product {
    case .followed(let products), .beside(let products): productJSON(products)
    case nil, .unscaled, .refused: .null
    }
  }

  private func productJSON(_ products: TrajectoryFit) -> JSON {
    let (test, figures) = (products.walkTest, products.totalFit.figures)
    return .object([
      ("verdict", .text(test.verdict.rawValue)),
      ("drift_share", .optional(test.driftShare)),
      ("turning", .optional(test.turning)),
      ("p", .optional(test.p)),
      ("energy", .optional(figures.energy)),
      ("r2", .optional(figures.r2)),
      ("growth", .optional(products.grams.adapterGrowth)),
    ])
  }

  private func json(_ tensor: TrajectoryFit.TensorFit) -> JSON {
    let (line, test) = (tensor.fit.components.first, tensor.walkTest)
    let baseStep = Double(run.base.step)
    return .object([
      ("name", .text(tensor.name)),
      ("energy", .optional(tensor.fit.figures.energy)),
      ("r2", .optional(tensor.fit.figures.r2)),
      ("slope", .optional(line?.slope)),
      // The line at step 0 of the run: the fit counts from the base.
      ("intercept", .optional(line?.coefficient(at: -baseStep))),
      ("null_energy", .optional(tensor.fit.walk.energy)),
      ("null_r2", .optional(tensor.fit.walk.r2)),
      ("matched_energy", .optional(tensor.fit.matchedWalk.energy)),
      ("matched_r2", .optional(tensor.fit.matchedWalk.r2)),
      ("drift_share", .optional(test.driftShare)),
      ("turning", .optional(test.turning)),
      ("p", .optional(test.p)),
      ("p_low", .optional(test.pLow)),
      ("p_turn", .optional(test.pTurn)),
      ("q", .optional(tensor.q)),
      ("verdict", .text(test.verdict.rawValue)),
    ])
  }
}
