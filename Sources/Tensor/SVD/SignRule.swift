extension Vector {
  /// Whether the sign rule of this library asks for the opposite sign.
  ///
  /// Among the entries whose magnitude is within a factor 1 − 1e-4 of the largest, the one of lowest index is to be
  /// positive: rounding that exchanges two nearly equal entries does not flip the vector.
  var isNegativeByTheSignRule: Bool {
    withUnsafeBase { Element._kernels.table.isNegative($0, count) }
  }
}

/// Fixes the signs of paired singular vectors by the rows of Vᵀ, and of unpaired ones by themselves.
///
/// - Parameters:
///   - u: m×r, or m×m for full vectors.
///   - vTransposed: r×n, or n×n for full vectors.
///   - pairs: at most min(m, n): beyond it a vector has no partner.
func fixSigns<Element>(u: inout Matrix<Element>, vTransposed: inout Matrix<Element>, pairs: Int) {
  var signs = Vector<Element>(repeating: 1, count: u.columns)
  for i in 0..<vTransposed.rows where vTransposed.row(i).isNegativeByTheSignRule {
    vTransposed.negateRow(i)
    if i < pairs { signs[i] = -1 }
  }
  for j in pairs..<max(pairs, u.columns) where u.column(j).isNegativeByTheSignRule { signs[j] = -1 }
  u.scaleColumns(by: signs)
}

extension Matrix {
  /// Multiplies column j by `factors[j]`, in one pass over the rows.
  mutating func scaleColumns(by factors: Vector<Element>) {
    guard factors.contains(where: { $0 != 1 }) else { return }
    let (rows, columns) = (rows, columns)
    withUnsafeMutableBase { base, rowStride in
      factors.withUnsafeBase { scale in
        for i in 0..<rows { Element._kernels.table.multiply(scale, base + i * rowStride, columns) }
      }
    }
  }
}
