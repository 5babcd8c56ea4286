import CKernels

extension Matrix {
  /// The Gram matrix AᵀA (`.columns`) or AAᵀ (`.rows`), with float64 sums also for float32 data.
  ///
  /// A product of two float32 numbers is exact in float64, so the result keeps all that the data carry:
  /// singular values down to about 1e-8·σ₁ survive the squaring. The result is exactly symmetric.
  ///
  /// - Returns: a float64 matrix; not finite where the data are not.
  /// - Complexity: n(n+1)m flops for `.columns`, m(m+1)n for `.rows`; no copy of A, one of the result per thread.
  public func gram(_ side: MatrixAxis) -> Matrix<Double> {
    let order = side == .columns ? columns : rows
    let depth = side == .columns ? rows : columns
    guard !isEmpty else { return .zeros(rows: order, columns: order) }
    let width = ck_gram_padded_order(order)
    // The inner dimension is long where it pays to split.
    var partial = inParts(depth, flops: Double(order) * Double(order) * Double(depth)) { range in
      let part = Output<Double>(.zeros, rows: width, columns: width)
      let source = side == .columns ? self[rows: range] : self[columns: range]
      withPointers(to: source) { addUpperGram($0, side, to: part.pointer) }
      return part.matrix()
    }
    // Taken out of the list, so that the sum is made in place.
    var result = partial.removeFirst()
    for other in partial { result += other }
    result.withMutablePointer(mirrorUpperTriangle)
    return width == order ? result : result[rows: 0..<order][columns: 0..<order].compacted()
  }
}

/// Adds the Gram matrix of the columns or rows to the upper triangle; the order of `gram` is the padded one.
private func addUpperGram<Source>(
  _ matrix: MatrixPointer<Source>, _ side: MatrixAxis, to gram: MutableMatrixPointer<Double>
) {
  let length = side == .columns ? ck_gram_columns_scratch(matrix.columns) : ck_gram_rows_scratch(matrix.rows)
  let table = Source._kernels.table
  let kernel = side == .columns ? table.gramOfColumns : table.gramOfRows
  withScratch(Double.self, rows: 1, columns: length) { scratch in
    kernel(matrix.base, matrix.rows, matrix.stride, matrix.columns, gram.base, gram.stride, scratch.base)
  }
}

/// Copies what stands above the diagonal below it, block by block: the entries of a column lie on a page each.
private func mirrorUpperTriangle(_ a: MutableMatrixPointer<Double>) {
  let block = 16
  for first in stride(from: 0, to: a.rows, by: block) {
    for other in stride(from: 0, through: first, by: block) {
      mirror(a, rows: first..<min(first + block, a.rows), columns: other..<other + block)
    }
  }
}

/// The entries of one block below the diagonal from those above it.
private func mirror(_ a: MutableMatrixPointer<Double>, rows: Range<Int>, columns: Range<Int>) {
  for i in rows {
    for j in columns.lowerBound..<min(columns.upperBound, i) { a.base[i * a.stride + j] = a.base[j * a.stride + i] }
  }
}
