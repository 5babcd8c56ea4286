import CKernels
import COpenBLAS

/// Products of a large matrix with a thin one, as tall and truncated decompositions are made of.
extension Matrix {
  /// Up to this many columns or rows the thin factor counts as one: BLAS would take as long to pack the large one.
  private static var thinnest: Int { 96 }

  /// A·B, the rows of A shared among threads.
  func rowsTimes(_ right: some MatrixOperand<Element>) -> Matrix {
    guard !isEmpty, right.columns > 0 else { return .zeros(rows: rows, columns: right.columns) }
    return right.columns <= Self.thinnest ? rowsTimesThin(right) : rowsTimesWide(right)
  }

  private func rowsTimesWide(_ right: some MatrixOperand<Element>) -> Matrix {
    var result = Matrix(.undefined, rows: rows, columns: right.columns)
    result.withUnsafeMutableBase { c, stride in
      withUnsafeBase { a in
        right.base.withUnsafeBase { b in
          _ = inParts(rows, flops: 2 * Double(count) * Double(right.columns)) { range in
            Element._kernels.table.gemm(
              CblasRowMajor, CblasNoTrans, right.isTransposed ? CblasTrans : CblasNoTrans, blasInt(range.count),
              blasInt(right.columns), blasInt(columns), 1, a + range.lowerBound * rowStride, blasInt(leadingDimension),
              b, blasInt(right.base.leadingDimension), 0, c + range.lowerBound * stride, blasInt(stride))
          }
        }
      }
    }
    return result
  }

  private func rowsTimesThin(_ right: some MatrixOperand<Element>) -> Matrix {
    // With zeros beyond the last column.
    let width = ck_thin_pitch(right.columns)
    var packed = Matrix.zeros(rows: columns, columns: width)
    let source = right.isTransposed ? Matrix(right.base.transposed) : right.base
    packed.withUnsafeMutableBase { base, stride in source.copyRows(to: base, stride: stride) }
    var result = Matrix(.undefined, rows: rows, columns: right.columns)
    result.withUnsafeMutableBase { c, stride in
      withUnsafeBase { a in
        packed.withUnsafeBase { w in
          _ = inParts(rows, flops: 2 * Double(count) * Double(right.columns)) { range in
            let (mine, target) = (a + range.lowerBound * rowStride, c + range.lowerBound * stride)
            if width == right.columns {
              return Element._kernels.table.thinRows(mine, range.count, rowStride, columns, w, width, target)
            }
            multiplyNarrow(mine, range.count, w, width, into: target, stride)
          }
        }
      }
    }
    return result
  }

  /// Rows of A times a factor whose rows are padded to `width`, some rows at a time: a result of one column, padded as a
  /// whole, would take sixteen times its memory.
  private func multiplyNarrow(
    _ a: UnsafePointer<Element>, _ count: Int, _ w: UnsafePointer<Element>, _ width: Int,
    into target: UnsafeMutablePointer<Element>, _ kept: Int
  ) {
    let step = 512
    let padded = MatrixStorage<Element>(.undefined, capacity: step * width)
    withExtendedLifetime(padded) {
      for start in stride(from: 0, to: count, by: step) {
        let rows = Swift.min(step, count - start)
        Element._kernels.table.thinRows(a + start * rowStride, rows, rowStride, columns, w, width, padded.base)
        for i in 0..<rows {
          (target + (start + i) * kept).update(from: padded.base + i * width, count: kept)
        }
      }
    }
  }

  /// B·Aᵀ, the rows of A shared among threads.
  func times(transposed left: Matrix) -> Matrix {
    Matrix(rowsTimes(left.transposed).transposed)
  }

  /// B·A, the columns of A shared among threads.
  func timesColumns(_ left: Matrix) -> Matrix {
    guard !isEmpty, left.rows > 0 else { return .zeros(rows: left.rows, columns: columns) }
    let flops = 2 * Double(count) * Double(left.rows)
    var result = Matrix(.undefined, rows: left.rows, columns: columns)
    result.withUnsafeMutableBase { c, stride in
      withUnsafeBase { a in
        left.withUnsafeBase { b in
          _ = inParts(columns, flops: flops) { range in
            let (mine, target) = (a + range.lowerBound, c + range.lowerBound)
            if left.rows <= Self.thinnest {
              let scratch = MatrixStorage<Element>(.undefined, capacity: ck_thin_columns_scratch(left.rows, rows))
              return withExtendedLifetime(scratch) {
                Element._kernels.table.thinColumns(
                  b, left.rows, left.rowStride, mine, rows, rowStride, range.count, target, stride, scratch.base)
              }
            }
            Element._kernels.table.gemm(
              CblasRowMajor, CblasNoTrans, CblasNoTrans, blasInt(left.rows), blasInt(range.count), blasInt(rows), 1,
              b, blasInt(left.leadingDimension), mine, blasInt(leadingDimension), 0, target,
              blasInt(Swift.max(stride, 1)))
          }
        }
      }
    }
    return result
  }
}
