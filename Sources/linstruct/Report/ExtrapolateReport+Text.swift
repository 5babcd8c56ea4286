import Foundation
import LinearStructures

extension ExtrapolateReport {
  /// The lines for people.
  var text: String {
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
}
