/// The area under the receiver operating characteristic: P(positive > negative) with ties counted half, by ranks:
/// (Σ ranks − n₊(n₊ + 1)/2)/(n₊n₋). Chance is ½.
///
/// ```swift
/// print(try areaUnderROC(positive: [2, 3], negative: [0, 2]))  // 0.875
/// ```
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
