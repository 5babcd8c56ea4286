import Nulls
import Tensor

/// The products of increments that are more than L apart, and their sum under flipped signs.
struct DistantPairs {
  private let count: Int
  private let lag: Int
  private let increments: Matrix<Double>
  /// Σ M_ij Δᵢ Δⱼ: the value of the sum on a line that moves by one unit per step.
  private let weight: Double
  /// s_T, the distance of the last snapshot from the base.
  private let length: Double
  /// S = Σ M_ij U_ij over both orders of each pair.
  let sum: Double

  /// Sums over the pairs, M_ij = 1 where |i − j| > L and 0 elsewhere.
  ///
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

  /// The share of the final displacement's energy: sum·s_T²/(ΣM ΔΔ)/‖δ_T‖².
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
  ///   - widening: κ; `nil` without momentum. With it patterns are drawn, never listed, because S′ is
  ///     not one of the values.
  ///   - seed: the seed of the signs.
  ///   - rounds: how many patterns are drawn.
  /// - Complexity: 2RT² flops through BLAS.
  func signFlips(
    less expected: Double, widening: Double?, seed: UInt64, rounds: Int
  ) -> (up: Double, low: Double) {
    // Each pair stands once in this matrix, and twice in S.
    let products = Matrix<Double>(rows: count, columns: count) { i, j in j - i > lag ? increments[i, j] : 0 }
    let ones = Vector<Double>(repeating: 1, count: count)
    // The sums s·W·sᵀ of many patterns at once: the rows of (S·W)∘S, summed.
    func sums(_ signs: Matrix<Double>) -> Vector<Double> {
      var terms = signs * products
      terms.multiplyElementwise(by: signs)
      return terms * ones
    }
    let observed = sums(Matrix(row: ones))[0] - expected / 2
    // The identity among the patterns must tie with the observed value although rounding differs between them.
    let slack = 1e-12 * products.flattened.reduce(0) { $0 + $1.magnitude }
    let flips = SignFlips(upToSignOf: count, count: rounds, isSampled: widening != nil, seed: seed)
    let isComplete = flips.isComplete
    let values = flips.values { sums($0).scaled(by: widening ?? 1) }
    return (
      pValue(observed: observed, null: values, isComplete: isComplete, slack: slack),
      pValue(extreme: values.count { $0 <= observed + slack }, of: values.count, isComplete: isComplete)
    )
  }
}
