import Tensor

/// min ‖Y − XW‖² + λ‖W‖² for centred X and Y.
struct RidgeProblem {
  /// X, n×d_s, times 2^exponent.
  let x: Matrix<Double>
  /// Y, n×d_t.
  let y: Matrix<Double>
  /// λ in the original unit of X².
  let lambda: Double
  /// The exponent of the power of two that X was multiplied by.
  let exponent: Int
  /// The length of the mean that was subtracted from the rows of X.
  let mean: Double
  /// The relative size up to which a singular value of the rows of X, mean included, is rounding.
  let tolerance: Double

  /// W for X as it is here, and the exponent of a power of two that it is still to be multiplied by.
  ///
  /// A Gram matrix holds the squares of singular values to ε‖X‖², so its solution is off by about ε‖X‖²/λ: it is taken
  /// where that is at most 1e-9.
  func solution(_ progress: ProgressHandler?) throws(LinearAlgebraError) -> (weights: Matrix<Double>, exponent: Int) {
    try finish(1, progress)
    let size = x.norm(.frobenius)
    let energy = size * size
    let strength = lambda.scaled(byPowerOfTwo: 2 * exponent)
    let result: (weights: Matrix<Double>, exponent: Int)
    if energy == 0 {
      result = (.zeros(rows: x.columns, columns: y.columns), 0)
    } else if strength > 0x1p150 * energy {
      // Beside such a λ nothing else counts; in the unit of X it might be no number.
      result = ((x.transposed * y) / lambda, -2 * exponent)
    } else if strength >= Double.ulpOfOne / 1e-9 * energy {
      result = (try byGramMatrix(strength, progress), 0)
    } else {
      result = (try bySVD(strength, progress), 0)
    }
    try finish(3, progress)
    return result
  }

  /// W = (XᵀX + λI)⁻¹XᵀY, or Xᵀ(XXᵀ + λI)⁻¹Y where that system is the smaller one.
  private func byGramMatrix(_ strength: Double, _ progress: ProgressHandler?) throws(LinearAlgebraError) -> Matrix<
    Double
  > {
    let isTall = x.rows >= x.columns
    var system = x.gram(isTall ? .columns : .rows)
    for i in 0..<system.rows { system[i, i] += strength }
    try finish(2, progress)
    let factor = try system.cholesky()
    return isTall ? factor.solve(x.transposed * y) : x.transposed * factor.solve(y)
  }

  /// W = V diag(σ/(σ² + λ)) UᵀY, without the directions that are rounding.
  private func bySVD(_ strength: Double, _ progress: ProgressHandler?) throws(LinearAlgebraError) -> Matrix<Double> {
    let svd = try x.svd()
    try finish(2, progress)
    // What is left of the rows after centring was rounded together with their mean.
    let size = Vector([svd.singularValues.first ?? 0, mean * Double(x.rows).squareRoot()]).norm
    let rank = svd.singularValues.prefix { $0 > tolerance * size }.count
    var coordinates = svd.u[columns: 0..<rank].transposed * y
    for i in 0..<rank {
      let value = svd.singularValues[i]
      coordinates.setRow(i, to: coordinates.row(i).scaled(by: value / (value * value + strength)))
    }
    return svd.vTransposed[rows: 0..<rank].transposed * coordinates
  }

  /// Reports one of three steps and asks whether to go on.
  private func finish(_ step: Int, _ progress: ProgressHandler?) throws(LinearAlgebraError) {
    if Cancellation.isRequested { throw .cancelled }
    progress?(step, 3)
  }
}
