import Foundation
import LinearStructures

extension ExtrapolateReport {
  /// The lines for standard error.
  var warnings: [String] {
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
        "--target \(forecast.step) lies \(shown(forecast.horizonRatio, digits: 3)) times as far from the base as the "
          + "last observed snapshot; published forecasts were checked up to 20 times: choose an earlier step, or "
          + "observe more of the run")
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
}
