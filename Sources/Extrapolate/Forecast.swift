public import Foundation
import Tensor
import TensorIO

/// How a run is continued beyond what was observed.
public enum ForecastRecipe: String, Sendable, Codable, CaseIterable {
  /// The fitted line of each tensor, anchored at the base, as RELEX does: θ₀ + Σ ĉ_k v_k. On a walk its error is far
  /// above that of keeping the last snapshot.
  case relex
  /// The last observed snapshot. No predictor beats it on a walk.
  case hold
  /// The straight line from the base through the last snapshot, shrunk by the drift share f₀ clamped to 0 … 1.
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
    for k in observed..<trajectory.snapshots.count {
      for tensor in tensors {
        let forecast = weights(tensor, at: trajectory.steps[k], recipe)
        error += tensor.gram.squaredError(ofForecast: forecast, at: k)
        kept += tensor.gram.squaredError(ofForecast: weights(tensor, at: trajectory.steps[k], .hold), at: k)
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
    let error = tensors.reduce(0) {
      $0 + $1.gram.squaredError(ofForecast: weights($1, at: step, recipe), at: k)
    }
    let square = total.gram[k, k]
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
      // One share for the whole model: the drift of all tensors together.
      let share = min(1, max(0, total.prefix(observed).driftShare(lag: 0) ?? 0))
      weights[observed - 1] = 1 + share * (distance - last) / last
    case .secant:
      let reach = (distance - last) / (last - tensor.gram.distances[observed - 2])
      weights[observed - 1] = 1 + reach
      weights[observed - 2] = -reach
    }
    return weights
  }
}

extension Forecast {
  /// Writes the forecast as a checkpoint with the base's names, shapes, types and metadata, whole or not at all.
  ///
  /// Each weight is θ₀ + Σ wᵢ(θᵢ − θ₀) in float64, rounded once. Tensors that did not move, and those that are not
  /// floating-point, are copied from the base bit for bit.
  ///
  /// - Parameters:
  ///   - url: one file, whatever the base was.
  ///   - progress: called after each block.
  /// - Throws: ``TrajectoryError``; file errors leave what was there before.
  /// - Complexity: T + 1 reads of every weight; memory of a few blocks.
  public func write(to url: URL, progress: TrajectoryProgress? = nil) throws(TrajectoryError) {
    let trajectory = fit.trajectory
    let base = trajectory.base.checkpoint
    let writer = try file { () throws(TensorFileError) in
      try SafetensorsWriter(
        to: url, tensors: base.tensors.map { TensorLayout($0.name, $0.type, shape: $0.shape) },
        metadata: base.metadata)
    }
    let fits = Dictionary(uniqueKeysWithValues: fit.tensors.map { ($0.info.name, $0) })
    let total = base.tensors.reduce(0) { $0 + $1.elementCount }
    var done = 0
    for info in writer.tensors {
      if let tensor = fits[info.name], !tensor.gram.prefix(fit.observed).isStill {
        try append(tensor, weights(tensor), to: writer) { count in progress?(done + count, total) }
      } else {
        try file { () throws(TensorFileError) in
          try base.copyBytes(of: info.name, to: writer)
        }
      }
      done += info.elementCount
      progress?(done, total)
    }
    try file { () throws(TensorFileError) in try writer.finish() }
  }

  private func append(
    _ tensor: TrajectoryFit.TensorFit, _ weights: [Double], to writer: SafetensorsWriter, _ progress: (Int) -> Void
  ) throws(TrajectoryError) {
    let trajectory = fit.trajectory
    let (name, count) = (tensor.info.name, tensor.info.elementCount)
    for start in stride(from: 0, to: count, by: 1 << 18) {
      if Task.isCancelled { throw .cancelled }
      let range = start..<min(start + 1 << 18, count)
      let origin = try trajectory.block(trajectory.base, name, range)
      var values = origin
      for (i, weight) in weights.enumerated() where weight != 0 {
        values.add(try trajectory.block(trajectory.snapshots[i], name, range) - origin, scaledBy: weight)
      }
      try file { () throws(TensorFileError) in
        try values.withUnsafeBase { (base) throws(TensorFileError) in
          try writer.append(UnsafeBufferPointer(start: base, count: range.count), to: name)
        }
      }
      progress(range.upperBound)
    }
  }
}
