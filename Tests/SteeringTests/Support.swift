import Nulls
import Steering
import Tensor
import Testing

func normal(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
  var generator = SeededGenerator(seed: seed)
  return .normal(rows: rows, columns: columns, using: &generator)
}

/// Rows with covariance eigenvalues 1/i, as activations have: d_eff is far below d.
func anisotropic(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
  let base = normal(rows, columns, seed: seed)
  return Matrix(rows: rows, columns: columns) { i, j in base[i, j] / Double(j + 1).squareRoot() }
}

/// The number of p ≤ 0.05 of a calibrated test in N runs may not exceed this: its 99.9 % binomial quantile.
let allowedOf200 = 21
