import Foundation
import LinearStructures

/// What is known of the products B·A of a run of LoRA checkpoints.
enum ProductFindings {
  /// The products were followed; this is their fit.
  case followed(TrajectoryFit)
  /// The factors were followed, and the products were tested beside them.
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
  /// The file that was written; `nil` where none was.
  let output: URL?

  /// The fits of the tensors, sorted by name.
  var tensors: [TrajectoryFit.TensorFit] {
    fit.tensors.sorted { naturallyPrecedes($0.name, $1.name) }
  }

  /// The skill of every recipe on the hidden snapshots.
  var skills: [(recipe: ForecastRecipe, skill: Double?)] {
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
}
