extension Matrix {
  /// Entry (i, j). Traps outside of the shape.
  ///
  /// - Complexity: O(1); a write copies the storage first where it is shared.
  public subscript(i: Int, j: Int) -> Element {
    // Transparent functions are inlined in debug builds too, where a call would take ten times as long as the load.
    @_transparent get {
      let entry = first[position(i, j)]
      _fixLifetime(self)
      return entry
    }
    @_transparent set {
      makeUnique()
      first[position(i, j)] = newValue
    }
  }

  /// The distance of entry (i, j) from the first.
  @_transparent @usableFromInline func position(_ i: Int, _ j: Int) -> Int {
    // As unsigned numbers, negative indices are too large.
    if UInt(bitPattern: i) >= UInt(bitPattern: rows) || UInt(bitPattern: j) >= UInt(bitPattern: columns) {
      failOutside(i, j)
    }
    return i &* rowStride &+ j
  }

  @inline(never) @usableFromInline func failOutside(_ i: Int, _ j: Int) -> Never {
    fatalError("entry [\(i), \(j)] of a \(shapeDescription) matrix")
  }

  /// Every entry replaced by `transform` of it, as a new matrix. O(mn).
  @inlinable
  public func map<Other: MatrixScalar, Failure: Error>(
    _ transform: (Element) throws(Failure) -> Other
  ) throws(Failure) -> Matrix<Other> {
    try Matrix<Other>(rows: rows, columns: columns) { (target) throws(Failure) in
      try withUnsafeBase { (base) throws(Failure) in
        for i in 0..<rows {
          for j in 0..<columns { target[i * columns + j] = try transform(base[i * rowStride + j]) }
        }
      }
    }
  }
}
