/// The calls of LAPACK, with labels and shapes instead of letters and lists of numbers.
///
/// LAPACK counts by columns: it sees the rows of a matrix here as the columns of the transpose, and the lower triangle
/// as the upper one. Each call says what it computes in terms of the rows here; nothing is copied to transpose.
enum LAPACK {
  /// LAPACK_COL_MAJOR, a macro with a cast that Swift does not import.
  static let columnMajor: Int32 = 102

  /// A triangle of a symmetric matrix.
  enum Triangle {
    case lower
    case upper
  }

  /// L with A = LLᵀ in place of the lower triangle of A, or R with A = RᵀR in place of the upper one.
  ///
  /// - Returns: the order of the leading minor that is not positive; `nil` where there is none.
  static func potrf<S: MatrixScalar>(_ triangle: Triangle, of a: MutableMatrixPointer<S>) -> Int? {
    let info = S._kernels.lapack.potrf(
      columnMajor, letter(triangle == .lower ? "U" : "L"), blasInt(a.rows), a.base, blasInt(a.stride))
    return info == 0 ? nil : Int(info)
  }

  /// The transpose of A as PLU, in place.
  ///
  /// - Parameter pivots: gets a number for each row of A: which one it was exchanged with, counted from 1.
  /// - Returns: the number, counted from 1, of the first pivot that is zero; `nil` where there is none.
  static func getrf<S: MatrixScalar>(transposeOf a: MutableMatrixPointer<S>, pivots: inout [Int32]) -> Int? {
    let info = S._kernels.lapack.getrf(
      columnMajor, blasInt(a.columns), blasInt(a.rows), a.base, blasInt(a.stride), &pivots)
    return info > 0 ? Int(info) : nil
  }

  /// Exchanges columns of A as the pivots in `range` say, one after the other.
  static func laswp<S: MatrixScalar>(columnsOf a: MutableMatrixPointer<S>, pivots: [Int32], in range: Range<Int>) {
    _ = S._kernels.lapack.laswp(
      columnMajor, blasInt(a.rows), a.base, blasInt(a.stride), blasInt(range.lowerBound + 1), blasInt(range.upperBound),
      pivots, 1)
  }

  /// Each row b of X becomes the x with Ax = b, from the factors of Aᵀ that ``getrf(transposeOf:pivots:)`` gave.
  static func getrs<S: MatrixScalar>(
    transposeFactored a: MatrixPointer<S>, pivots: [Int32], rows x: MutableMatrixPointer<S>
  ) {
    _ = S._kernels.lapack.getrs(
      columnMajor, letter("T"), blasInt(a.rows), blasInt(x.rows), a.base, blasInt(a.stride), pivots, x.base,
      blasInt(x.stride))
  }

  /// The transpose of A as QR: reflectors and R in place, and their triangular factor in the square T.
  static func geqrt3<S: MatrixScalar>(transposeOf a: MutableMatrixPointer<S>, t: MutableMatrixPointer<S>) {
    _ = S._kernels.lapack.geqrt3(
      columnMajor, blasInt(a.columns), blasInt(a.rows), a.base, blasInt(a.stride), t.base, blasInt(t.stride))
  }

  /// The eigenvalues, ascending, of the symmetric matrix whose lower triangle A holds, and the vectors in the rows of A
  /// where they are wanted; A is overwritten. False where the iteration did not converge.
  static func syevd<S: MatrixScalar>(
    lowerTriangleOf a: MutableMatrixPointer<S>, eigenvalues: UnsafeMutablePointer<S>, withVectors: Bool
  ) -> Bool {
    let n = a.rows
    var integers = [Int32](repeating: 0, count: withVectors ? 3 + 5 * n : 1)
    let count = blasInt(integers.count)
    let info = withWorkspace(S.self, minimum: withVectors ? 1 + 6 * n + 2 * n * n : 2 * n + 1) { scratch, length in
      S._kernels.lapack.syevd(
        columnMajor, letter(withVectors ? "V" : "N"), letter("U"), blasInt(n), a.base, blasInt(a.stride), eigenvalues,
        scratch, length, &integers, length == -1 ? -1 : count)
    }
    return info == 0
  }

  /// The eigenvalues, ascending, of a symmetric tridiagonal matrix in place of its diagonal. False where the iteration
  /// did not converge.
  static func sterf<S: MatrixScalar>(diagonal: inout [S], subdiagonal: inout [S]) -> Bool {
    S._kernels.lapack.sterf(blasInt(diagonal.count), &diagonal, &subdiagonal) == 0
  }

  /// Calls a routine twice: once to ask how much scratch it wants, once to compute.
  ///
  /// - Parameters:
  ///   - minimum: the documented smallest length of the scratch; the answer of the routine, a rounded floating-point
  ///     number, is only trusted upwards of it.
  ///   - call: gets the scratch and its length, -1 to ask; returns LAPACK's `info`.
  /// - Returns: `info` of the second call.
  static func withWorkspace<S: MatrixScalar>(
    _ type: S.Type, minimum: Int, _ call: (UnsafeMutablePointer<S>, Int32) -> Int32
  ) -> Int32 {
    var answer = S.zero
    _ = call(&answer, -1)
    let length = max(blasInt(minimum), answer.isFinite && answer < S(Int32.max) ? Int32(answer) : 0, 1)
    return withScratch(S.self, rows: 1, columns: Int(length)) { call($0.base, length) }
  }
}

/// A letter argument of LAPACK.
func letter(_ character: Unicode.Scalar) -> CChar { CChar(UInt8(ascii: character)) }
