public import Runs
import Tensor

/// How a run is continued beyond what was observed.
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

/// The weights of a model at a step that was not observed. Made by ``TrajectoryFit/forecast(step:recipe:)``.
public struct Forecast: Sendable {
  /// What it continues.
  public let fit: TrajectoryFit
  /// The step it is for.
  public let step: Int
  /// How it was made.
  public let recipe: ForecastRecipe

  /// How much further it reaches than what was observed: (step − base)/(last observed − base).
  public var horizonRatio: Double {
    let trajectory = fit.trajectory
    return Double(step - trajectory.base.step) / Double(trajectory.steps[fit.observed - 1] - trajectory.base.step)
  }

  /// The weights of the observed displacements for one tensor: the forecast is θ₀ + Σ wᵢδᵢ.
  func weights(_ tensor: TrajectoryFit.TensorFit) -> [Double] { fit.weights(tensor, at: step, recipe) }
}

extension TrajectoryFit {
  /// The weights of the model at a step, by a recipe.
  ///
  /// - Throws: ``TrajectoryError/invalidArgument(_:)`` for a step at or before the base.
  public func forecast(step: Int, recipe: ForecastRecipe = .relex) throws(TrajectoryError) -> Forecast {
    guard step > trajectory.base.step else {
      throw .invalidArgument("step \(step) does not lie after the base at step \(trajectory.base.step)")
    }
    return Forecast(fit: self, step: step, recipe: recipe)
  }

  /// Skill over the hidden snapshots: 1 − Σ‖forecast − δ‖²/Σ‖δ_m − δ‖², all tensors together.
  ///
  /// 0 is "keep the last observed snapshot", the null of a forecast; negative is worse. `nil` where no snapshot is
  /// hidden or nothing moved after the observed ones.
  public func skill(of recipe: ForecastRecipe) -> Double? {
    var (error, kept) = (0.0, 0.0)
    let exponent = total.unitExponent
    let grams = tensors.map { $0.gram.inUnits(ofPower: exponent) }
    for k in observed..<trajectory.snapshots.count {
      for (tensor, gram) in zip(tensors, grams) {
        let forecast = weights(tensor, at: trajectory.steps[k], recipe)
        error += gram.squaredError(ofForecast: forecast, at: k)
        kept += gram.squaredError(ofForecast: weights(tensor, at: trajectory.steps[k], .hold), at: k)
      }
    }
    return kept > 0 ? 1 - error / kept : nil
  }

  /// ‖forecast − δ‖/‖δ‖ for a snapshot, all tensors together; `nil` where δ is zero.
  ///
  /// - Parameters:
  ///   - recipe: how the run is continued.
  ///   - k: which snapshot, counted from 0. Traps outside.
  public func relativeError(of recipe: ForecastRecipe, at k: Int) -> Double? {
    let step = trajectory.steps[k]
    let exponent = total.unitExponent
    let error = tensors.reduce(0) {
      $0 + $1.gram.inUnits(ofPower: exponent).squaredError(ofForecast: weights($1, at: step, recipe), at: k)
    }
    let square = total.inUnits(ofPower: exponent).gram[k, k]
    return square > 0 ? (error / square).squareRoot() : nil
  }

  func weights(_ tensor: TensorFit, at step: Int, _ recipe: ForecastRecipe) -> [Double] {
    let distance = Double(step - trajectory.base.step)
    let last = tensor.gram.distances[observed - 1]
    var weights = [Double](repeating: 0, count: observed)
    switch recipe {
    case .relex: return tensor.fit.weights(at: distance, count: observed)
    case .hold: weights[observed - 1] = 1
    case .shrunkDrift:
      // What a recipe learns comes from the tensor that it is applied to, so that parts of a model are forecast alike.
      let share = min(1, max(0, tensor.gram.prefix(observed).driftShare(lag: 0) ?? 0))
      weights[observed - 1] = 1 + share * (distance - last) / last
    case .secant:
      // Steps are subtracted as integers: beyond 2⁵³ neighbours are the same number in float64.
      let steps = trajectory.steps
      let reach = Double(step - steps[observed - 1]) / Double(steps[observed - 1] - steps[observed - 2])
      weights[observed - 1] = 1 + reach
      weights[observed - 2] = -reach
    }
    return weights
  }
}
