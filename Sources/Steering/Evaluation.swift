public import Nulls
import Subspace
public import Tensor

/// How well a direction separates two classes of rows, by the scores x·v.
public struct Evaluation: Sendable, Equatable, Codable {
  /// Mean over the two classes of the share on the right side of the midpoint; a score on it counts as negative.
  /// Chance is ½ on held-out rows, and far above it on the rows the direction was made from. `nil` where all scores are
  /// equal, and for one row a side.
  public let accuracy: Double?
  /// P(positive score > negative score), ties counted half. Chance is ½ on held-out rows. `nil` as ``accuracy``.
  public let auroc: Double?
  /// Mean positive score − mean negative score along the unit direction, in units of the rows; `nil` for a zero
  /// direction.
  public let rawGap: Double?
  /// Gap over the pooled standard deviation (n − 1 weights); `nil` where the scores of a class do not vary.
  public let pooledD: Double?
  /// Mean over the standard deviation of the pair differences; `nil` for unequal counts or no variation.
  public let pairedD: Double?
  /// Share of pairs whose positive row scores higher; `nil` for unequal counts, and as ``accuracy``.
  public let pairedAccuracy: Double?
  /// The gap under exchanged labels. `nil` for the reason in ``missingPermutation``.
  public let permutation: PermutationTest?
  /// Why there is no ``permutation``.
  public let missingPermutation: MissingPermutation?
}

/// Why an evaluation has no p-value. With the direction held fixed, a test on the rows it was made from is always
/// significant.
public enum MissingPermutation: String, Sendable, Codable {
  /// Some of the rows are among those that the direction was made from.
  case ownRows = "these rows made the direction"
  /// The direction comes without fingerprints, so its rows are not known.
  case unknownRows = "the direction comes without fingerprints of its rows, so these may be the same"
  /// All scores are equal, or there is one row a side.
  case nothingToExchange = "all scores are equal, or there is one row a side"
}

/// What is known of the rows that a direction is evaluated on.
public enum EvaluatedRows: Sendable, Equatable {
  /// Fingerprints tell whether the direction was made from them; without fingerprints there is no p-value.
  case recognized
  /// They are asserted not to be those that the direction was made from.
  case heldOut
}

extension Direction {
  /// Scores both classes by x·v and compares them.
  ///
  /// - Parameters:
  ///   - positive: n₊×d, rows that should score high; best held out.
  ///   - negative: n₋×d.
  ///   - exchange: how labels may be exchanged under the null; `.pairs` needs equal counts.
  ///   - rows: whether the rows are known not to be those that the direction was made from.
  ///   - seed: of the exchanges.
  ///   - count: R, the number of exchanges.
  ///   - progress: called after each block of exchanges.
  /// - Returns: the scores; the threshold is the direction's own midpoint, or without one that of these rows.
  /// - Throws: ``SteeringError`` for widths that differ, empty sides, entries that are not finite;
  ///   ``SteeringError/rowsOfTheDirection(_:)`` where rows said to be held out are among the direction's own;
  ///   ``SteeringError/cancelled``.
  /// - Complexity: 2(n₊ + n₋)d flops and one sort; R(n₊ + n₋) for the null; float64 copies of the rows.
  public func evaluate(
    positive: Matrix<Element>, negative: Matrix<Element>, by exchange: Exchangeability = .rows,
    on rows: EvaluatedRows = .recognized, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999,
    progress: ProgressHandler? = nil
  ) throws(SteeringError) -> Evaluation {
    let contrast = try Contrast(positive: positive, negative: negative)
    guard contrast.width == vector.count else {
      throw .unequalWidths("rows of \(contrast.width) entries, a direction of \(vector.count)")
    }
    if exchange == .pairs { try contrast.checkPairs() }
    let missing = try missingPermutation(contrast, rows)
    let scores = Scores(contrast, on: self)
    guard !scores.areEqual, positive.rows + negative.rows > 2 else {
      return Evaluation(
        accuracy: nil, auroc: nil, rawGap: scores.gap, pooledD: nil, pairedD: nil, pairedAccuracy: nil,
        permutation: nil, missingPermutation: .nothingToExchange)
    }
    let differences = scores.differences
    let test = missing == nil ? try scores.gapTest(exchange, seed, count, progress) : nil
    return Evaluation(
      accuracy: (share(scores.high) { $0 > scores.threshold } + share(scores.low) { $0 <= scores.threshold }) / 2,
      auroc: try areaUnderROC(positive: scores.high, negative: scores.low),
      rawGap: scores.gap,
      pooledD: pooledDeviation(scores.high, scores.low).flatMap {
        $0 > scores.rounding ? (mean(scores.high) - mean(scores.low)) / $0 : nil
      },
      pairedD: deviation(differences).flatMap { $0 > scores.rounding ? mean(differences) / $0 : nil },
      pairedAccuracy: differences.isEmpty ? nil : share(differences) { $0 > 0 },
      permutation: test, missingPermutation: missing)
  }

  private func missingPermutation(
    _ contrast: Contrast<Element>, _ rows: EvaluatedRows
  ) throws(SteeringError) -> MissingPermutation? {
    let areOwn =
      rowFingerprints.contains(anyOf: contrast.positive) || rowFingerprints.contains(anyOf: contrast.negative)
    switch (rows, areOwn) {
    case (.recognized, true): return .ownRows
    case (.recognized, false): return rowFingerprints.isEmpty ? .unknownRows : nil
    case (.heldOut, false): return nil
    case (.heldOut, true):
      throw .rowsOfTheDirection(
        "some of these rows made the direction, by their fingerprints, so they are not held out; give other rows, or find "
          + "the direction anew for each exchange of labels")
    }
  }
}

