extension Vector {
  /// Whether the sign rule of this library asks for the opposite sign.
  ///
  /// Among the entries whose magnitude is within a factor 1 − 1e-4 of the largest, the one of lowest index is to be
  /// positive: rounding that exchanges two nearly equal entries does not flip the vector.
  var isNegativeByTheSignRule: Bool { withUnsafeBase { isNegativeByTheRule($0, count) } }
}

extension Matrix {
  /// Gives each row the sign that the rule asks for, and returns for each whether it was turned.
  @discardableResult
  mutating func fixRowSigns() -> [Bool] {
    let (rows, columns) = (rows, columns)
    return withUnsafeMutableBase { base, rowStride in
      inParts(rows, flops: 4 * Double(rows) * Double(columns)) { range in
        range.map { i in
          let row = base + i * rowStride
          let isTurned = isNegativeByTheRule(row, columns)
          if isTurned { Element._kernels.table.negate(row, columns) }
          return isTurned
        }
      }
    }.flatMap(\.self)
  }

  /// Multiplies column j by `factors[j]`, in one pass over the rows.
  mutating func scaleColumns(by factors: Vector<Element>) {
    guard factors.contains(where: { $0 != 1 }) else { return }
    let (rows, columns) = (rows, columns)
    withUnsafeMutableBase { base, rowStride in
      factors.withUnsafeBase { scale in
        _ = inParts(rows, flops: 4 * Double(rows) * Double(columns)) { range in
          for i in range { Element._kernels.table.multiply(scale, base + i * rowStride, columns) }
        }
      }
    }
  }
}

/// Fixes the signs of paired singular vectors by the rows of Vᵀ, and of unpaired ones by themselves.
///
/// - Parameters:
///   - u: m×r, or m×m for full vectors; or the coefficients of these vectors in a basis.
///   - vTransposed: r×n, or n×n for full vectors.
///   - pairs: at most min(m, n): beyond it a vector has no partner.
func fixSigns<Left, Right>(u: inout Matrix<Left>, vTransposed: inout Matrix<Right>, pairs: Int) {
  var signs = Vector<Left>(repeating: 1, count: u.columns)
  for (i, isTurned) in vTransposed.fixRowSigns().enumerated() where isTurned && i < pairs { signs[i] = -1 }
  for j in pairs..<max(pairs, u.columns) where u.column(j).isNegativeByTheSignRule { signs[j] = -1 }
  u.scaleColumns(by: signs)
}

/// Whether the sign rule asks for the opposite sign of `count` entries.
///
/// The largest magnitude of each block tells in which block the entry that decides is.
private func isNegativeByTheRule<Element: MatrixScalar>(_ x: UnsafePointer<Element>, _ count: Int) -> Bool {
  let (block, table) = (1 << 14, Element._kernels.table)
  if count <= block { return table.isNegative(x, count, table.largestMagnitude(x, count) * (1 - 1e-4)) }
  let largest = inParts((count + block - 1) / block, flops: 4 * Double(count)) { range in
    range.map { table.largestMagnitude(x + $0 * block, min(block, count - $0 * block)) }
  }.flatMap(\.self)
  let threshold = largest.reduce(0, max) * (1 - 1e-4)
  guard let first = largest.firstIndex(where: { $0 >= threshold }) else { return false }
  return table.isNegative(x + first * block, min(block, count - first * block), threshold)
}
