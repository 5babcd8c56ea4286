extension Matrix {
  /// Calls `body` with the first entry; row `i` starts `i * rowStride` entries after it.
  ///
  /// The pointer must not leave `body`.
  @inlinable public func withUnsafeBase<Result, Failure: Error>(
    _ body: (UnsafePointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafePointer(first))
  }

  /// Calls `body` with the first entry for reading and writing, after copying storage that is shared.
  ///
  /// The second argument of `body` is the distance between rows, which the copy may have changed.
  @inlinable public mutating func withUnsafeMutableBase<Result, Failure: Error>(
    _ body: (_ base: UnsafeMutablePointer<Element>, _ rowStride: Int) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(first, rowStride)
  }

  /// Calls `body` with all entries in row-major order; copies first where rows have gaps.
  public func withUnsafeBuffer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let packed = compacted()
    return try packed.withUnsafeBase { (base) throws(Failure) in
      try body(UnsafeBufferPointer(start: base, count: packed.count))
    }
  }

  /// Calls `body` with the entries of row `i`.
  @inlinable public func withRow<Result, Failure: Error>(
    _ i: Int, _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    require(i >= 0 && i < rows, "row \(i) of a \(shapeDescription) matrix")
    return try withUnsafeBase { (base) throws(Failure) in
      try body(Span(_unsafeStart: base + i * rowStride, count: columns))
    }
  }

  /// Calls `body` with the entries of row `i` for reading and writing.
  @inlinable public mutating func withMutableRow<Result, Failure: Error>(
    _ i: Int, _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    require(i >= 0 && i < rows, "row \(i) of a \(shapeDescription) matrix")
    let columns = columns
    return try withUnsafeMutableBase { (base, rowStride) throws(Failure) in
      var span = MutableSpan(_unsafeStart: base + i * rowStride, count: columns)
      return try body(&span)
    }
  }

  /// Calls `body` with the rows of `range` as a matrix that writes into this one, without copying this one.
  ///
  /// A matrix of the same shape that `body` assigns is copied in; another shape traps.
  public mutating func withMutableRows<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (inout Matrix) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    var part = self[rows: range]
    let scope = WriteScope()
    part.storage = MatrixStorage(borrowing: storage, within: scope)
    let start = UnsafePointer(part.first)
    defer {
      require(
        part.rows == range.count && part.columns == columns,
        "a \(part.shapeDescription) matrix cannot replace \(range.count) rows of a \(shapeDescription) matrix")
      scope.isActive = false
      if part.withUnsafeBase({ $0 != start }) {
        // `body` copied the view or assigned another matrix. A copy of the view that `body` stored elsewhere still
        // reads this memory and must keep its values, so the matrix may have to move before it is written.
        makeUnique()
        part.copyRows(to: first + range.lowerBound * rowStride, stride: rowStride)
      }
    }
    return try body(&part)
  }

  /// The matrix with rows that follow each other without gaps: itself where that is so already, else a copy.
  public func compacted() -> Matrix {
    if isContiguous { return self }
    return Matrix(rows: rows, columns: columns) { copyRows(to: $0.baseAddress, stride: columns) }
  }

  /// Writes the rows to `target`, `stride` entries apart.
  func copyRows(to target: UnsafeMutablePointer<Element>?, stride: Int) {
    guard !isEmpty, let target else { return }
    withUnsafeBase { base in
      if isContiguous && (stride == columns || rows == 1) {
        target.update(from: base, count: count)
      } else if columns == 1, Swift.max(rows, rowStride, stride) <= Int(Int32.max) {
        BLAS.copy(rows, from: base, stride: rowStride, to: target, stride: stride)
      } else {
        for i in 0..<rows { (target + i * stride).update(from: base + i * rowStride, count: columns) }
      }
    }
  }

  // A condition of two fields here, inlined into loops of clients, ends the compiler of Swift 6.3 in release builds.
  @_transparent @usableFromInline mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) || !storage.isWritable { copyStorage() }
  }

  @usableFromInline mutating func copyStorage() {
    let copy = MatrixStorage<Element>(.undefined, capacity: count)
    copyRows(to: copy.base, stride: columns)
    (storage, first, rowStride) = (copy, copy.base, columns)
  }
}
