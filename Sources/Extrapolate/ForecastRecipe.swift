import Runs
import Tensor

/// How a run is continued beyond what was observed.
///
/// ```swift
/// let fit = try run.grams().fit(observing: 90)
/// for recipe in ForecastRecipe.allCases { print(recipe, fit.skill(of: recipe) ?? 0) }
/// ```
public enum ForecastRecipe: String, Sendable, Codable, CaseIterable {
  /// The fitted line of each tensor, anchored at the base, as RELEX does: θ₀ + Σ ĉ_k v_k. On a walk its error is far
  /// above that of keeping the last snapshot.
  case relex
  /// The last observed snapshot. No predictor beats it on a walk.
  case hold
  /// The straight line from the base through the last snapshot of each tensor, shrunk by that tensor's own drift share
  /// f₀ clamped to 0 … 1.
  case shrunkDrift = "shrunk"
  /// The straight line through the last two snapshots.
  case secant
}

extension TrajectoryFit {
  /// The weights wᵢ of the observed displacements δᵢ of one tensor, whose forecast is θ₀ + Σ wᵢδᵢ.
  ///
  /// - Parameter i: which tensor.
  func weights(ofTensor i: Int, at step: Int, by recipe: ForecastRecipe) -> [Double] {
    let (gram, steps) = (grams.tensors[i].gram, grams.steps)
    let distance = Double(step - grams.baseStep)
    let last = gram.distances[observed - 1]
    var weights = [Double](repeating: 0, count: observed)
    switch recipe {
    case .relex: return tensors[i].fit.weights(at: distance, count: observed)
    case .hold: weights[observed - 1] = 1
    case .shrunkDrift:
      // The share is learned from the tensor that it is applied to, so that a part of a model is forecast as the
      // whole is.
      let share = min(1, max(0, gram.prefix(observed).driftShare(lag: 0) ?? 0))
      weights[observed - 1] = 1 + share * (distance - last) / last
    case .secant:
      // Steps are subtracted as integers: beyond 2⁵³ neighbours are the same number in float64.
      let reach = Double(step - steps[observed - 1]) / Double(steps[observed - 1] - steps[observed - 2])
      weights[observed - 1] = 1 + reach
      weights[observed - 2] = -reach
    }
    return weights
  }
}
