/// The matrix product A·B, through BLAS, either operand possibly transposed. Traps on shapes that do not fit.
///
/// A is m×k, B is k×n, the result m×n; NaN and infinities propagate as in the sums.
/// - Complexity: 2mnk flops; memory for the result only.
public func * <Element: MatrixScalar>(
  left: some MatrixOperand<Element>, right: some MatrixOperand<Element>
) -> Matrix<Element> {
  if left.columns == right.rows, let large = LargeFactor(of: left, right) {
    return product(left, right, large: large)
  }
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
  let result = Output<Element>(.undefined, rows: 1, columns: matrix.rows)
  let y = result.pointer.base
  withPointers(to: matrix) { a in
    vector.withUnsafeBase { x in
      // Each thread computes some of the entries.
      inParts(a.rows, flops: 2 * Double(a.rows) * Double(a.columns)) { range in
        BLAS.gemv(a[rows: range], x, into: y + range.lowerBound)
      }
    }
  }
  return result.vector()
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
    let tuning = ProductTuning.current
    let isLong = depth >= tuning.innerRatioWorthSplitting * Swift.max(rows, columns)
    guard isLong, flops >= tuning.flopsWorthSplitting else {
      withMutablePointer { c in
        withPointers(to: left, right) { multiply($0, $1, into: c, alpha: alpha, beta: beta) }
      }
      return
    }
    let parts = inParts(depth, flops: flops) { range in
      let part = Output<Element>(.undefined, rows: rows, columns: columns)
      withPointers(to: left, right) { a, b in
        multiply(a[columns: range], b[rows: range], into: part.pointer, alpha: alpha, beta: 0)
      }
      return part.matrix()
    }
    let sum = parts.dropFirst().reduce(into: parts[0]) { $0 += $1 }
    if beta == 0 {
      self = sum
    } else {
      scale(by: beta)
      self += sum
    }
  }
}

/// C ← αAB + βC, the longer side of C shared among threads.
private func multiply<Element>(
  _ a: MatrixPointer<Element>, _ b: MatrixPointer<Element>, into c: MutableMatrixPointer<Element>, alpha: Element,
  beta: Element
) {
  let flops = 2 * Double(c.rows) * Double(c.columns) * Double(a.columns)
  let worthSplitting = flops >= ProductTuning.current.flopsWorthSplitting ? flops : 0
  inParts(max(c.rows, c.columns), flops: worthSplitting) { range in
    if c.rows >= c.columns {
      BLAS.gemm(a[rows: range], b, into: c[rows: range], alpha: alpha, beta: beta)
    } else {
      BLAS.gemm(a, b[columns: range], into: c[columns: range], alpha: alpha, beta: beta)
    }
  }
}
