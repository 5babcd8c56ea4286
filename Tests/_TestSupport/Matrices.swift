public import Tensor

/// Independent normal entries; the same seed gives the same matrix.
public func normal(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
  var generator = SeededGenerator(seed: seed)
  return .normal(rows: rows, columns: columns, using: &generator)
}

/// Independent entries, uniform in -0.5 ..< 0.5.
public func uniform(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
  var generator = SeededGenerator(seed: seed)
  return .uniform(rows: rows, columns: columns, in: -0.5..<0.5, using: &generator)
}

/// Rows whose covariance has the eigenvalues 1/i, as activations have: d_eff is far below d.
public func anisotropic(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
  let base = normal(rows, columns, seed: seed)
  return Matrix(rows: rows, columns: columns) { i, j in base[i, j] / Double(j + 1).squareRoot() }
}
