import CKernels
import COpenBLAS

/// Which Gram matrix: of the columns, or of the rows.
public enum GramSide: Sendable {
  /// AᵀA, n×n: inner products of the columns.
  case columns
  /// AAᵀ, m×m: inner products of the rows.
  case rows
}

extension Matrix {
  /// The Gram matrix AᵀA (`.columns`) or AAᵀ (`.rows`), with float64 sums also for float32 data.
  ///
  /// A product of two float32 numbers is exact in float64, so the result keeps all that the data carry:
  /// singular values down to about 1e-8·σ₁ survive the squaring. The result is exactly symmetric.
  ///
  /// - Returns: a float64 matrix; not finite where the data are not.
  /// - Complexity: n(n+1)m flops for `.columns`, m(m+1)n for `.rows`; no copy of A, one of the result a thread.
  public func gram(_ side: GramSide) -> Matrix<Double> {
    let order = side == .columns ? columns : rows
    let depth = side == .columns ? rows : columns
    guard !isEmpty else { return .zeros(rows: order, columns: order) }
    // The inner dimension is long where it pays to split, and OpenBLAS never splits that one.
    let partial = inParts(depth, flops: Double(order) * Double(order) * Double(depth)) { range in
      let part = side == .columns ? self[rows: range] : self[columns: range]
      return order <= 64 ? part.gramByKernel(side) : part.gramByBLAS(side)
    }
    var result = partial[0]
    for other in partial.dropFirst() { result += other }
    result.mirrorUpperTriangle()
    return result
  }

  /// The upper triangle of a small Gram matrix, by the kernels for that shape.
  private func gramByKernel(_ side: GramSide) -> Matrix<Double> {
    let order = side == .columns ? columns : rows
    var result = Matrix<Double>.zeros(rows: order, columns: order)
    let length = side == .columns ? ck_gram_columns_workspace(order) : ck_gram_workspace(order)
    let work = MatrixStorage<Double>(.undefined, capacity: length)
    let type = Element.self == Double.self ? ck_float64 : ck_float32
    let kernel = side == .columns ? ck_gram_columns : ck_gram
    withExtendedLifetime(work) {
      result.withUnsafeMutableBase { gram, _ in
        withUnsafeBase { kernel(type, $0, rows, leadingDimension, columns, gram, work.base) }
      }
    }
    return result
  }

  /// The upper triangle of the Gram matrix, block by block: float32 entries are widened where they stay in the cache.
  private func gramByBLAS(_ side: GramSide) -> Matrix<Double> {
    let order = side == .columns ? columns : rows
    let depth = side == .columns ? rows : columns
    var result = Matrix<Double>.zeros(rows: order, columns: order)
    let step = Element.self == Double.self ? depth : Swift.max(64, Swift.min(depth, (1 << 16) / order))
    for start in stride(from: 0, to: depth, by: step) {
      let range = start..<Swift.min(start + step, depth)
      let part = side == .columns ? self[rows: range] : self[columns: range]
      let block = part as? Matrix<Double> ?? part.converted(to: Double.self)
      result.withUnsafeMutableBase { c, stride in
        block.withUnsafeBase { a in
          withBLAS(flops: Double(order) * Double(order) * Double(range.count)) {
            Double._kernels.table.syrk(
              CblasRowMajor, CblasUpper, side == .columns ? CblasTrans : CblasNoTrans, blasInt(order),
              blasInt(range.count), 1, a, blasInt(block.leadingDimension), 1, c, blasInt(stride))
          }
        }
      }
    }
    return result
  }

  /// Copies what stands above the diagonal below it.
  mutating func mirrorUpperTriangle() {
    let order = rows
    withUnsafeMutableBase { base, stride in
      for i in 0..<order {
        for j in 0..<i { base[i * stride + j] = base[j * stride + i] }
      }
    }
  }
}
