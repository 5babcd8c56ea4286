extension Matrix {
  /// Throws where a dimension or the scratch of a routine overflows the 32-bit integers of LAPACK.
  ///
  /// - Parameter workspace: the documented smallest length of the scratch in entries, computed in 64 bits.
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

  /// A copy with rows that follow each other without gaps, to be overwritten.
  func overwritableCopy() -> Matrix { Output(copying: self).matrix() }
}
