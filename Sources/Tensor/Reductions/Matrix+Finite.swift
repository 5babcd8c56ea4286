extension Matrix {
  /// Throws the position of the first entry that is NaN or infinite.
  ///
  /// LAPACK never sees such an entry: some of its routines run for ever on an infinity.
  /// - Complexity: one pass over the entries.
  public func checkFinite() throws(LinearAlgebraError) {
    let found = withUnsafeBase { base in
      inParts(rows, flops: 4 * Double(count)) { range -> (Int, Int)? in
        if isContiguous {
          let start = range.lowerBound * columns
          let position = Element._kernels.table.firstNonFinite(base + start, range.count * columns)
          return position < 0 ? nil : ((start + position) / columns, (start + position) % columns)
        }
        for i in range {
          let j = Element._kernels.table.firstNonFinite(base + i * rowStride, columns)
          if j >= 0 { return (i, j) }
        }
        return nil
      }
    }.compactMap(\.self).first
    if let (row, column) = found { throw .notFinite(row: row, column: column) }
  }
}
