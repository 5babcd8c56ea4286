public import Tensor

/// How well a direction separates two classes of rows, by the scores x·v.
public struct Evaluation: Sendable, Equatable, Codable {
  /// Mean over the two classes of the share on the right side of the midpoint; a score on it counts as negative.
  /// Chance is ½ on held-out rows, and far above it on the rows the direction was made from.
  public let accuracy: Double
  /// P(positive score > negative score), ties counted half. Chance is ½ on held-out rows.
  public let auroc: Double
  /// Mean positive score − mean negative score.
  public let rawGap: Double
  /// Raw gap over the pooled standard deviation (n − 1 weights); `nil` where the scores do not vary.
  public let pooledD: Double?
  /// Mean over the standard deviation of the pair differences; `nil` for unequal counts or no variation.
  public let pairedD: Double?
  /// Share of pairs whose positive row scores higher; `nil` for unequal counts.
  public let pairedAccuracy: Double?
  /// The raw gap under exchanged labels. `nil` where rows are the direction's own: with the direction held fixed
  /// such a test is always significant.
  public let permutation: PermutationTest?
}

extension Direction {
  /// Scores both classes by x·v and compares them.
  ///
  /// - Parameters:
  ///   - positive: n₊×d, rows that should score high; best held out.
  ///   - negative: n₋×d.
  ///   - exchange: how labels may be exchanged under the null; `.pairs` needs equal counts.
  ///   - seed: of the exchanges.
  ///   - count: R, the number of exchanges.
  /// - Returns: the scores; the threshold is the direction's own midpoint, or without one that of these rows.
  /// - Throws: ``SteeringError`` for widths that differ, empty sides, entries that are not finite.
  /// - Complexity: 2(n₊ + n₋)d flops and one sort; R(n₊ + n₋) for the null.
  public func evaluate(
    positive: Matrix<Element>, negative: Matrix<Element>, by exchange: Exchangeability = .rows,
    seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999
  ) throws(SteeringError) -> Evaluation {
    let contrast = try Contrast(positive: positive, negative: negative)
    guard contrast.width == vector.count else {
      throw .unequalWidths("rows of \(contrast.width) entries, a direction of \(vector.count)")
    }
    let axis = vector.converted(to: Double.self)
    let high = Array(positive.converted(to: Double.self) * axis)
    let low = Array(negative.converted(to: Double.self) * axis)
    let threshold = (midpoint?.converted(to: Double.self) ?? contrast.midpoint).dot(axis)
    let isPaired = high.count == low.count
    let differences = isPaired ? zip(high, low).map { $0 - $1 } : []
    let ownRows =
      !rowFingerprints.isDisjoint(with: fingerprints(positive))
      || !rowFingerprints.isDisjoint(with: fingerprints(negative))
    return Evaluation(
      accuracy: (share(high) { $0 > threshold } + share(low) { $0 <= threshold }) / 2,
      auroc: areaUnderROC(positive: high, negative: low),
      rawGap: mean(high) - mean(low),
      pooledD: pooledD(high, low),
      pairedD: deviation(differences).flatMap { $0 > 0 ? mean(differences) / $0 : nil },
      pairedAccuracy: isPaired ? share(differences) { $0 > 0 } : nil,
      permutation: ownRows ? nil : try gapTest(high, low, exchange, seed, count))
  }

  private func gapTest(
    _ high: [Double], _ low: [Double], _ exchange: Exchangeability, _ seed: UInt64, _ count: Int
  ) throws(SteeringError) -> PermutationTest {
    let scores = try Contrast(
      positive: Matrix(column: Vector(high)), negative: Matrix(column: Vector(low)))
    let null = try scores.exchangedDirections(by: exchange, seed: seed, count: count)
    return PermutationTest(
      observed: scores.meanDifference[0], null: Array(null.directions.column(0)), labels: null.labels)
  }
}

/// P(positive > negative) with ties counted half, by ranks: (Σ ranks − n₊(n₊+1)/2)/(n₊n₋). O(n log n).
public func areaUnderROC(positive: [Double], negative: [Double]) -> Double {
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

private func pooledD(_ a: [Double], _ b: [Double]) -> Double? {
  guard a.count + b.count > 2 else { return nil }
  let (freeA, freeB) = (Double(a.count - 1), Double(b.count - 1))
  let (sdA, sdB) = (deviation(a) ?? 0, deviation(b) ?? 0)
  let pooled = ((freeA * sdA * sdA + freeB * sdB * sdB) / (freeA + freeB)).squareRoot()
  return pooled > 0 ? (mean(a) - mean(b)) / pooled : nil
}
