import Tensor

/// The products of increments that are more than L apart, and their sum under flipped signs.
struct DistantPairs {
  private let count: Int
  private let lag: Int
  private let increments: Matrix<Double>
  /// Σ M_ij Δᵢ Δⱼ: what the sum would be on a line of one unit a step.
  private let weight: Double
  /// s_T, the distance of the last snapshot from the base.
  private let length: Double
  /// S = Σ M_ij U_ij over both orders of each pair.
  let sum: Double

  /// - Parameters:
  ///   - increments: U, whose largest entry is of the order of 1.
  ///   - spacings: Δ.
  ///   - lag: L.
  init(_ increments: Matrix<Double>, _ spacings: [Double], lag: Int) {
    (count, self.lag, self.increments) = (increments.rows, lag, increments)
    var (sum, weight) = (0.0, 0.0)
    for i in 0..<increments.rows {
      for j in 0..<increments.rows where abs(i - j) > lag {
        sum += increments[i, j]
        weight += spacings[i] * spacings[j]
      }
    }
    (self.sum, self.weight, length) = (sum, weight, spacings.reduce(0, +))
  }

  /// The share of the final displacement's energy: sum·s_T²/ΣM ΔΔ/‖δ_T‖².
  func share(of sum: Double, _ end: Double) -> Double? {
    weight > 0 && end > 0 ? length * length * sum / weight / end : nil
  }

  /// Σ M_ij ρ_|i−j| √(U_ii U_jj), what momentum alone gives.
  func sum(under momentum: Momentum) -> Double {
    let rho = momentum.correlations(count)
    let lengths = (0..<count).map { increments[$0, $0].squareRoot() }
    var sum = 0.0
    for i in 0..<count {
      for j in 0..<count where abs(i - j) > lag { sum += rho[abs(i - j)] * lengths[i] * lengths[j] }
    }
    return sum
  }

  /// p of S′ = S − `expected` among κ times the sums under flipped signs, from above and from below.
  ///
  /// - Parameters:
  ///   - expected: what momentum gives, 0 without it.
  ///   - widening: κ; `nil` without momentum. With it patterns are drawn, never listed: S′ is not one of the values.
  ///   - seed: of the signs.
  ///   - count: how many patterns are drawn.
  func signFlips(
    less expected: Double, widening: Double?, seed: UInt64, count: Int
  ) -> (up: Double, low: Double) {
    let n = self.count
    let pairs = (0..<n).flatMap { i in ((i + lag + 1)..<max(n, i + lag + 1)).map { (i, $0) } }
    let (first, second) = (pairs.map(\.0), pairs.map(\.1))
    let products = pairs.map { increments[$0, $1] }
    func statistic(_ signs: [Double]) -> Double {
      var sum = 0.0
      var k = 0
      while k < products.count {
        sum += signs[first[k]] * signs[second[k]] * products[k]
        k += 1
      }
      return sum
    }
    // Each pair stands once here, and twice in S.
    let observed = statistic([Double](repeating: 1, count: n)) - expected / 2
    let slack = 1e-12 * products.reduce(0) { $0 + $1.magnitude }
    let isListed = n <= 12 && widening == nil
    let rounds = isListed ? 1 << (n - 1) : count
    var generator = SeededGenerator(seed: seed)
    var (up, low) = (0, 0)
    var signs = [Double](repeating: 1, count: n)
    for round in 0..<rounds {
      // A word holds the signs of 64 increments: one word for all would repeat them.
      let words = stride(from: 0, to: n, by: 64).map { _ in isListed ? UInt64(round) << 1 : generator.next() }
      // The global sign does not matter, so the first increment keeps its own.
      for i in 1..<n { signs[i] = words[i / 64] >> UInt64(i % 64) & 1 == 1 ? -1 : 1 }
      let value = (widening ?? 1) * statistic(signs)
      if value >= observed - slack { up += 1 }
      if value <= observed + slack { low += 1 }
    }
    let extra = isListed ? 0 : 1
    return (Double(up + extra) / Double(rounds + extra), Double(low + extra) / Double(rounds + extra))
  }
}
