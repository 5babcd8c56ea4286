import Tensor
import Nulls
public import Runs

/// How the weights of a model at a step that was not observed follow from the observed ones: θ₀ + Σ wᵢδᵢ for each
/// tensor. Made by ``TrajectoryFit/forecast(step:recipe:)``.
///
/// The value holds the wᵢ alone. Writing the forecast as a checkpoint reads θ₀ and the δᵢ from the files of the run.
///
/// ```swift
/// let fit = try run.grams().fit()
/// let forecast = try fit.forecast(step: 500, recipe: .shrunkDrift)
/// try forecast.write(to: "forecast.safetensors", from: run)
/// ```
public struct Forecast: Sendable, Equatable {
  /// The step of the base of the run that it continues.
  public let baseStep: Int
  /// The steps of the snapshots that were observed.
  public let observedSteps: [Int]
  /// The step it is for.
  public let step: Int
  /// How it was made.
  public let recipe: ForecastRecipe
  /// How each tensor follows, in the order of the run.
  public let tensors: [TensorForecast]

  /// How one tensor follows from the observed ones.
  ///
  /// ```swift
  /// for tensor in try run.grams().fit().forecast(step: 500).tensors { print(tensor.name, tensor.weights ?? []) }
  /// ```
  public struct TensorForecast: Sendable, Equatable, Codable {
    /// The name of the tensor.
    public let name: String
    /// The weights wᵢ of the observed displacements; `nil` for a tensor that did not move, which stays as it is.
    public let weights: [Double]?
  }

  /// How much further it reaches than what was observed: (step − base)/(last observed − base).
  public var horizonRatio: Double {
    Double(step - baseStep) / Double((observedSteps.last ?? step) - baseStep)
  }
}

extension TrajectoryFit {
  /// The weights of the model at a step, by a recipe.
  ///
  /// - Throws: `TrajectoryError.invalidArgument(_:)` for a step at or before the base.
  public func forecast(step: Int, recipe: ForecastRecipe = .relex) throws(TrajectoryError) -> Forecast {
    guard step > grams.baseStep else {
      throw .invalidArgument("step \(step) does not lie after the base at step \(grams.baseStep)")
    }
    let forecasts = grams.tensors.enumerated().map { i, tensor in
      Forecast.TensorForecast(
        name: tensor.name,
        weights: tensor.gram.prefix(observed).isStill ? nil : weights(ofTensor: i, at: step, by: recipe))
    }
    return Forecast(
      baseStep: grams.baseStep, observedSteps: Array(grams.steps.prefix(observed)), step: step, recipe: recipe,
      tensors: forecasts)
  }
}

extension Forecast: CustomStringConvertible {
  /// `step 500 by relex, 5.56 times the observed length; 29 tensors from 9 snapshots, steps 10 to 90`.
  public var description: String {
    let reach = horizonRatio.formatted(digits: 3)
    return "step \(step) by \(recipe.rawValue), \(reach) times the observed length; \(tensors.count) tensors from "
      + stepRange(observedSteps)
  }
}

extension Forecast: Codable {
  private enum CodingKeys: CodingKey {
    case baseStep
    case observedSteps
    case step
    case recipe
    case tensors
  }

  /// Reads what ``encode(to:)`` wrote; steps that do not ascend and weights of another number are an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    baseStep = try container.decode(Int.self, forKey: .baseStep)
    observedSteps = try container.decode([Int].self, forKey: .observedSteps)
    step = try container.decode(Int.self, forKey: .step)
    recipe = try container.decode(ForecastRecipe.self, forKey: .recipe)
    tensors = try container.decode([TensorForecast].self, forKey: .tensors)
    guard baseStep >= 0, step > baseStep, !observedSteps.isEmpty,
      zip([baseStep] + observedSteps, observedSteps).allSatisfy({ $0 < $1 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .observedSteps, in: container,
        debugDescription: "steps \(observedSteps) from \(baseStep) and a forecast of \(step)")
    }
    let count = observedSteps.count
    if let other = tensors.first(where: { ($0.weights?.count ?? count) != count }) {
      throw DecodingError.dataCorruptedError(
        forKey: .tensors, in: container, debugDescription: "\"\(other.name)\" needs \(count) weights")
    }
  }

  /// Writes the stored properties.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(baseStep, forKey: .baseStep)
    try container.encode(observedSteps, forKey: .observedSteps)
    try container.encode(step, forKey: .step)
    try container.encode(recipe, forKey: .recipe)
    try container.encode(tensors, forKey: .tensors)
  }
}
