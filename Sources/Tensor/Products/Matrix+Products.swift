import COpenBLAS

/// The matrix product A·B, through BLAS, either operand possibly transposed. Traps on shapes that do not fit.
///
/// A is m×k, B is k×n, the result m×n; NaN and infinities propagate as in the sums.
/// - Complexity: 2mnk flops; memory for the result only.
public func * <Element: MatrixScalar>(
  left: some MatrixOperand<Element>, right: some MatrixOperand<Element>
) -> Matrix<Element> {
  var result = Matrix<Element>(.undefined, rows: left.rows, columns: right.columns)
  result.addProduct(left, right, beta: 0)
  return result
}

/// The product A·x of an m×n operand with n entries. Traps on shapes that do not fit.
///
/// - Complexity: 2mn flops.
public func * <Element: MatrixScalar>(
  matrix: some MatrixOperand<Element>, vector: Vector<Element>
) -> Vector<Element> {
  require(
    matrix.columns == vector.count,
    "product of a \(matrix.rows)x\(matrix.columns) matrix and a vector of \(vector.count)")
  guard !matrix.base.isEmpty else { return Vector(repeating: 0, count: matrix.rows) }
  let (stored, isTransposed) = (matrix.base, matrix.isTransposed)
  return Vector(count: matrix.rows) { target in
    stored.withUnsafeBase { a in
      vector.withUnsafeBase { x in
        // Each thread makes some of the entries, from some of the rows or columns of what is stored.
        _ = inParts(matrix.rows, flops: 2 * Double(stored.count)) { range in
          let (rows, columns) = isTransposed ? (stored.rows, range.count) : (range.count, stored.columns)
          Element._kernels.table.gemv(
            CblasRowMajor, isTransposed ? CblasTrans : CblasNoTrans, blasInt(rows), blasInt(columns), 1,
            a + range.lowerBound * (isTransposed ? 1 : stored.rowStride), blasInt(stored.leadingDimension), x, 1, 0,
            target.baseAddress.map { $0 + range.lowerBound }, 1)
        }
      }
    }
  }
}

extension Matrix {
  /// Accumulates a product in place: C ← αAB + βC. Traps on shapes that do not fit.
  ///
  /// - Parameters:
  ///   - left: A, m×k.
  ///   - right: B, k×n.
  ///   - alpha: the factor of the product.
  ///   - beta: the factor of what is there; 0 overwrites, also NaN.
  /// - Complexity: 2mnk flops.
  public mutating func addProduct(
    _ left: some MatrixOperand<Element>, _ right: some MatrixOperand<Element>, alpha: Element = 1,
    beta: Element = 1
  ) {
    require(
      left.columns == right.rows,
      "product of a \(left.rows)x\(left.columns) and a \(right.rows)x\(right.columns) matrix")
    require(
      rows == left.rows && columns == right.columns,
      "a \(left.rows)x\(right.columns) product into a \(shapeDescription) matrix")
    guard !isEmpty else { return }
    let (rows, columns) = (rows, columns)
    guard left.columns > 0 else {
      if beta == 0 { self = .zeros(rows: rows, columns: columns) } else { scale(by: beta) }
      return
    }
    let depth = left.columns
    let flops = 2 * Double(rows) * Double(columns) * Double(depth)
    if flops >= 2e7, depth >= 16 * Swift.max(rows, columns) {
      let parts = inParts(depth, flops: flops) { range in
        var part = Matrix(.undefined, rows: rows, columns: columns)
        part.multiply(left, right, depth: range, alpha: alpha, beta: 0)
        return part
      }
      let sum = parts.dropFirst().reduce(into: parts[0]) { $0 += $1 }
      if beta == 0 {
        self = sum
      } else {
        scale(by: beta)
        self += sum
      }
    } else {
      multiply(left, right, depth: 0..<depth, alpha: alpha, beta: beta)
    }
  }

  /// C ← αAB + βC for some of the columns of A and rows of B, the longer side of C shared among threads.
  private mutating func multiply(
    _ left: some MatrixOperand<Element>, _ right: some MatrixOperand<Element>, depth: Range<Int>, alpha: Element,
    beta: Element
  ) {
    let (a, b, rows, columns) = (left.base, right.base, rows, columns)
    let (aRow, aColumn) = left.isTransposed ? (1, a.rowStride) : (a.rowStride, 1)
    let (bRow, bColumn) = right.isTransposed ? (1, b.rowStride) : (b.rowStride, 1)
    let flops = 2 * Double(rows) * Double(columns) * Double(depth.count)
    let splitsRows = rows >= columns
    withUnsafeMutableBase { c, rowStride in
      a.withUnsafeBase { aBase in
        b.withUnsafeBase { bBase in
          // A smaller product takes a thread less time than to pack one of the operands twice.
          _ = inParts(Swift.max(rows, columns), flops: flops < 2e7 ? 0 : flops) { range in
            let (mine, share) = (range.lowerBound, range.count)
            Element._kernels.table.gemm(
              CblasRowMajor, left.isTransposed ? CblasTrans : CblasNoTrans,
              right.isTransposed ? CblasTrans : CblasNoTrans, blasInt(splitsRows ? share : rows),
              blasInt(splitsRows ? columns : share), blasInt(depth.count), alpha,
              aBase + depth.lowerBound * aColumn + (splitsRows ? mine * aRow : 0), blasInt(a.leadingDimension),
              bBase + depth.lowerBound * bRow + (splitsRows ? 0 : mine * bColumn), blasInt(b.leadingDimension), beta,
              c + mine * (splitsRows ? rowStride : 1), blasInt(Swift.max(rowStride, columns, 1)))
          }
        }
      }
    }
  }

  /// The row stride as BLAS wants it: at least 1, also for a matrix of one row or no columns.
  var leadingDimension: Int { Swift.max(rowStride, columns, 1) }
}

/// A size or stride as BLAS takes it. Traps beyond 2³¹ − 1, which 32-bit BLAS cannot address.
func blasInt(_ value: Int) -> Int32 {
  guard let result = Int32(exactly: value) else {
    fatalError("\(value) rows or columns are too many for 32-bit BLAS")
  }
  return result
}
