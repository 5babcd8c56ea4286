/// The widths of blocks of the factorizations, and the orders from which a path is worth taking.
struct FactorizationTuning: Tuning {
  /// Columns that LAPACK factors at once in a Cholesky factorization, before the threads share what is left: less than
  /// 128 makes the products with the rest thin, more leaves LAPACK alone with one thread for longer.
  var choleskyWidth = 128
  /// The same for elimination with pivoting.
  var eliminationWidth = 128
  /// The same for QR, where LAPACK works recursively and wide blocks cost more in the triangular factor T.
  var qrWidth = 64
  /// Reflectors applied at once where there are many: wide blocks cost more in T⁻¹ and in the unit triangles, narrow
  /// ones more in thin products.
  var manyReflectors = 64
  /// Reflectors applied at once where there are fewer than ``fewReflectorsBelow``.
  var fewReflectors = 32
  /// The number of reflectors from which ``manyReflectors`` is used.
  var fewReflectorsBelow = 128
  /// The order from which eigenvectors come from the tridiagonal form of this library instead of LAPACK's `syevd`.
  var smallestTridiagonal = 64
  /// The order from which a reduction to tridiagonal or bidiagonal form uses threads. Below it a second thread waits
  /// longer than it works.
  var smallestThreadedReduction = 384

  static let standard = FactorizationTuning()
}
