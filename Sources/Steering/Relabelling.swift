import Tensor

/// How labels may be exchanged under the null "the label does not matter".
///
/// The right choice follows how the rows were drawn. Exchanging freely what comes in pairs costs power (0.06 instead
/// of 0.57 in simulation); exchanging rows of one prompt or conversation singly gives false positives (0.24 at 0.05).
public enum Exchangeability: Sendable, Equatable {
  /// Any row may carry any label.
  case rows
  /// Row i of both sides is one pair: the two labels are exchanged within it.
  case pairs
  /// Rows of a group share one label, and whole groups exchange theirs. One group number a row, positive rows first.
  case groups([Int])
}

/// A set of exchanged labels, as weights: row r of ``weights`` turns rows of activations into one difference.
struct Relabelling: Sendable {
  /// R×n. Unpaired: 1/n₊ and −1/n₋. Paired, for pair differences: ±1/n.
  let weights: Matrix<Double>
  /// Whether every exchange is there once, the identity among them; else the weights are a random sample.
  let isComplete: Bool

  /// p = (1 + #{null ≥ observed})/(1 + R), or #{null ≥ observed}/count over a complete set. Ties count against.
  func pValue(observed: Double, null: some Collection<Double>) -> Double {
    // The identity must tie with the observed value although it is summed in another order.
    let threshold = observed - 1e-12 * observed.magnitude
    let exceeding = Double(null.count { $0 >= threshold })
    return isComplete ? exceeding / Double(null.count) : (1 + exceeding) / (1 + Double(null.count))
  }

  /// Exchanges of the labels of n₊ positive and n₋ negative rows.
  ///
  /// - Parameters:
  ///   - count: R; all exchanges are listed instead where they are no more than R.
  /// - Throws: ``SteeringError/unequalCounts(_:)`` for pairs;
  ///   ``SteeringError/invalidArgument(_:)`` for groups that do not fit the rows.
  static func labels(
    positive: Int, negative: Int, by exchange: Exchangeability, count: Int, using generator: inout SeededGenerator
  ) throws(SteeringError) -> Relabelling {
    switch exchange {
    case .pairs:
      guard positive == negative else {
        throw .unequalCounts(
          "\(positive) positive and \(negative) negative rows do not form pairs; give row i of both sides to the same "
            + "prompt, or exchange labels by rows")
      }
      return signFlips(pairs: positive, count: count, using: &generator)
    case .rows:
      return groupLabels(Array(0..<(positive + negative)), positive: positive, count: count, using: &generator)
    case .groups(let groups):
      guard groups.count == positive + negative else {
        throw .invalidArgument("\(groups.count) group numbers for \(positive + negative) rows")
      }
      let shared = Set(groups[..<positive]).intersection(groups[positive...])
      if let group = shared.min() {
        throw .invalidArgument("group \(group) has rows on both sides: use pairs, or another grouping")
      }
      return groupLabels(groups, positive: positive, count: count, using: &generator)
    }
  }

  private static func signFlips(pairs: Int, count: Int, using generator: inout SeededGenerator) -> Relabelling {
    let isComplete = pairs < 62 && 1 << pairs <= count
    let rows = isComplete ? 1 << pairs : count
    let weights = Matrix<Double>(rows: rows, columns: pairs) { r, i in
      let isFlipped = isComplete ? r >> i & 1 == 1 : generator.next() >> 63 == 1
      return (isFlipped ? -1 : 1) / Double(pairs)
    }
    return Relabelling(weights: weights, isComplete: isComplete)
  }

  /// Exchanges the labels of whole groups: as many groups stay positive as were.
  private static func groupLabels(
    _ groups: [Int], positive: Int, count: Int, using generator: inout SeededGenerator
  ) -> Relabelling {
    let positiveGroups = Set(groups[..<positive]).count
    let names = Set(groups).sorted()
    let index = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let choices = subsets(of: names.count, choosing: positiveGroups, atMost: count)
    var weights = Matrix<Double>.zeros(rows: choices?.count ?? count, columns: groups.count)
    var order = Array(names.indices)
    for r in 0..<weights.rows {
      if choices == nil { order.shuffle(using: &generator) }
      let chosen = Set(choices?[r] ?? Array(order[..<positiveGroups]))
      let isPositive = groups.map { chosen.contains(index[$0, default: 0]) }
      let members = isPositive.count { $0 }
      for (i, flag) in isPositive.enumerated() {
        weights[r, i] = flag ? 1 / Double(members) : -1 / Double(groups.count - members)
      }
    }
    return Relabelling(weights: weights, isComplete: choices != nil)
  }

  /// All k-element subsets of 0 ..< n, or `nil` where there are more than `limit`.
  private static func subsets(of n: Int, choosing k: Int, atMost limit: Int) -> [[Int]]? {
    var number = 1.0
    for i in 0..<k { number = number * Double(n - i) / Double(i + 1) }
    guard number <= Double(limit) else { return nil }
    var result: [[Int]] = [[]]
    for element in 0..<n {
      result += result.filter { $0.count < k }.map { $0 + [element] }
      // Only prefixes that can still be completed stay.
      result.removeAll { $0.count + (n - 1 - element) < k }
    }
    return result
  }
}
