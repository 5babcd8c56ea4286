extension Vector {
  /// Calls `body` with the entries.
  @inlinable public func withSpan<Result, Failure: Error>(
    _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(Span(_unsafeStart: first, count: count))
  }

  /// Calls `body` with the entries for reading and writing, after copying storage that is shared.
  @inlinable public mutating func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let count = count
    return try withUnsafeMutableBase { (base) throws(Failure) in
      var span = MutableSpan(_unsafeStart: base, count: count)
      return try body(&span)
    }
  }

  /// Calls `body` with the first entry. The pointer must not leave `body`.
  @inlinable public func withUnsafeBase<Result, Failure: Error>(
    _ body: (UnsafePointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafePointer(first))
  }

  /// Calls `body` with the first entry for reading and writing, after copying storage that is shared.
  @inlinable public mutating func withUnsafeMutableBase<Result, Failure: Error>(
    _ body: (UnsafeMutablePointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(first)
  }

  @_transparent @usableFromInline mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) || !storage.isWritable { copyStorage() }
  }

  @usableFromInline mutating func copyStorage() {
    let copy = MatrixStorage<Element>(.undefined, capacity: count)
    copy.base.update(from: first, count: count)
    (storage, first) = (copy, copy.base)
  }
}
