import Foundation
import Tensor

/// The correlation that an optimizer's momentum alone puts between the increments of a run.
///
/// A velocity with v ← βv + noise, observed every g optimizer steps, has increments whose correlation at lag ℓ is
/// ρ_ℓ = β^{(ℓ−1)g+1}((1−β^g)/(1−β))²/(g(1+β)/(1−β) − 2β(1−β^g)/(1−β)²). It is not β^{ℓg}, because each increment sums
/// over g steps.
struct Momentum {
  /// β, from 0 to below 1.
  let beta: Double
  /// g, the smallest number of optimizer steps between two snapshots.
  let spacing: Double

  /// The smallest lag with β^(lag·g) ≤ 0.05, at least 1.
  var memory: Int {
    guard beta > 0 else { return 1 }
    return Int(min(1e9, max(1, (log(0.05) / (spacing * log(beta))).rounded(.up))))
  }

  /// ρ for lags 0 … count − 1, the first being 1.
  func correlations(_ count: Int) -> [Double] {
    // Numerator and denominator are multiplied by (1 − β)², and 1 − β^g is computed without cancellation.
    let lost = beta > 0 ? -expm1(spacing * log(beta)) : 1
    let variance = spacing * (1 - beta * beta) - 2 * beta * lost
    return (0..<count).map { lag in
      guard lag > 0 else { return 1 }
      let covariance = pow(beta, Double(lag - 1) * spacing + 1) * lost * lost
      return variance > 0 ? min(1, covariance / variance) : 1
    }
  }

  /// κ, the factor by which momentum widens the distribution of S: κ² = tr(MRMR)/tr(MM), R_ij = ρ_|i−j|, M_ij = 1 for
  /// |i − j| > L and 0 elsewhere.
  func widening(count: Int, memory: Int) -> Double {
    let rho = correlations(count)
    let mask = Matrix<Double>(rows: count, columns: count) { i, j in abs(i - j) > memory ? 1 : 0 }
    let product = mask * Matrix<Double>(rows: count, columns: count) { i, j in rho[abs(i - j)] }
    let (square, pairs) = ((product * product).trace, (mask * mask).trace)
    return pairs > 0 ? (square / pairs).squareRoot() : 1
  }
}
