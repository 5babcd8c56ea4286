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
  precondition(
    matrix.columns == vector.count,
    "product of a \(matrix.rows)x\(matrix.columns) matrix and a vector of \(vector.count)")
  guard !matrix.base.isEmpty else { return Vector(repeating: 0, count: matrix.rows) }
  let stored = matrix.base
  return Vector(count: matrix.rows) { target in
    stored.withUnsafeBase { a in
      vector.withUnsafeBase { x in
        withBLAS(flops: 2 * Double(stored.count)) {
          Element._kernels.table.gemv(
            CblasRowMajor, matrix.isTransposed ? CblasTrans : CblasNoTrans, blasInt(stored.rows),
            blasInt(stored.columns), 1, a, blasInt(stored.leadingDimension), x, 1, 0, target.baseAddress, 1)
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
    precondition(
      left.columns == right.rows,
      "product of a \(left.rows)x\(left.columns) and a \(right.rows)x\(right.columns) matrix")
    precondition(
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
    // OpenBLAS splits rows and columns of a product among threads, never the depth.
    if flops >= 2e7, depth >= 16 * Swift.max(rows, columns) {
      let parts = inParts(depth, flops: flops) { range in
        var part = Matrix(.undefined, rows: rows, columns: columns)
        part.multiply(left, right, within: range, alpha: alpha, beta: 0)
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
      multiply(left, right, within: 0..<depth, alpha: alpha, beta: beta)
    }
  }

  /// C ← αAB + βC for some of the columns of A and rows of B.
  private mutating func multiply(
    _ left: some MatrixOperand<Element>, _ right: some MatrixOperand<Element>, within range: Range<Int>, alpha: Element,
    beta: Element
  ) {
    let (a, b, rows, columns) = (left.base, right.base, rows, columns)
    let aFirst = range.lowerBound * (left.isTransposed ? a.rowStride : 1)
    let bFirst = range.lowerBound * (right.isTransposed ? 1 : b.rowStride)
    withUnsafeMutableBase { c, rowStride in
      a.withUnsafeBase { aBase in
        b.withUnsafeBase { bBase in
          withBLAS(flops: 2 * Double(rows) * Double(columns) * Double(range.count)) {
            Element._kernels.table.gemm(
              CblasRowMajor, left.isTransposed ? CblasTrans : CblasNoTrans,
              right.isTransposed ? CblasTrans : CblasNoTrans, blasInt(rows), blasInt(columns),
              blasInt(range.count), alpha, aBase + aFirst, blasInt(a.leadingDimension), bBase + bFirst,
              blasInt(b.leadingDimension), beta, c, blasInt(Swift.max(rowStride, columns, 1)))
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
    preconditionFailure("\(value) rows or columns are too many for 32-bit BLAS")
  }
  return result
}
