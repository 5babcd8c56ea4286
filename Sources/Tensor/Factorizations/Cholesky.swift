import COpenBLAS

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
    var solution = right.overwritableCopy()
    guard !solution.isEmpty else { return solution }
    let (n, k) = (right.rows, right.columns)
    solution.withUnsafeMutableBase { x, rowStride in
      lower.withUnsafeBase { l in
        _ = inParts(k, flops: 2 * Double(n) * Double(n) * Double(k)) { range in
          for transpose in [CblasNoTrans, CblasTrans] {
            Element._kernels.table.trsm(
              CblasRowMajor, CblasLeft, CblasLower, transpose, CblasNonUnit, blasInt(n), blasInt(range.count), 1, l,
              blasInt(lower.leadingDimension), x + range.lowerBound, blasInt(rowStride))
          }
        }
      }
    }
    return solution
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
    let (n, width) = (rows, 128)
    var factor = overwritableCopy()
    let failed = factor.withUnsafeMutableBase { a, _ -> Int? in
      for i in 0..<n { (a + i * (n + 1) + 1).update(repeating: 0, count: n - i - 1) }
      for first in stride(from: 0, to: n, by: width) {
        let block = CholeskyBlock(a: a, order: n, columns: first..<Swift.min(first + width, n))
        if let order = block.factor() { return order }
        block.solveBelow()
        block.update(rowsAtOnce: width)
      }
      return nil
    }
    if let failed { throw .notPositiveDefinite(order: failed) }
    return Cholesky(lower: factor)
  }
}

/// A step of the factorization: some columns of the lower triangle of a row-major matrix, whose columns before are done.
private struct CholeskyBlock<Element: MatrixScalar> {
  let a: UnsafeMutablePointer<Element>
  let order: Int
  let columns: Range<Int>

  private var kernels: _Kernels<Element> { Element._kernels }
  private var diagonal: UnsafeMutablePointer<Element> { a + columns.lowerBound * (order + 1) }
  /// The first of the rows below, in these columns.
  private var below: UnsafeMutablePointer<Element> { a + columns.upperBound * order + columns.lowerBound }
  private var rowsBelow: Int { order - columns.upperBound }

  /// Factors what stands on the diagonal; returns the order of the leading minor that is not positive, if there is one.
  func factor() -> Int? {
    // The row-major lower triangle is LAPACK's upper one.
    let info = kernels.table.potrf(columnMajor, letter("U"), blasInt(columns.count), diagonal, blasInt(order))
    // The updates before wrote whole rows of the block.
    for i in 0..<columns.count { (diagonal + i * (order + 1) + 1).update(repeating: 0, count: columns.count - i - 1) }
    return info > 0 ? columns.lowerBound + Int(info) : nil
  }

  /// L₂₁ = A₂₁L₁₁⁻ᵀ.
  func solveBelow() {
    let width = Double(columns.count)
    _ = inParts(rowsBelow, flops: Double(rowsBelow) * width * width) { range in
      kernels.table.trsm(
        CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, blasInt(range.count), blasInt(columns.count),
        1,
        diagonal, blasInt(order), below + range.lowerBound * order, blasInt(order))
    }
  }

  /// A₂₂ ← A₂₂ − L₂₁L₂₁ᵀ in the lower triangle, some rows at a time.
  func update(rowsAtOnce height: Int) {
    let tasks = (rowsBelow + height - 1) / height
    let flops = Double(rowsBelow) * Double(rowsBelow) * Double(columns.count)
    // A late task, with long rows, goes with an early one, so that each pair is as much work as the others.
    _ = inParts((tasks + 1) / 2, flops: flops) { range in
      for pair in range {
        for task in Set([pair, tasks - 1 - pair]) {
          updateRows(task * height..<min((task + 1) * height, rowsBelow))
        }
      }
    }
  }

  private func updateRows(_ rows: Range<Int>) {
    let left = below + rows.lowerBound * order
    kernels.table.gemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasInt(rows.count), blasInt(rows.upperBound), blasInt(columns.count),
      -1,
      left, blasInt(order), below, blasInt(order), 1, left + columns.count, blasInt(order))
  }
}
