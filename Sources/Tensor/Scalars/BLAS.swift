import COpenBLAS

/// The calls of BLAS, with labels and shapes instead of lists of numbers. This file alone names the constants of CBLAS.
///
/// OpenBLAS runs them on the calling thread; who wants several splits the work by ``inParts(_:flops:_:)``.
enum BLAS {
  /// C ← αAB + βC; where β is 0, what stood in C does not count, not even NaN.
  @inline(__always)
  static func gemm<S: MatrixScalar>(
    _ a: MatrixPointer<S>, _ b: MatrixPointer<S>, into c: MutableMatrixPointer<S>, alpha: S = 1, beta: S = 0
  ) {
    gemm(by: S._kernels.blas, a, b, into: c, alpha: alpha, beta: beta)
  }

  /// The same by these routines, for the check before OpenBLAS is set up.
  @inline(__always)
  static func gemm<S: MatrixScalar>(
    by routines: BLASRoutines<S>, _ a: MatrixPointer<S>, _ b: MatrixPointer<S>, into c: MutableMatrixPointer<S>,
    alpha: S, beta: S
  ) {
    assert(a.columns == b.rows && a.rows == c.rows && b.columns == c.columns, "shapes of a product do not fit")
    routines.gemm(
      CblasRowMajor, form(a), form(b), blasInt(c.rows), blasInt(c.columns), blasInt(a.columns), alpha, a.base,
      blasInt(a.stride), b.base, blasInt(b.stride), beta, c.base, blasInt(c.stride))
  }

  /// y ← Ax.
  @inline(__always)
  static func gemv<S: MatrixScalar>(_ a: MatrixPointer<S>, _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>) {
    // BLAS wants the shape as it is stored.
    let (rows, columns) = a.isTransposed ? (a.columns, a.rows) : (a.rows, a.columns)
    S._kernels.blas.gemv(
      CblasRowMajor, form(a), blasInt(rows), blasInt(columns), 1, a.base, blasInt(a.stride), x, 1, 0, y, 1)
  }

  /// The lower triangle of C ← AAᵀ.
  static func syrk<S: MatrixScalar>(_ a: MatrixPointer<S>, intoLowerTriangleOf c: MutableMatrixPointer<S>) {
    S._kernels.blas.syrk(
      CblasRowMajor, CblasLower, form(a), blasInt(a.rows), blasInt(a.columns), 1, a.base, blasInt(a.stride), 0, c.base,
      blasInt(c.stride))
  }

  /// The side of a matrix on which a triangle is multiplied.
  enum Side {
    case left
    case right
  }

  /// B ← T⁻¹B, or B ← BT⁻¹ with the triangle on the right.
  @inline(__always)
  static func trsm<S: MatrixScalar>(_ t: TriangularPointer<S>, on side: Side, of b: MutableMatrixPointer<S>) {
    assert(t.entries.rows == (side == .left ? b.rows : b.columns), "a triangle of another order")
    S._kernels.blas.trsm(
      CblasRowMajor, side == .left ? CblasLeft : CblasRight, t.isStoredUpper ? CblasUpper : CblasLower,
      form(t.entries), t.hasUnitDiagonal ? CblasUnit : CblasNonUnit, blasInt(b.rows), blasInt(b.columns), 1,
      t.entries.base, blasInt(t.entries.stride), b.base, blasInt(b.stride))
  }

  /// B ← TB, or B ← BT with the triangle on the right.
  @inline(__always)
  static func trmm<S: MatrixScalar>(_ t: TriangularPointer<S>, on side: Side, of b: MutableMatrixPointer<S>) {
    assert(t.entries.rows == (side == .left ? b.rows : b.columns), "a triangle of another order")
    S._kernels.blas.trmm(
      CblasRowMajor, side == .left ? CblasLeft : CblasRight, t.isStoredUpper ? CblasUpper : CblasLower,
      form(t.entries), t.hasUnitDiagonal ? CblasUnit : CblasNonUnit, blasInt(b.rows), blasInt(b.columns), 1,
      t.entries.base, blasInt(t.entries.stride), b.base, blasInt(b.stride))
  }

  @inline(__always)
  private static func form<S>(_ a: MatrixPointer<S>) -> CBLAS_TRANSPOSE { a.isTransposed ? CblasTrans : CblasNoTrans }
}

/// A size or stride as BLAS takes it. Traps beyond 2³¹ − 1, which 32-bit BLAS cannot address.
func blasInt(_ value: Int) -> Int32 {
  guard let result = Int32(exactly: value) else {
    fatalError("\(value) rows or columns are too many for 32-bit BLAS")
  }
  return result
}
