import Foundation
import LinearStructures

extension ExtrapolateReport {
  /// The members of `product`.
  var productJSON: JSON {
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

  /// One member of `tensors`.
  func json(_ tensor: TrajectoryFit.TensorFit) -> JSON {
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
