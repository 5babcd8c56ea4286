/// The calls of BLAS for vectors.
extension BLAS {
  /// y ← x, entries as many apart as the strides say.
  @inline(__always)
  static func copy<S: MatrixScalar>(
    _ count: Int, from x: UnsafePointer<S>, stride xStride: Int = 1, to y: UnsafeMutablePointer<S>,
    stride yStride: Int = 1
  ) {
    S._kernels.blas.copy(blasInt(count), x, blasInt(xStride), y, blasInt(yStride))
  }

  /// (x, y) ← (cx + sy, cy − sx).
  @inline(__always)
  static func rot<S: MatrixScalar>(
    _ count: Int, _ x: UnsafeMutablePointer<S>, _ y: UnsafeMutablePointer<S>, cosine: S, sine: S
  ) {
    S._kernels.blas.rot(blasInt(count), x, 1, y, 1, cosine, sine)
  }

  /// y ← y + αx.
  @inline(__always)
  static func axpy<S: MatrixScalar>(
    _ count: Int, _ alpha: S, _ x: UnsafePointer<S>, to y: UnsafeMutablePointer<S>
  ) {
    S._kernels.blas.axpy(blasInt(count), alpha, x, 1, y, 1)
  }

  /// x ← αx.
  @inline(__always)
  static func scal<S: MatrixScalar>(_ count: Int, _ alpha: S, _ x: UnsafeMutablePointer<S>) {
    S._kernels.blas.scal(blasInt(count), alpha, x, 1)
  }
}
