extension MutableMatrixPointer {
  /// Overwrites the entries by those of a matrix of the same shape; a transpose is made block by block, by all threads.
  func copy(from source: MatrixPointer<Element>) {
    assert(rows == source.rows && columns == source.columns, "entries of another shape")
    guard source.isTransposed else {
      for i in 0..<rows { row(i).update(from: source.row(i), count: columns) }
      return
    }
    let stored = source.transposed
    inParts(stored.rows, flops: 8 * Double(rows) * Double(columns)) { range in
      Element._kernels.table.transpose(
        stored.row(range.lowerBound), range.count, stored.columns, stored.stride, base + range.lowerBound, stride)
    }
  }
}