/// The scores of two classes of rows, in a unit in which nothing overflows.
private struct Scores {
  let high: [Double]
  let low: [Double]
  let threshold: Double
  /// The size up to which a difference of scores is rounding.
  let rounding: Double
  /// The gap of the mean scores along the unit direction, in units of the rows.
  let gap: Double?
  /// What turns a score into units of the rows along the unit direction.
  private let scale: (factor: Double, exponent: Int)

  init<Element>(_ contrast: Contrast<Element>, on direction: Direction<Element>) {
    let given = direction.midpoint?.converted(to: Double.self)
    let largest = [
      contrast.positive.norm(.maximum), contrast.negative.norm(.maximum),
      given.map { Matrix(row: $0).norm(.maximum) } ?? 0,
    ]
    let exponent = Matrix(row: Vector(largest)).exponentOfUnit
    let wide = direction.vector.converted(to: Double.self)
    let axis = wide.scaled(byPowerOfTwo: Matrix(row: wide).exponentOfUnit)
    func scores(_ rows: Matrix<Element>) -> [Double] {
      // One row after the other, so that equal rows have equal scores.
      rows.converted(to: Double.self).scaled(byPowerOfTwo: exponent).rowVectors.map { $0.dot(axis) }
    }
    (high, low) = (scores(contrast.positive), scores(contrast.negative))
    let means = contrast.means
    let own = (means.positive + means.negative).scaled(by: 0.5).scaled(byPowerOfTwo: exponent - means.exponent)
    threshold = (given?.scaled(byPowerOfTwo: exponent) ?? own).dot(axis)
    let size = (largest.max() ?? 0).scaled(byPowerOfTwo: exponent)
    rounding = 8 * Double.ulpOfOne * size * axis.reduce(0) { $0 + $1.magnitude }
    let length = axis.norm
    scale = (length > 0 ? 1 / length : 0, -exponent)
    gap = length > 0 ? ((mean(high) - mean(low)) / length).scaled(byPowerOfTwo: -exponent) : nil
  }

  /// Whether no score differs from another by more than rounding.
  var areEqual: Bool {
    let all = high + low
    return (all.max() ?? 0) - (all.min() ?? 0) <= rounding
  }

  /// Of the pairs; empty for unequal counts.
  var differences: [Double] { high.count == low.count ? zip(high, low).map { $0 - $1 } : [] }

  func gapTest(
    _ exchange: Exchangeability, _ seed: UInt64, _ count: Int, _ progress: ProgressHandler?
  ) throws(SteeringError) -> PermutationTest {
    let scores = try Contrast(positive: Matrix(column: Vector(high)), negative: Matrix(column: Vector(low)))
    let exponent = scale.exponent - scores.exponentOfUnit
    let test = try scores.overExchangedDirections(by: exchange, seed: seed, count: count, progress: progress) { gaps in
      gaps.column(0).map { ($0 * scale.factor).scaled(byPowerOfTwo: exponent) }
    }
    return PermutationTest(observed: test.observed, null: test.null, isComplete: test.isComplete)
  }
}

/// P(positive > negative) with ties counted half, by ranks: (Σ ranks − n₊(n₊+1)/2)/(n₊n₋).
///
/// - Throws: ``SteeringError/invalidArgument(_:)`` for a score that is NaN; ``SteeringError/tooFewSamples(_:)`` where a
///   side is empty.
/// - Complexity: one sort of all scores.
public func areaUnderROC(positive: [Double], negative: [Double]) throws(SteeringError) -> Double {
  guard !positive.isEmpty, !negative.isEmpty else { throw .tooFewSamples("a side without scores has no rank") }
  guard !positive.contains(where: \.isNaN), !negative.contains(where: \.isNaN) else {
    throw .invalidArgument("a score is NaN, which has no rank; remove it")
  }
  let all = (positive.map { ($0, true) } + negative.map { ($0, false) }).sorted { $0.0 < $1.0 }
  var rankSum = 0.0
  var start = 0
  while start < all.count {
    var end = start
    while end < all.count, all[end].0 == all[start].0 { end += 1 }
    // Tied scores share the mean of their ranks start + 1 … end.
    let rank = Double(start + end + 1) / 2
    rankSum += rank * Double(all[start..<end].count { $0.1 })
    start = end
  }
  let n = Double(positive.count)
  return (rankSum - n * (n + 1) / 2) / (n * Double(negative.count))
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

private func share(_ values: [Double], _ holds: (Double) -> Bool) -> Double {
  Double(values.count(where: holds)) / Double(values.count)
}

/// Sample standard deviation with n − 1; `nil` below two values.
private func deviation(_ values: [Double]) -> Double? {
  guard values.count > 1 else { return nil }
  let center = mean(values)
  return (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)).squareRoot()
}

/// The standard deviation within two classes, with n − 1 weights; `nil` for one value each.
private func pooledDeviation(_ a: [Double], _ b: [Double]) -> Double? {
  guard a.count + b.count > 2 else { return nil }
  let (freeA, freeB) = (Double(a.count - 1), Double(b.count - 1))
  let (sdA, sdB) = (deviation(a) ?? 0, deviation(b) ?? 0)
  return ((freeA * sdA * sdA + freeB * sdB * sdB) / (freeA + freeB)).squareRoot()
}
