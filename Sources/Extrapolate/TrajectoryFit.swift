import Nulls
public import Runs

/// Lines in time through a run, one for each tensor and one for all together. Made by
/// `TrajectoryGrams.fit(rank:observing:momentum:seed:progress:)`.
///
/// ```swift
/// let fit = try run.grams().fit(rank: 1, observing: 90)  // later snapshots are hidden and judge the forecast
/// print(fit.verdict, fit.walkTest.driftShare ?? 0, fit.skill(of: .shrunkDrift) ?? 0)
/// ```
public struct TrajectoryFit: Sendable, Equatable {
  /// What was fitted, hidden snapshots included.
  public let grams: TrajectoryGrams
  /// The number of snapshots that were observed, the first ones; at least two.
  public let observed: Int
  /// The fits, in the order of the tensors of ``grams``.
  public let tensors: [TensorFit]
  /// The figures and the fit of all tensors together, over the observed snapshots.
  public let totalFit: TemporalFit
  /// Whether all tensors together are more than a walk.
  public let walkTest: WalkTest

  /// The answer for all tensors together.
  public var verdict: WalkTest.Verdict { walkTest.verdict }

  /// One tensor and what was found of it over the observed snapshots.
  ///
  /// ```swift
  /// for tensor in try run.grams().fit().tensors { print(tensor.name, tensor.walkTest, tensor.q ?? 1) }
  /// ```
  public struct TensorFit: Sendable, Equatable, Codable {
    /// The name of the tensor.
    public let name: String
    /// Its line.
    public let fit: TemporalFit
    /// Whether it is more than a walk.
    public let walkTest: WalkTest
    /// The share of false discoveries among the tensors that are accepted with it; `nil` where there was no test.
    public let q: Double?
  }
}

extension TrajectoryFit: CustomStringConvertible {
  /// `line (drift share 0.734, turning 0.981, p 0.0039); 29 tensors, 9 of 30 snapshots observed, steps 10 to 90`.
  public var description: String {
    let observedSteps = stepRange(grams.steps.prefix(observed))
    return "\(walkTest); \(tensors.count) tensors, \(observedSteps), of \(grams.count) observed"
  }
}

extension TrajectoryFit: Codable {
  private enum CodingKeys: CodingKey {
    case grams
    case observed
    case tensors
    case totalFit
    case walkTest
  }

  /// Reads what ``encode(to:)`` wrote; fits that are not those of the Gram matrices are an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let grams = try container.decode(TrajectoryGrams.self, forKey: .grams)
    let observed = try container.decode(Int.self, forKey: .observed)
    let tensors = try container.decode([TensorFit].self, forKey: .tensors)
    let totalFit = try container.decode(TemporalFit.self, forKey: .totalFit)
    let fits = tensors.map(\.fit) + [totalFit]
    guard observed >= 2, observed <= grams.count, tensors.map(\.name) == grams.tensors.map(\.name),
      fits.allSatisfy({ $0.components.allSatisfy { $0.direction.count == observed } })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .tensors, in: container,
        debugDescription: "fits of \(tensors.count) tensors over \(observed) snapshots for \(grams)")
    }
    self.init(
      grams: grams, observed: observed, tensors: tensors, totalFit: totalFit,
      walkTest: try container.decode(WalkTest.self, forKey: .walkTest))
  }

  /// Writes the stored properties.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(grams, forKey: .grams)
    try container.encode(observed, forKey: .observed)
    try container.encode(tensors, forKey: .tensors)
    try container.encode(totalFit, forKey: .totalFit)
    try container.encode(walkTest, forKey: .walkTest)
  }
}
