public import Nulls
import Subspace
public import Tensor

/// Whether a direction that was mapped to another space finds the native one, beyond what chance would.
public struct Specificity: Sendable, Equatable, Codable {
  /// cos(Wᵀv, u), mapped against native.
  public let cosine: Double
  /// The families of controls: what else, mapped the same way, would score.
  public let controls: [ControlFamily]
  /// Whether both families that hold their level were beaten at 0.05; `nil` where the native direction comes from the same
  /// prompts as the class rows.
  ///
  /// The controls keep the native direction fixed. From the same prompts its sampling noise is that of the mapped direction,
  /// which the map carries across: nothing planted is then called specific in up to 1.00 of cases.
  ///
  /// Isotropic directions do not decide: a mean difference of *nothing* beats them a quarter of the time, because it
  /// lies in the high-variance subspace. Each deciding test is at level 0.05 and all are required, so the
  /// conjunction needs no correction.
  public let verdict: Verdict?

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

/// Which prompts a native direction was made from.
public enum NativePrompts: Sendable, CaseIterable {
  /// Others than those of the class rows in the source space.
  case others
  /// The same, or it is not known.
  case same
}

extension RidgeMap {
  /// Compares a mapped direction with the native one, beside three families of controls mapped the same way.
  ///
  /// - Parameters:
  ///   - contrast: the classes in the source space; labels are exchanged among its rows.
  ///   - given: the direction that is mapped; by default the difference in means of the contrast.
  ///   - target: the native direction in the target space.
  ///   - nativePrompts: whether the native direction was made from other prompts than the class rows; without that there is
  ///     no verdict.
  ///   - exchange: how labels may be exchanged; paired contrasts need `.pairs`.
  ///   - seed: of all controls.
  ///   - count: R, the number of controls of each family.
  ///   - progress: called after each block of controls.
  /// - Throws: ``SteeringError`` for widths that do not fit, equal means, exchanges that do not fit;
  ///   ``SteeringError/cancelled``.
  /// - Complexity: 2R(nd_s + d_sd_t) flops for each family; a float64 copy of the rows, and 64 controls at a time.
  public func specificity(
    of contrast: Contrast<Element>, direction given: Direction<Element>? = nil, against target: Direction<Element>,
    nativePrompts: NativePrompts, by exchange: Exchangeability, seed: UInt64 = SeededGenerator.defaultSeed,
    count: Int = 999, progress: ProgressHandler? = nil
  ) throws(SteeringError) -> Specificity {
    let direction: Direction<Element>
    if let given {
      direction = given
    } else {
      direction = try .differenceInMeans(positive: contrast.positive, negative: contrast.negative)
    }
    let observed = try cosine(of: direction, with: target)
    let measure = MappedCosines(self, with: target)
    // Three families of equal size, one after the other.
    let controls = try controlFamilies(
      of: direction, against: target, rows: contrast.pooledRows(exponent: contrast.exponentOfUnit), seed: seed,
      count: count, progress: shifted(progress) { ($0, $1 / 2 * 3) })
    let null = try contrast.overExchangedDirections(
      by: exchange, seed: seed, count: count,
      progress: shifted(progress) { (2 * $1 + $0, 3 * $1) }
    ) { measure($0) }
    let permuted = ControlFamily(
      .permutedLabelsThroughMap, observed: observed, null: null.null, isComplete: null.isComplete)
    let all = controls + [permuted]
    let isSpecific = all.allSatisfy { $0.name == .isotropicThroughMap || $0.p <= 0.05 }
    return Specificity(
      cosine: observed, controls: all,
      verdict: nativePrompts == .same ? nil : isSpecific ? .specific : .notSpecific)
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
  ///   - progress: called after each block of controls.
  /// - Throws: ``SteeringError`` for widths that do not fit, a zero direction or R < 1; ``SteeringError/cancelled``.
  /// - Complexity: 2R(nd_s + d_sd_t) flops; a copy of the rows, and 64 controls at a time.
  public func controlFamilies(
    of direction: Direction<Element>, against target: Direction<Element>, rows: Matrix<Double>,
    seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999, progress: ProgressHandler? = nil
  ) throws(SteeringError) -> [ControlFamily] {
    guard rows.columns == weights.rows else {
      throw .unequalWidths("source rows of \(rows.columns) entries, a map from \(weights.rows)")
    }
    guard count >= 1 else { throw .invalidArgument("\(count) controls; give at least 19 for p = 0.05") }
    let observed = try cosine(of: direction, with: target)
    let measure = MappedCosines(self, with: target)
    let centred = rows.scaled(byPowerOfTwo: rows.exponentOfUnit).centeredRows()
    var generator = SeededGenerator(seed: seed)
    func family(
      _ name: ControlFamily.Name, drawn first: Int, _ width: Int, _ directions: (Matrix<Double>) -> Matrix<Double>
    ) throws(SteeringError) -> ControlFamily {
      var cosines: [Double] = []
      // Blocks of an even number of rows, so that the generator gives what it gives for all of them at once.
      for start in stride(from: 0, to: count, by: 64) {
        if Cancellation.isRequested { throw .cancelled }
        let drawn = Matrix<Double>.normal(rows: min(64, count - start), columns: width, using: &generator)
        cosines += measure(directions(drawn))
        progress?(first + cosines.count, 2 * count)
      }
      return ControlFamily(name, observed: observed, null: cosines, isComplete: false)
    }
    return [
      try family(.isotropicThroughMap, drawn: 0, weights.rows) { $0 },
      // z·X_c has the covariance of the rows without forming it.
      try family(.covarianceThroughMap, drawn: count, rows.rows) { $0 * centred },
    ]
  }

  /// The cosine of a mapped direction with a native one.
  ///
  /// - Throws: ``SteeringError/noDirection`` where one of them is zero; ``SteeringError/unequalWidths(_:)``.
  public func cosine(
    of direction: Direction<Element>, with target: Direction<Element>
  ) throws(SteeringError) -> Double {
    guard direction.vector.count == weights.rows else {
      throw .unequalWidths("a direction of \(direction.vector.count) entries, a map from \(weights.rows)")
    }
    guard target.vector.count == weights.columns else {
      throw .unequalWidths("directions of \(weights.columns) and \(target.vector.count) entries")
    }
    let wide = Matrix(row: direction.vector.converted(to: Double.self))
    let exponent = wide.exponentOfUnit
    let cosine =
      exponent == 0 && weights.exponentOfUnit == 0
      ? try map(direction).cosine(with: target).value
      : MappedCosines(self, with: target).cosines(wide.scaled(byPowerOfTwo: exponent))[0]
    guard let cosine else { throw .noDirection }
    return cosine
  }
}

/// The cosines of mapped directions with a native one, none of which depends on a length.
private struct MappedCosines {
  private let weights: Matrix<Double>
  private let native: Vector<Double>

