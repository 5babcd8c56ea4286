public import Runs
public import Tensor

extension TemporalGram {
  /// Tests the trajectory against random walks with the same increments.
  ///
  /// - Parameters:
  ///   - memory: L; by default 2, or 1 below ten snapshots, and with `momentum` at least the smallest lag with
  ///     β^(lag·g) ≤ 0.05, g the smallest distance between two snapshots.
  ///   - momentum: β of the optimizer, for Adam β₁, 0 ≤ β < 1 (traps outside). With it, what momentum alone gives is
  ///     subtracted from S, S′ = S − Σ M_ij ρ_|i−j| √(U_ii U_jj), and S′ is compared with κ times the flipped S, where
  ///     κ² = tr(MRMR)/tr(MM); a verdict then needs 2L + 6 snapshots. Without it momentum is not excluded.
  ///   - seed: the seed of the flips; with one seed for all tensors of a run the total is tested by the same flips.
  ///   - count: R, the number of flips; for T ≤ 12 without momentum all sign patterns are listed instead.
  /// - Complexity: O(R·T²).
  public func walkTest(
    memory: Int? = nil, momentum: Double? = nil, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999
  ) -> WalkTest {
    require(momentum.map { $0 >= 0 && $0 < 1 } ?? true, "momentum \(momentum ?? 0) is outside 0 ..< 1")
    let model = momentum.map { Momentum(beta: $0, spacing: spacings.min() ?? 1) }
    let lag = memory ?? Self.memory(self.count, model)
    let needed = Self.snapshotsNeeded(memory, model)
    func result(
      _ verdict: WalkTest.Verdict, drift: Double? = nil, turning: Double? = nil, p: Double? = nil, pLow: Double? = nil,
      pTurn: Double? = nil
    ) -> WalkTest {
      WalkTest(
        driftShare: drift, turning: turning, p: p, pLow: pLow, pTurn: pTurn, memory: lag, momentum: momentum,
        snapshotsNeeded: needed, verdict: verdict)
    }
    if isStill { return result(.still) }
    let unit = normalized
    let u = unit.increments
    let pairs = DistantPairs(u, spacings, lag: lag)
    let expected = model.map { pairs.sum(under: $0) } ?? 0
    let end = unit.gram[self.count - 1, self.count - 1]
    let path = Turning(u)
    let (drift, turning) = (pairs.share(of: pairs.sum - expected, end), path.ofHalves(spacings: spacings))
    guard self.count >= 7, self.count >= (model == nil ? 0 : 2 * lag + 6) else {
      return result(.undecided, drift: drift, turning: turning)
    }
    let widening = model.map { $0.widening(count: self.count, memory: lag) }
    let (p, pLow) = pairs.signFlips(less: expected, widening: widening, seed: seed, rounds: count)
    let pTurn = path.test(seed: seed, rounds: count)
    let verdict: WalkTest.Verdict =
      if path.neighbourCosine < -0.4 { .noise } else {
        Self.verdict(drift: drift, turning: turning, p: p, pLow: pLow, pTurn: pTurn)
      }
    return result(verdict, drift: drift, turning: turning, p: p, pLow: pLow, pTurn: pTurn)
  }

  private static func verdict(
    drift: Double?, turning: Double?, p: Double, pLow: Double, pTurn: Double
  ) -> WalkTest.Verdict {
    // There is no drift share where the last displacement is zero.
    guard let drift, abs(drift) >= WalkTest.smallestEffect else { return .walk }
    if pLow <= 0.025 { return .bounded }
    if p > 0.025 { return .walk }
    if drift < 0.5 { return .weakDrift }
    return pTurn <= 0.05 && (turning ?? 1) < 0.95 ? .curve : .line
  }

  private static func memory(_ count: Int, _ momentum: Momentum?) -> Int {
    max(count < 10 ? 1 : 2, momentum?.memory ?? 1)
  }

  /// The smallest T that is enough for a verdict.
  private static func snapshotsNeeded(_ memory: Int?, _ momentum: Momentum?) -> Int {
    guard momentum != nil else { return 7 }
    var count = 7
    while count < 2 * (memory ?? Self.memory(count, momentum)) + 6 {
      count = count < 10 ? count + 1 : 2 * (memory ?? Self.memory(count, momentum)) + 6
    }
    return count
  }

  /// The drift share f_L without a correction for momentum; f₀ is the share that shrinks a forecast.
  func driftShare(lag: Int) -> Double? {
    if isStill { return nil }
    let unit = normalized
    let pairs = DistantPairs(unit.increments, spacings, lag: lag)
    return pairs.share(of: pairs.sum, unit.gram[count - 1, count - 1])
  }
}
