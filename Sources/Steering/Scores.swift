import Nulls
import Subspace
import Tensor

/// The scores of two classes of rows, in a unit in which nothing overflows.
struct Scores {
  /// Of the positive rows.
  let high: [Double]
  /// Of the negative rows.
  let low: [Double]
  /// The score of the midpoint.
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
    let vector = direction.vector.converted(to: Double.self)
    let axis = vector.scaled(byPowerOfTwo: Matrix(row: vector).exponentOfUnit)
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

  /// The gap beside its values under exchanged labels, the direction held fixed.
  func gapTest(
    exchanging exchange: Exchangeability, seed: UInt64, count: Int, progress: ProgressHandler?
  ) throws(SteeringError) -> PermutationTest {
    let scores = try Contrast(positive: Matrix(column: Vector(high)), negative: Matrix(column: Vector(low)))
    let exponent = scale.exponent - scores.exponentOfUnit
    let test = try scores.overExchangedDirections(
      exchanging: exchange, seed: seed, count: count, progress: progress
    ) { gaps in
      gaps.column(0).map { ($0 * scale.factor).scaled(byPowerOfTwo: exponent) }
    }
    return PermutationTest(observed: test.observed, null: test.null, isComplete: test.isComplete)
  }

  /// The scores summed up, beside a test of the gap or the reason why there is none.
  func evaluation(
    permutation: PermutationTest?, missing: MissingPermutation?
  ) throws(SteeringError) -> Evaluation {
    let differences = differences
    return Evaluation(
      accuracy: (share(high) { $0 > threshold } + share(low) { $0 <= threshold }) / 2,
      auroc: try areaUnderROC(positive: high, negative: low), rawGap: gap,
      pooledD: pooledDeviation(high, low).flatMap { $0 > rounding ? (mean(high) - mean(low)) / $0 : nil },
      pairedD: deviation(differences).flatMap { $0 > rounding ? mean(differences) / $0 : nil },
      pairedAccuracy: differences.isEmpty ? nil : share(differences) { $0 > 0 },
      permutation: permutation, missingPermutation: missing)
  }
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
