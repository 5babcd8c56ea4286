import Foundation

/// Checks of singular values and eigenvalues, among them matrices on which some releases of LAPACK did not converge or
/// returned what is not a number.
extension KnownAnswer {
  static func allOnes() -> KnownAnswer {
    let name = "the decomposition of a matrix of ones, 41x50"
    let ones = Matrix<Double>(repeating: 1, rows: 41, columns: 50)
    guard let svd = try? ones.svd() else { return KnownAnswer(name, passed: false, "no convergence") }
    let rest = svd.singularValues.dropFirst().max() ?? 0
    let error = max(abs(svd.singularValues[0] - 2050.0.squareRoot()), rest, defect(ofColumns: svd.u))
    return KnownAnswer(name, error: error, bound: 1e-12)
  }

  /// The companion matrix of Σ n!/k!·xᵏ, with entries from 1 to n!.
  static func exponentialSeries() -> KnownAnswer {
    let name = "companion matrices of the exponential series, orders 2 to 24"
    var worst = 0.0
    for n in 2...24 {
      var (companion, coefficient) = (Matrix<Double>.zeros(rows: n, columns: n), 1.0)
      for i in 1..<n { companion[i, i - 1] = 1 }
      for k in (0..<n).reversed() {
        coefficient *= Double(k + 1)
        companion[k, n - 1] = -coefficient
      }
      for method in [SVDMethod.onePass, .qrIteration] {
        guard let svd = try? companion.svd(method: method) else {
          return KnownAnswer(name, passed: false, "no convergence by \(method.rawValue) at order \(n)")
        }
        worst = max(worst, svd.residual(of: companion), defect(ofColumns: svd.u))
      }
    }
    return KnownAnswer(name, error: worst, bound: 1e-13)
  }

  /// Values in three tight clusters.
  static func clusteredValues() -> KnownAnswer {
    let name = "clustered singular values of order 96"
    let sizes = [1, 1e-3, 1e-9]
    let wanted = (0..<96).map { i -> Double in
      let spread = 1e-12 * Double(31 - i % 32)
      return sizes[i / 32] * (1 + spread)
    }
    var generator = SeededGenerator(seed: 5)
    let factors = (0..<2).map { _ in try? Matrix<Double>.normal(rows: 96, columns: 96, using: &generator).qr().q }
    guard let u = factors[0], let v = factors[1] else { return KnownAnswer(name, passed: false, "no QR") }
    let a: Matrix<Double> = (u * Matrix.diagonal(Vector(wanted))) * v.transposed
    guard let svd = try? a.svd() else { return KnownAnswer(name, passed: false, "no convergence") }
    let error = (svd.singularValues - Vector(wanted)).norm
    return KnownAnswer(name, error: max(error, defect(ofColumns: svd.u), svd.residual(of: a)), bound: 1e-13)
  }

  /// The second difference, with eigenvalues 2 − 2cos(kπ/(n + 1)).
  static func secondDifference() -> KnownAnswer {
    let name = "eigenvalues of the second difference of order 120"
    let n = 120
    let a = Matrix<Double>(rows: n, columns: n) { i, j in i == j ? 2 : abs(i - j) == 1 ? -1 : 0 }
    guard let eigen = try? a.symmetricEigen(), let values = try? a.symmetricEigenvalues() else {
      return KnownAnswer(name, passed: false, "no convergence")
    }
    var error = defect(ofColumns: Matrix(eigen.vectorsTransposed.transposed))
    for k in 0..<n {
      let exact = 2 - 2 * cos(Double(n - k) * .pi / Double(n + 1))
      error = max(error, abs(eigen.values[k] - exact), abs(values[k] - exact))
    }
    return KnownAnswer(name, error: error, bound: 1e-13)
  }
}
