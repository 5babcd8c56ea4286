import Subspace
public import Tensor

/// Whether a direction that was mapped to another space finds the native one, beyond what chance would.
public struct Specificity: Sendable, Equatable, Codable {
  /// cos(Wᵀv, u), mapped against native.
  public let cosine: Double
  /// The families of controls: what else, mapped the same way, would score.
  public let controls: [ControlFamily]
  /// Whether both families that hold their level were beaten at 0.05.
  ///
  /// Isotropic directions do not decide: a mean difference of *nothing* beats them a quarter of the time, because it
  /// lies in the high-variance subspace. Each deciding test is at level 0.05 and all are required, so the
  /// conjunction needs no correction.
  public let verdict: Verdict

  /// The answer in one word.
  public enum Verdict: String, Sendable, Codable {
    /// Beats permuted labels and covariance-matched directions, both through the map.
    case specific
    /// No more than chance allows.
    case notSpecific = "not specific"
  }
}

/// The cosine with the native direction that one family of control directions reaches.
public struct ControlFamily: Sendable, Equatable, Codable {
  /// Which directions.
  public let name: Name
  /// Mean cosine.
  public let mean: Double
  /// Standard deviation of the cosine.
  public let deviation: Double
  /// One-sided p of the mapped direction among them.
  public let p: Double

  /// The families, by what is drawn.
  public enum Name: String, Sendable, Codable {
    /// Random directions of the source space through the map. Context only: false positives 0.23 at 0.05.
    case isotropicThroughMap = "isotropic through the map"
    /// Directions with the covariance of the source rows, through the map. False positives 0.06.
    case covarianceThroughMap = "covariance through the map"
    /// Labels exchanged, the direction refitted and mapped. False positives 0.055.
    case permutedLabelsThroughMap = "permuted labels through the map"
  }
}

extension RidgeMap {
  /// Compares a mapped direction with the native one, beside three families of controls mapped the same way.
  ///
  /// - Parameters:
  ///   - contrast: the classes in the source space; labels are exchanged among its rows.
  ///   - given: the direction that is mapped; by default the difference in means of the contrast.
  ///   - target: the native direction in the target space.
  ///   - exchange: how labels may be exchanged; paired contrasts need `.pairs`.
  ///   - seed: of all controls.
  ///   - count: R, the number of controls of each family.
  /// - Throws: ``SteeringError`` for widths that do not fit, equal means, exchanges that do not fit.
  /// - Complexity: 2R(nd_s + d_sd_t) flops for each family.
  public func specificity(
    of contrast: Contrast<Element>, direction given: Direction<Element>? = nil, against target: Direction<Element>,
    by exchange: Exchangeability, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999
  ) throws(SteeringError) -> Specificity {
    let direction: Direction<Element>
    if let given {
      direction = given
    } else {
      direction = try .differenceInMeans(positive: contrast.positive, negative: contrast.negative)
    }
    let rows = contrast.pooledRows(around: contrast.midpoint)
    let controls = try controlFamilies(of: direction, against: target, rows: rows, seed: seed, count: count)
    let null = try contrast.exchangedDirections(by: exchange, seed: seed, count: count)
    let permuted = try family(
      .permutedLabelsThroughMap, null.directions, direction, target, labels: null.labels)
    let all = controls + [permuted]
    let isSpecific = all.allSatisfy { $0.name == .isotropicThroughMap || $0.p <= 0.05 }
    return Specificity(
      cosine: try cosine(of: direction, with: target), controls: all,
      verdict: isSpecific ? .specific : .notSpecific)
  }

  /// The families that need no class rows: isotropic and covariance-matched directions through the map.
  ///
  /// They are context: without permuted labels there is no verdict.
  ///
  /// - Parameters:
  ///   - direction: in the source space.
  ///   - target: the native direction in the target space.
  ///   - rows: source rows that carry the covariance, n×d_s.
  ///   - seed: of all controls.
  ///   - count: R, the number of controls of each family.
  /// - Throws: ``SteeringError`` for widths that do not fit or a zero direction.
  public func controlFamilies(
    of direction: Direction<Element>, against target: Direction<Element>, rows: Matrix<Double>,
    seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999
  ) throws(SteeringError) -> [ControlFamily] {
    guard rows.columns == weights.rows else {
      throw .unequalWidths("source rows of \(rows.columns) entries, a map from \(weights.rows)")
    }
    var generator = SeededGenerator(seed: seed)
    let isotropic = Matrix<Double>.normal(rows: count, columns: weights.rows, using: &generator)
    let samples = Matrix<Double>.normal(rows: count, columns: rows.rows, using: &generator)
    return [
      try family(.isotropicThroughMap, isotropic, direction, target),
      // z·X_c has the covariance of the rows without forming it.
      try family(.covarianceThroughMap, samples * rows.centeredRows(), direction, target),
    ]
  }

  /// The cosine of a mapped direction with a native one.
  ///
  /// - Throws: ``SteeringError/noDirection`` where one of them is zero; ``SteeringError/unequalWidths(_:)``.
  public func cosine(
    of direction: Direction<Element>, with target: Direction<Element>
  ) throws(SteeringError) -> Double {
    guard let cosine = try map(direction).cosine(with: target).value else { throw .noDirection }
    return cosine
  }

  private func family(
    _ name: ControlFamily.Name, _ directions: Matrix<Double>, _ direction: Direction<Element>,
    _ target: Direction<Element>, labels: Relabelling? = nil
  ) throws(SteeringError) -> ControlFamily {
    let observed = try cosine(of: direction, with: target)
    let native = target.vector.converted(to: Double.self)
    let mapped = directions * weights.converted(to: Double.self)
    // A control that vanishes through the map points nowhere: cosine 0.
    let cosines = mapped.rowVectors.map { $0.cosine(with: native) ?? 0 }
    let sample = labels ?? Relabelling(weights: .zeros(rows: 0, columns: 0), isComplete: false)
    let test = PermutationTest(observed: observed, null: cosines, labels: sample)
    return ControlFamily(name: name, mean: test.nullMean, deviation: test.nullDeviation, p: test.p)
  }
}
