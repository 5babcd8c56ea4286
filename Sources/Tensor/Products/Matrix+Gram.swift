import CKernels

extension Matrix {
  /// The Gram matrix AᵀA (`.columns`) or AAᵀ (`.rows`), with float64 sums also for float32 data.
  ///
  /// A product of two float32 numbers is exact in float64, so the result keeps all that the data carry:
  /// singular values down to about 1e-8·σ₁ survive the squaring. The result is exactly symmetric.
  ///
  /// - Returns: a float64 matrix; not finite where the data are not.
  /// - Complexity: n(n+1)m flops for `.columns`, m(m+1)n for `.rows`; no copy of A, one of the result a thread.
  public func gram(_ side: MatrixAxis) -> Matrix<Double> {
    let order = side == .columns ? columns : rows
    let depth = side == .columns ? rows : columns
    guard !isEmpty else { return .zeros(rows: order, columns: order) }
    let width = ck_gram_padded_order(order)
    // The inner dimension is long where it pays to split.
    var partial = inParts(depth, flops: Double(order) * Double(order) * Double(depth)) { range in
      var part = Matrix<Double>.zeros(rows: width, columns: width)
      part.addUpperGram(of: side == .columns ? self[rows: range] : self[columns: range], side)
      return part
    }
    // Taken out, so that it is changed where it is.
    var result = partial.removeFirst()
    for other in partial { result += other }
    result.mirrorUpperTriangle()
    return width == order ? result : result[rows: 0..<order][columns: 0..<order].compacted()
  }
}

extension Matrix<Double> {
  /// Adds a Gram matrix to the upper triangle; the order is the padded one.
  private mutating func addUpperGram<Source>(of matrix: Matrix<Source>, _ side: MatrixAxis) {
    let length = side == .columns ? ck_gram_columns_scratch(matrix.columns) : ck_gram_rows_scratch(matrix.rows)
    let scratch = MatrixStorage<Double>(.undefined, capacity: length)
    let table = Source._kernels.table
    let kernel = side == .columns ? table.gramOfColumns : table.gramOfRows
    withExtendedLifetime(scratch) {
      withUnsafeMutableBase { gram, pitch in
        matrix.withUnsafeBase {
          kernel($0, matrix.rows, matrix.leadingDimension, matrix.columns, gram, pitch, scratch.base)
        }
      }
    }
  }

  /// Copies what stands above the diagonal below it, block by block: down a column each entry is on a page of its own.
  fileprivate mutating func mirrorUpperTriangle() {
    let (order, block) = (rows, 16)
    withUnsafeMutableBase { base, stride in
      for first in Swift.stride(from: 0, to: order, by: block) {
        for other in Swift.stride(from: 0, through: first, by: block) {
          for i in first..<Swift.min(first + block, order) {
            for j in other..<Swift.min(other + block, i) { base[i * stride + j] = base[j * stride + i] }
          }
        }
      }
    }
  }
}