  init<Element>(_ map: RidgeMap<Element>, with target: Direction<Element>) {
    // In a unit in which no product overflows or vanishes.
    weights = map.weights.converted(to: Double.self).scaled(byPowerOfTwo: map.weights.exponentOfUnit)
    native = target.vector.converted(to: Double.self)
  }

  /// Of every row; `nil` where one of the two is zero.
  func cosines(_ directions: Matrix<Double>) -> [Double?] {
    (directions * weights).rowVectors.map { $0.cosine(with: native) }
  }

  /// Of every row; a control that vanishes through the map points nowhere, which is cosine 0.
  func callAsFunction(_ directions: Matrix<Double>) -> [Double] { cosines(directions).map { $0 ?? 0 } }
}

/// The progress of a part, told as that of the whole.
private func shifted(
  _ progress: ProgressHandler?, _ place: @escaping @Sendable (_ done: Int, _ total: Int) -> (Int, Int)
) -> ProgressHandler? {
  guard let progress else { return nil }
  return { done, total in
    let (whole, all) = place(done, total)
    progress(whole, all)
  }
}

extension ControlFamily {
  fileprivate init(_ name: Name, observed: Double, null: [Double], isComplete: Bool) {
    let test = PermutationTest(observed: observed, null: null, isComplete: isComplete)
    self.init(name: name, mean: test.chance, deviation: test.chanceDeviation, p: test.p)
  }
}
