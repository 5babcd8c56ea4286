import CKernels
import COpenBLAS

/// Products of a large matrix with a thin one, as tall and truncated decompositions are made of.
extension Matrix {
  /// Up to this many columns or rows the thin factor counts as one: BLAS would take as long to pack the large one.
  private static var thinnest: Int { 96 }

  /// A·B, the rows of A shared among threads.
  func rowsTimes(_ right: some MatrixOperand<Element>) -> Matrix {
    guard !isEmpty, right.columns > 0 else { return .zeros(rows: rows, columns: right.columns) }
    let flops = 2 * Double(count) * Double(right.columns)
    let isThin = right.columns <= Self.thinnest
    // Whole vectors of columns, zeros beyond the last.
    let width = isThin ? (right.columns + 15) / 16 * 16 : right.columns
    var packed = Matrix.zeros(rows: isThin ? columns : 0, columns: width)
    if isThin {
      let source = right.isTransposed ? Matrix(right.base.transposed) : right.base
      packed.withUnsafeMutableBase { base, stride in source.copyRows(to: base, stride: stride) }
    }
    var result = Matrix(.undefined, rows: rows, columns: width)
    result.withUnsafeMutableBase { c, stride in
      withUnsafeBase { a in
        right.base.withUnsafeBase { b in
          packed.withUnsafeBase { w in
            _ = inParts(rows, flops: flops) { range in
              let (mine, target) = (a + range.lowerBound * rowStride, c + range.lowerBound * stride)
              if isThin {
                return Element._kernels.table.thinRows(mine, range.count, rowStride, columns, w, width, target)
              }
              Element._kernels.table.gemm(
                CblasRowMajor, CblasNoTrans, right.isTransposed ? CblasTrans : CblasNoTrans, blasInt(range.count),
                blasInt(width), blasInt(columns), 1, mine, blasInt(leadingDimension), b,
                blasInt(right.base.leadingDimension), 0, target, blasInt(stride))
            }
          }
        }
      }
    }
    return width == right.columns ? result : result[columns: 0..<right.columns].compacted()
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
              let work = MatrixStorage<Element>(.undefined, capacity: ck_thin_columns_workspace(left.rows, rows))
              return withExtendedLifetime(work) {
                Element._kernels.table.thinColumns(
                  b, left.rows, left.rowStride, mine, rows, rowStride, range.count, target, stride, work.base)
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
