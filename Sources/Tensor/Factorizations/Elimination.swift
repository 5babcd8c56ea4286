extension Matrix {
  /// The solution X of AX = B for a square A, by elimination with partial pivoting.
  ///
  /// By blocks of columns: LAPACK factors a block, and the threads share what is left.
  ///
  /// - Parameter right: B, n×k.
  /// - Throws: ``LinearAlgebraError/singular(pivot:)`` where a pivot is exactly zero; a nearly singular A gives a
  ///   solution with errors of about ε·κ(A): see ``Spectrum/conditionNumber``.
  ///   ``LinearAlgebraError/notFinite(row:column:)``; ``LinearAlgebraError/shapeMismatch(_:)``.
  /// - Complexity: 2n³/3 + 2n²k flops; copies of A and B.
  /// - SeeAlso: LAPACK `getrf` and `getrs`.
  public func solve(_ right: Matrix) throws(LinearAlgebraError) -> Matrix {
    try checkSquare()
    guard right.rows == rows else {
      throw .shapeMismatch("a right-hand side of \(right.shapeDescription) for a \(shapeDescription) matrix")
    }
    try checkLAPACKSize()
    try checkFinite()
    try right.checkFinite()
    guard rows > 0, right.columns > 0 else { return .zeros(rows: rows, columns: right.columns) }
    let factored = Output(copying: self)
    let solution = Output(copying: right.transposed)
    var elimination = Elimination(a: factored.pointer)
    if let pivot = elimination.factor() { throw .singular(pivot: pivot) }
    elimination.solve(rows: solution.pointer)
    factored.release()
    return Matrix(solution.matrix().transposed)
  }
}

/// Aᵀ = PLU, in place.
///
/// LAPACK counts by columns and so sees the transpose of what is stored by rows: it factors that, and is then asked to
/// solve with the transpose of what it factored.
private struct Elimination<Element: MatrixScalar> {
  let a: MutableMatrixPointer<Element>
  /// Column i of A was exchanged with column pivots[i], counted from 1 as LAPACK does.
  private var pivots: [Int32]

  private var order: Int { a.rows }

  init(a: MutableMatrixPointer<Element>) {
    self.a = a
    pivots = [Int32](repeating: 0, count: a.rows)
  }

  /// Factors Aᵀ; returns the position of a pivot that is zero, if there is one.
  mutating func factor() -> Int? {
    let width = FactorizationTuning.current.eliminationWidth
    for first in stride(from: 0, to: order, by: width) {
      let block = first..<min(first + width, order)
      var local = [Int32](repeating: 0, count: block.count)
      let zero = LAPACK.getrf(transposeOf: a[rows: block][columns: first..<order], pivots: &local)
      if let zero { return first + zero - 1 }
      for (i, pivot) in local.enumerated() { pivots[first + i] = pivot + Int32(first) }
      if first > 0 { LAPACK.laswp(columnsOf: a[rows: 0..<first], pivots: pivots, in: block) }
      update(after: block)
    }
    return nil
  }

  /// Updates the rows after a factored block; each thread has rows of its own.
  private func update(after block: Range<Int>) {
    let left = order - block.upperBound
    let corner = a[rows: block][columns: block].readOnly.upperTriangle.withUnitDiagonal
    let factored = a[rows: block][columns: block.upperBound..<order].readOnly
    inParts(left, flops: 2 * Double(left) * Double(left) * Double(block.count)) { range in
      let rows = a[rows: block.upperBound..<order][rows: range]
      LAPACK.laswp(columnsOf: rows, pivots: pivots, in: block)
      BLAS.trsm(corner, on: .right, of: rows[columns: block])
      BLAS.gemm(
        rows[columns: block].readOnly, factored, into: rows[columns: block.upperBound..<order], alpha: -1, beta: 1)
    }
  }

  /// Replaces each row b of `vectors` by the x with Ax = b.
  func solve(rows vectors: MutableMatrixPointer<Element>) {
    let flops = 2 * Double(order) * Double(order) * Double(vectors.rows)
    inParts(vectors.rows, flops: flops) { range in
      LAPACK.getrs(transposeFactored: a.readOnly, pivots: pivots, rows: vectors[rows: range])
    }
  }
}
