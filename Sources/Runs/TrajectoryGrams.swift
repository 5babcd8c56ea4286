import Tensor

/// What one pass over the files of a run leaves: a T×T Gram matrix for each tensor, made by
/// `Trajectory.grams(progress:)`.
///
/// G_ij = ⟨θᵢ − θ₀, θⱼ − θ₀⟩ in float64. Lines in time, tests against walks, prefixes, forecasts and their errors are
/// algebra on these numbers, so none of them reads the files again. The value can be stored, and read back after the
/// checkpoints are gone.
///
/// ```swift
/// let grams = try run.grams { done, total in print(done, total) }  // the one pass over the files
/// print(grams.steps, grams.total.isStill)
/// ```
public struct TrajectoryGrams: Sendable, Equatable {
  /// One tensor and its Gram matrix.
  ///
  /// ```swift
  /// for tensor in try run.grams().tensors { print(tensor.name, tensor.shape, tensor.gram) }
  /// ```
  public struct TensorGram: Sendable, Equatable, Codable {
    /// The name of the tensor; for a product of adapter factors that of its module.
    public let name: String
    /// Its shape.
    public let shape: [Int]
    /// The Gram matrix of its displacements.
    public let gram: TemporalGram

    package init(name: String, shape: [Int], gram: TemporalGram) {
      (self.name, self.shape, self.gram) = (name, shape, gram)
    }
  }

  /// The step of the base, from which displacements are counted.
  public let baseStep: Int
  /// The steps of the snapshots, ascending.
  public let steps: [Int]
  /// The Gram matrices, in the order of ``Trajectory/tensors``; at least one.
  public let tensors: [TensorGram]
  /// The Gram matrix of all tensors together: the sum of theirs.
  public let total: TemporalGram
  /// What was followed of low-rank adapters; `nil` where the checkpoints hold no pairs of factors.
  public let adapters: Trajectory.AdapterView?
  /// ‖A_T − A₀‖/‖A₀‖ over all factors A: by how much what a product's steps are made of has grown.
  ///
  /// Steps of s·B·A are independent as far as A stands still: near 1 trust only tests on the factors. `nil` where
  /// displacements are counted from zero, A₀ is zero, or no product is followed.
  public let adapterGrowth: Double?

  /// Gram matrices of one run.
  ///
  /// - Throws: ``TrajectoryError/invalidArgument(_:)`` where the steps do not ascend from the base, there is no tensor,
  ///   the Gram matrices are not of these steps, or their sum overflows float64.
  package init(
    baseStep: Int, steps: [Int], tensors: [TensorGram], adapters: Trajectory.AdapterView? = nil,
    adapterGrowth: Double? = nil
  ) throws(TrajectoryError) {
    guard baseStep >= 0, zip([baseStep] + steps, steps).allSatisfy({ $0 < $1 }) else {
      throw .invalidArgument("the steps \(steps) do not ascend from the base's step \(baseStep)")
    }
    let distances = steps.map { Double($0 - baseStep) }
    guard let total = TemporalGram.total(tensors.map(\.gram)) else {
      throw .invalidArgument("there is no Gram matrix of any tensor")
    }
    guard tensors.allSatisfy({ $0.gram.distances == distances }) else {
      throw .invalidArgument("the Gram matrices are not those of the steps \(steps)")
    }
    guard total.gram.norm(.maximum).isFinite else {
      throw .invalidArgument(
        "the squared displacements of all tensors together overflow float64; multiply the weights of all checkpoints "
          + "by one power of two")
    }
    (self.baseStep, self.steps, self.tensors, self.total) = (baseStep, steps, tensors, total)
    (self.adapters, self.adapterGrowth) = (adapters, adapterGrowth)
  }

  /// T, the number of snapshots.
  public var count: Int { steps.count }
}

extension TrajectoryGrams: CustomStringConvertible {
  /// `30 snapshots, steps 10 to 300, base at step 0; Gram matrices of 29 tensors`.
  public var description: String {
    let followed = adapters == .product ? "tensors and products of adapter factors" : "tensors"
    return "\(stepRange(steps)), base at step \(baseStep); Gram matrices of \(tensors.count) \(followed)"
  }
}

extension TrajectoryGrams: Codable {
  private enum CodingKeys: CodingKey {
    case baseStep
    case steps
    case tensors
    case adapters
    case adapterGrowth
  }

  /// Reads what ``encode(to:)`` wrote; Gram matrices that are not of one run are an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let (baseStep, steps) = (
      try container.decode(Int.self, forKey: .baseStep), try container.decode([Int].self, forKey: .steps)
    )
    let tensors = try container.decode([TensorGram].self, forKey: .tensors)
    let adapters = try container.decodeIfPresent(Trajectory.AdapterView.self, forKey: .adapters)
    let growth = try container.decodeIfPresent(Double.self, forKey: .adapterGrowth)
    do {
      try self.init(
        baseStep: baseStep, steps: steps, tensors: tensors, adapters: adapters, adapterGrowth: growth)
    } catch {
      throw DecodingError.dataCorruptedError(forKey: .tensors, in: container, debugDescription: "\(error)")
    }
  }

  /// Writes everything except ``total``, which follows from the tensors.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(baseStep, forKey: .baseStep)
    try container.encode(steps, forKey: .steps)
    try container.encode(tensors, forKey: .tensors)
    try container.encodeIfPresent(adapters, forKey: .adapters)
    try container.encodeIfPresent(adapterGrowth, forKey: .adapterGrowth)
  }
}

/// `30 snapshots, steps 10 to 300`.
package func stepRange(_ steps: some BidirectionalCollection<Int>) -> String {
  guard let first = steps.first, let last = steps.last else { return "no snapshot" }
  return steps.count == 1 ? "1 snapshot, step \(first)" : "\(steps.count) snapshots, steps \(first) to \(last)"
}
