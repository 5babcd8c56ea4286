import COpenBLAS

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
    let (n, k) = (rows, right.columns)
    guard n > 0, k > 0 else { return .zeros(rows: n, columns: k) }
    // LAPACK sees the rows of a copy as the columns of Aᵀ, and is asked to solve with the transpose of that.
    var factored = overwritableCopy()
    var solution = Matrix(right.transposed)
    let zeroPivot = factored.withUnsafeMutableBase { a, _ -> Int? in
      var elimination = Elimination(a: a, order: n)
      if let pivot = elimination.factor() { return pivot }
      solution.withUnsafeMutableBase { x, _ in elimination.solveTransposed(x, count: k) }
      return nil
    }
    if let zeroPivot { throw .singular(pivot: zeroPivot) }
    return Matrix(solution.transposed)
  }
}

/// M = PLU for a column-major M, in place.
private struct Elimination<Element: MatrixScalar> {
  let a: UnsafeMutablePointer<Element>
  let order: Int
  /// Row i was exchanged with row pivots[i], counted from 1 as LAPACK does.
  private var pivots: [Int32]

  private var kernels: _Kernels<Element> { Element._kernels }

  init(a: UnsafeMutablePointer<Element>, order: Int) {
    (self.a, self.order) = (a, order)
    pivots = [Int32](repeating: 0, count: order)
  }

  /// Factors M; returns the position of a pivot that is zero, if there is one.
  mutating func factor() -> Int? {
    for first in stride(from: 0, to: order, by: 128) {
      let columns = first..<min(first + 128, order)
      var local = [Int32](repeating: 0, count: columns.count)
      let info = kernels.table.getrf(
        columnMajor, blasInt(order - first), blasInt(columns.count), a + first * (order + 1), blasInt(order), &local)
      if info > 0 { return first + Int(info) - 1 }
      for (i, pivot) in local.enumerated() { pivots[first + i] = pivot + Int32(first) }
      exchangeRows(columns, in: 0..<first)
      update(after: columns)
    }
    return nil
  }

  /// Carries the exchanges of the pivots in `rows` out in some columns.
  private func exchangeRows(_ rows: Range<Int>, in columns: Range<Int>) {
    guard !columns.isEmpty else { return }
    _ = kernels.table.laswp(
      columnMajor, blasInt(columns.count), a + columns.lowerBound * order, blasInt(order), Int32(rows.lowerBound + 1),
      Int32(rows.upperBound), pivots, 1)
  }

  /// Brings what stands right of some factored columns up to date; each thread has columns of its own.
  private func update(after columns: Range<Int>) {
    let (first, end, width) = (columns.lowerBound, columns.upperBound, blasInt(columns.count))
    let (left, leading) = (order - end, blasInt(order))
    let corner = a + first * (order + 1)
    _ = inParts(left, flops: 2 * Double(left) * Double(left) * Double(columns.count)) { range in
      exchangeRows(columns, in: end + range.lowerBound..<end + range.upperBound)
      let upper = a + (end + range.lowerBound) * order + first
      kernels.table.trsm(
        CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasUnit, width, blasInt(range.count), 1, corner, leading,
        upper, leading)
      kernels.table.gemm(
        CblasColMajor, CblasNoTrans, CblasNoTrans, blasInt(left), blasInt(range.count), width, -1,
        corner + columns.count, leading, upper, leading, 1, upper + columns.count, leading)
    }
  }

  /// Replaces each of `count` vectors b, one after the other, by the x with Mᵀx = b.
  func solveTransposed(_ vectors: UnsafeMutablePointer<Element>, count: Int) {
    _ = inParts(count, flops: 2 * Double(order) * Double(order) * Double(count)) { range in
      kernels.table.getrs(
        columnMajor, letter("T"), blasInt(order), blasInt(range.count), a, blasInt(order), pivots,
        vectors + range.lowerBound * order, blasInt(order))
    }
  }
}
