/// A = LLᵀ for a symmetric positive definite A. Made by ``Matrix/cholesky()``.
///
/// ```swift
/// let cholesky = try a.gram(.columns).cholesky()
/// let x = cholesky.solve(a.transposed * b)  // the normal equations of A·X ≈ B
/// ```
public struct Cholesky<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// L, n×n, zero above the diagonal, the diagonal positive.
  public let lower: Matrix<Element>

  /// The solution X of AX = B by two triangular solves.
  ///
  /// - Parameter right: B, n×k. Traps on another number of rows.
  /// - Returns: X, n×k; not finite where B is not.
  /// - Complexity: 2n²k flops.
  public func solve(_ right: Matrix<Element>) -> Matrix<Element> {
    require(
      right.rows == lower.rows,
      "a right-hand side of \(right.shapeDescription) for a system of order \(lower.rows)")
    let solution = Output(copying: right)
    let x = solution.pointer
    let (n, k) = (Double(right.rows), right.isEmpty ? 0 : right.columns)
    withPointers(to: lower) { lower in
      inParts(k, flops: 2 * n * n * Double(k)) { range in
        BLAS.trsm(lower.lowerTriangle, on: .left, of: x[columns: range])
        BLAS.trsm(lower.lowerTriangle.transposed, on: .left, of: x[columns: range])
      }
    }
    return solution.matrix()
  }
}

extension Matrix {
  /// The Cholesky factorization A = LLᵀ. Only the lower triangle of A is read.
  ///
  /// By blocks of columns: LAPACK factors a block on the diagonal, and the threads share the rows below it.
  ///
  /// - Throws: ``LinearAlgebraError/notPositiveDefinite(order:)``; ``LinearAlgebraError/notFinite(row:column:)``;
  ///   ``LinearAlgebraError/shapeMismatch(_:)`` unless A is square.
  /// - Complexity: n³/3 flops; one copy of A.
  /// - SeeAlso: LAPACK `potrf`.
  public func cholesky() throws(LinearAlgebraError) -> Cholesky<Element> {
    try checkSquare()
    try checkLAPACKSize()
    try checkFinite()
    let width = FactorizationTuning.current.choleskyWidth
    let factor = Output(copying: self)
    factor.pointer.clearAboveDiagonal()
    for first in stride(from: 0, to: rows, by: width) {
      let block = CholeskyBlock(a: factor.pointer, columns: first..<Swift.min(first + width, rows))
      if let order = block.factor() { throw .notPositiveDefinite(order: order) }
      block.solveBelow()
      block.update(rowsAtOnce: width)
    }
    return Cholesky(lower: factor.matrix())
  }
}

/// One step of the factorization: a block of columns of the lower triangle, where all columns before it are done.
private struct CholeskyBlock<Element: MatrixScalar> {
  let a: MutableMatrixPointer<Element>
  let columns: Range<Int>

  /// The square block on the diagonal.
  private var diagonal: MutableMatrixPointer<Element> { a[rows: columns][columns: columns] }
  /// The rows below it, in the same columns.
  private var below: MutableMatrixPointer<Element> { a[rows: columns.upperBound..<a.rows][columns: columns] }

  /// Factors the block on the diagonal; returns the order of the leading minor that is not positive, if there is one.
  func factor() -> Int? {
    let order = LAPACK.potrf(.lower, of: diagonal)
    // The updates of earlier steps wrote whole rows of the block.
    diagonal.clearAboveDiagonal()
    return order.map { columns.lowerBound + $0 }
  }

  /// L₂₁ = A₂₁L₁₁⁻ᵀ.
  func solveBelow() {
    let (below, width) = (below, Double(columns.count))
    inParts(below.rows, flops: Double(below.rows) * width * width) { range in
      BLAS.trsm(diagonal.readOnly.lowerTriangle.transposed, on: .right, of: below[rows: range])
    }
  }

  /// A₂₂ ← A₂₂ − L₂₁L₂₁ᵀ in the lower triangle, `height` rows at a time.
  func update(rowsAtOnce height: Int) {
    let rows = below.rows
    let tasks = (rows + height - 1) / height
    let flops = Double(rows) * Double(rows) * Double(columns.count)
    // A late task, whose rows are long, goes with an early one, so that all pairs are equal amounts of work.
    inParts((tasks + 1) / 2, flops: flops) { range in
      for task in range.flatMap({ Set([$0, tasks - 1 - $0]) }) {
        updateRows(task * height..<min((task + 1) * height, rows))
      }
    }
  }

  /// The same for some of the rows below, up to the diagonal block in which they end.
  private func updateRows(_ rows: Range<Int>) {
    let target = a[rows: columns.upperBound..<a.rows][columns: columns.upperBound..<a.columns]
    BLAS.gemm(
      below[rows: rows].readOnly, below[rows: 0..<rows.upperBound].transposed,
      into: target[rows: rows][columns: 0..<rows.upperBound], alpha: -1, beta: 1)
  }
}
