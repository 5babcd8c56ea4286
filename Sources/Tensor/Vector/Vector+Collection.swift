// What a loop calls for every entry is transparent, and so inlined in debug builds too: a call takes ten times as long
// as the load.
extension Vector: RandomAccessCollection, MutableCollection {
  /// The index of the first entry, 0.
  @inlinable public var startIndex: Int { 0 }
  /// One past the index of the last entry.
  @inlinable public var endIndex: Int { count }

  /// Entry `i`. Traps outside of `0 ..< count`.
  ///
  /// - Complexity: O(1); a write copies the storage first where it is shared.
  public subscript(i: Int) -> Element {
    @_transparent get {
      // As unsigned numbers, negative indices are too large.
      if UInt(bitPattern: i) >= UInt(bitPattern: count) { failOutside(i) }
      let entry = first[i]
      _fixLifetime(self)
      return entry
    }
    @_transparent set {
      if UInt(bitPattern: i) >= UInt(bitPattern: count) { failOutside(i) }
      makeUnique()
      first[i] = newValue
    }
  }

  @inline(never) @usableFromInline func failOutside(_ i: Int) -> Never {
    fatalError("entry \(i) of a vector of \(count)")
  }

  /// Reads the entries of a vector one after the other.
  ///
  /// ```swift
  /// for entry in a.row(0) { print(entry) }
  /// ```
  public struct Iterator: IteratorProtocol {
    // Keeps the memory alive while it is read.
    @usableFromInline let vector: Vector
    @usableFromInline var position: UnsafeMutablePointer<Element>
    @usableFromInline let end: UnsafeMutablePointer<Element>

    @inlinable init(_ vector: Vector) {
      self.vector = vector
      position = vector.first
      end = vector.first + vector.count
    }

    /// The next entry; nil after the last.
    @_transparent public mutating func next() -> Element? {
      if position == end { return nil }
      let entry = position.pointee
      position += 1
      _fixLifetime(self)
      return entry
    }
  }

  /// An iterator over the entries.
  @inlinable public func makeIterator() -> Iterator { Iterator(self) }

  /// Calls `body` with the entries; the collection protocol's fast path.
  @inlinable public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result? {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: first, count: count))
  }

  /// Copies the entries into `target`; what the standard library makes arrays with.
  public func _copyContents(
    initializing target: UnsafeMutableBufferPointer<Element>
  ) -> (Iterator, UnsafeMutableBufferPointer<Element>.Index) {
    var rest = makeIterator()
    let copied = Swift.min(count, target.count)
    target.baseAddress?.initialize(from: first, count: copied)
    rest.position += copied
    return (rest, copied)
  }
}
