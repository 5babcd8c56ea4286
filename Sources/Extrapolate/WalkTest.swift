public import Tensor

/// Whether a trajectory is more than a random walk, and if so whether it is straight.
///
/// Under "increments are independent and each is symmetric about 0", flipping their signs leaves the law of every
/// statistic unchanged; so the null of a trajectory comes from its own increments, whatever their lengths, at the cost
/// of T×T algebra. In millions of dimensions every small departure is significant, so a verdict needs an effect size
/// and a p-value.
public struct WalkTest: Sendable, Equatable, Codable {
  /// f_L, the share of the final displacement's energy that a constant velocity explains: 0 for a walk, 1 for a line.
  ///
  /// s_T²·S/(Σ M_ij Δᵢ Δⱼ)/‖δ_T‖² with S = Σ M_ij U_ij over pairs of increments more than L apart. `nil` where there
  /// are no such pairs or nothing moved.
  public let driftShare: Double?
  /// The cosine of the summed increments of the two halves with the noise removed: 1 for a straight path.
  public let turning: Double?
  /// One-sided p of S among sign flips: small for drift.
  public let p: Double?
  /// One-sided p of S from below: small for a path that returns.
  public let pLow: Double?
  /// p of the order of the increments: small where near ones are more alike than far ones.
  public let pTurn: Double?
  /// L, how many increments apart two must be to count as independent.
  public let memory: Int
  /// The answer in a word.
  public let verdict: Verdict

  /// The answers, by what was found.
  public enum Verdict: String, Sendable, Codable, CaseIterable {
    /// No entry changed.
    case still
    /// Fewer than seven snapshots: the smallest p is too large.
    case undecided
    /// Neighbouring increments cancel: rounding about one point.
    case noise
    /// The path returns: mean-reverting.
    case bounded
    /// No more than chance.
    case walk
    /// Drift, but less than half of the displacement.
    case weakDrift = "weak drift"
    /// Drift that turns.
    case curve
    /// Drift in one direction.
    case line
  }
}

extension TemporalGram {
  /// Tests the trajectory against random walks with the same increments.
  ///
  /// - Parameters:
  ///   - memory: L; by default 2, or 1 below ten snapshots. Optimizers with momentum correlate neighbouring
  ///     increments: take the smallest lag with β^(lag·spacing) ≤ 0.05.
  ///   - seed: of the flips; the same for all tensors of a run, so that the total is the same test.
  ///   - count: R; all sign patterns are listed instead for T ≤ 12.
  /// - Complexity: O(R·T²).
  public func walkTest(
    memory: Int? = nil, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999
  ) -> WalkTest {
    let lag = memory ?? (self.count < 10 ? 1 : 2)
    func result(
      _ verdict: WalkTest.Verdict, drift: Double? = nil, turning: Double? = nil, p: Double? = nil, pLow: Double? = nil,
      pTurn: Double? = nil
    ) -> WalkTest {
      WalkTest(
        driftShare: drift, turning: turning, p: p, pLow: pLow, pTurn: pTurn, memory: lag, verdict: verdict)
    }
    if isStill { return result(.still) }
    let u = increments
    let (drift, turning) = (driftShare(u, lag: lag), Self.turning(u))
    guard self.count >= 7 else { return result(.undecided, drift: drift, turning: turning) }
    let (p, pLow) = signFlips(u, lag: lag, seed: seed, count: count)
    let pTurn = Self.turningTest(u, seed: seed, count: count)
    let verdict: WalkTest.Verdict =
      if Self.neighbourCosine(u) < -0.4 { .noise } else if pLow <= 0.025 { .bounded } else if p > 0.025 {
        .walk
      } else if (drift ?? 0) < 0.5 { .weakDrift } else if pTurn <= 0.05, (turning ?? 1) < 0.95 { .curve } else {
        .line
      }
    return result(verdict, drift: drift, turning: turning, p: p, pLow: pLow, pTurn: pTurn)
  }

  /// The drift share f_L; with L = 0 the share that shrinks a forecast.
  func driftShare(lag: Int) -> Double? { isStill ? nil : driftShare(increments, lag: lag) }

  private func driftShare(_ u: Matrix<Double>, lag: Int) -> Double? {
    let spacing = zip(distances, [0] + distances).map { $0 - $1 }
    var (sum, weight) = (0.0, 0.0)
    for i in 0..<count {
      for j in 0..<count where abs(i - j) > lag {
        sum += u[i, j]
        weight += spacing[i] * spacing[j]
      }
    }
    let (last, end) = (distances[count - 1], gram[count - 1, count - 1])
    return weight > 0 && end > 0 ? last * last * sum / weight / end : nil
  }

