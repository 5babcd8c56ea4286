import Tensor

/// C·diag(s)·U·diag(s)·Cᵀ with C the lower triangle of ones: the Gram matrix of the displacements of a path whose
/// increments have the Gram matrix U and the signs s.
///
/// - Parameters:
///   - increments: U, T×T.
///   - signs: s, T entries.
/// - Complexity: 5T² flops.
func cumulated(_ increments: Matrix<Double>, flippedBy signs: Vector<Double>) -> Matrix<Double> {
  let count = increments.rows
  require(increments.columns == count && signs.count == count, "\(signs.count) signs of \(count) increments")
  // A row and a column of zeros stand before the sums, so that every entry has neighbours above and to the left.
  var sums = Matrix<Double>.zeros(rows: count + 1, columns: count + 1)
  sums.withUnsafeMutableBase { sums, _ in
    increments.withUnsafeBase { base in
      signs.withUnsafeBase { cumulate(base, stride: increments.rowStride, $0, into: sums, count) }
    }
  }
  return sums[rows: 1...][columns: 1...].compacted()
}

/// Fills the sums row by row: each is its own term and what its neighbours above and to the left hold, less what both
/// have in common.
private func cumulate(
  _ increments: UnsafePointer<Double>, stride: Int, _ signs: UnsafePointer<Double>,
  into sums: UnsafeMutablePointer<Double>, _ count: Int
) {
  var i = 0
  while i < count {
    let (above, row, own) = (sums + i * (count + 1), increments + i * stride, sums + (i + 1) * (count + 1))
    var j = 0
    while j < count {
      own[j + 1] = signs[i] * signs[j] * row[j] + (above[j + 1] + own[j] - above[j])
      j += 1
    }
    i += 1
  }
}
