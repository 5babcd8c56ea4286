import COpenBLAS

/// A letter argument of LAPACK.
func letter(_ character: Unicode.Scalar) -> CChar { CChar(UInt8(ascii: character)) }

/// Column-major order: LAPACK sees a row-major buffer as the transpose, so nothing is copied to transpose.
let columnMajor: Int32 = 102  // LAPACK_COL_MAJOR, a macro with a cast that Swift does not import.

/// Calls a routine twice: once to ask for its workspace, once to work.
///
/// - Parameters:
///   - minimum: the documented smallest workspace; the answer of the routine, a rounded floating-point number,
///     is only trusted upwards of it.
///   - call: gets the workspace and its length, -1 to ask; returns LAPACK's `info`.
/// - Returns: `info` of the second call.
func withWorkspace<S: MatrixScalar>(
  _ type: S.Type, minimum: Int, _ call: (UnsafeMutablePointer<S>, Int32) -> Int32
) -> Int32 {
  var answer = S.zero
  _ = call(&answer, -1)
  let length = max(blasInt(minimum), answer.isFinite && answer < S(Int32.max) ? Int32(answer) : 0, 1)
  let work = MatrixStorage<S>(.undefined, capacity: Int(length))
  return withExtendedLifetime(work) { call(work.base, length) }
}

extension Matrix {
  /// Throws where a dimension or the workspace of a routine overflows the 32-bit integers of LAPACK.
  ///
  /// - Parameter workspace: the documented smallest workspace in entries, computed in 64 bits.
  func checkLAPACKSize(workspace: Int = 0) throws(LinearAlgebraError) {
    guard Int32(exactly: rows) != nil, Int32(exactly: columns) != nil else {
      throw .tooLarge(rows: rows, columns: columns, reason: "a dimension overflows 32-bit LAPACK")
    }
    guard Int32(exactly: workspace) != nil else {
      throw .tooLarge(
        rows: rows, columns: columns,
        reason: "its workspace of \(workspace) entries overflows 32-bit LAPACK; svd(rank:) or singularValues() "
          + "may fit")
    }
  }

  /// Throws unless the matrix is square.
  func checkSquare() throws(LinearAlgebraError) {
    guard rows == columns else {
      throw .shapeMismatch("a square matrix is needed, this one is \(shapeDescription)")
    }
  }

  /// A copy with rows without gaps, for LAPACK to overwrite.
  func overwritableCopy() -> Matrix {
    Matrix(rows: rows, columns: columns) { copyRows(to: $0.baseAddress, stride: columns) }
  }
}