  /// p of S = Σ_{|i−j|>L} U_ij among sign flips, from above and from below.
  private func signFlips(_ u: Matrix<Double>, lag: Int, seed: UInt64, count: Int) -> (up: Double, low: Double) {
    let pairs = (0..<self.count).flatMap { i in ((i + lag + 1)..<max(self.count, i + lag + 1)).map { (i, $0) } }
    func statistic(_ signs: [Double]) -> Double {
      pairs.reduce(0) { $0 + signs[$1.0] * signs[$1.1] * u[$1.0, $1.1] }
    }
    let observed = statistic([Double](repeating: 1, count: self.count))
    let slack = 1e-12 * pairs.reduce(0) { $0 + u[$1.0, $1.1].magnitude }
    let isComplete = self.count <= 12
    let rounds = isComplete ? 1 << (self.count - 1) : count
    var generator = SeededGenerator(seed: seed)
    var (up, low) = (0, 0)
    for round in 0..<rounds {
      // A word holds the signs of 64 increments: one word for all would repeat them.
      let words = stride(from: 0, to: self.count, by: 64).map { _ in
        isComplete ? UInt64(round) << 1 : generator.next()
      }
      // The global sign does not matter, so the first increment keeps its own.
      let value = statistic(
        (0..<self.count).map { $0 > 0 && words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 ? -1 : 1 })
      if value >= observed - slack { up += 1 }
      if value <= observed + slack { low += 1 }
    }
    let extra = isComplete ? 0 : 1
    return (Double(up + extra) / Double(rounds + extra), Double(low + extra) / Double(rounds + extra))
  }

  private static func turning(_ u: Matrix<Double>) -> Double? {
    let m = u.rows / 2
    guard m >= 2 else { return nil }
    let (first, second) = (0..<m, (u.rows - m)..<u.rows)
    func block(_ a: Range<Int>, _ b: Range<Int>) -> Double {
      a.reduce(0) { sum, i in sum + b.reduce(0) { $0 + u[i, $1] } }
    }
    func energy(_ half: Range<Int>) -> Double {
      (block(half, half) - half.reduce(0) { $0 + u[$1, $1] }) * Double(m) / Double(m - 1)
    }
    let product = energy(first) * energy(second)
    guard energy(first) > 0, product > 0 else { return nil }
    return block(first, second) / product.squareRoot()
  }

  private static func cosines(_ u: Matrix<Double>) -> Matrix<Double> {
    Matrix(rows: u.rows, columns: u.rows) { i, j in
      let product = (u[i, i] * u[j, j]).squareRoot()
      return product > 0 ? u[i, j] / product : 0
    }
  }

  private static func neighbourCosine(_ u: Matrix<Double>) -> Double {
    let cosines = cosines(u)
    return (1..<u.rows).reduce(0) { $0 + cosines[$1 - 1, $1] } / Double(u.rows - 1)
  }

  /// p of Σ C_ij(|i−j| − mean) under orders of the increments; small values mean that the direction turns.
  private static func turningTest(_ u: Matrix<Double>, seed: UInt64, count: Int) -> Double {
    let (cosines, n) = (cosines(u), u.rows)
    // The mean of |i − j| over pairs is (n + 1)/3.
    let mean = Double(n + 1) / 3
    func statistic(_ order: [Int]) -> Double {
      var sum = 0.0
      for i in 0..<n {
        for j in (i + 1)..<max(n, i + 1) { sum += cosines[order[i], order[j]] * (Double(j - i) - mean) }
      }
      return sum
    }
    var order = Array(0..<n)
    let observed = statistic(order)
    var generator = SeededGenerator(seed: seed)
    var below = 0
    for _ in 0..<count {
      order.shuffle(using: &generator)
      if statistic(order) <= observed { below += 1 }
    }
    return Double(1 + below) / Double(1 + count)
  }
}

/// Benjamini–Hochberg q-values: the smallest false-discovery rate at which each test would be accepted.
///
/// - Parameter p: p-values, `nil` where there was no test; these do not count.
/// - Returns: q in the same order.
public func falseDiscoveryRates(_ p: [Double?]) -> [Double?] {
  let tested = p.indices.filter { p[$0] != nil }.sorted { (p[$0] ?? 1) < (p[$1] ?? 1) }
  var q = [Double?](repeating: nil, count: p.count)
  var smallest = 1.0
  for (rank, index) in tested.enumerated().reversed() {
    smallest = min(smallest, (p[index] ?? 1) * Double(tested.count) / Double(rank + 1))
    q[index] = smallest
  }
  return q
}
