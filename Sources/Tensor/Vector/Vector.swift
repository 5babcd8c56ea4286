/// A vector of `Float` or `Double` with value semantics: a collection of entries next to each other in memory.
///
/// A row of a matrix (``Matrix/row(_:)``) is a view of its storage; copies share storage until written.
public struct Vector<Element: MatrixScalar>: Sendable {
  /// The number of entries.
  public let count: Int

  // Seen by inlined code, as those of `Matrix`.
  @usableFromInline var storage: MatrixStorage<Element>
  @usableFromInline var offset: Int

  init(storage: MatrixStorage<Element>, offset: Int, count: Int) {
    self.storage = storage
    self.offset = offset
    self.count = count
  }

  /// A vector whose entries `initialize` writes.
  ///
  /// - Parameters:
  ///   - count: at least 0.
  ///   - initialize: gets `count` entries with undefined values and must write every one.
  /// - Throws: what `initialize` throws.
  public init<Failure: Error>(
    count: Int, initializingWith initialize: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    require(count >= 0, "a vector cannot have \(count) entries")
    let storage = MatrixStorage<Element>(.undefined, capacity: count)
    try initialize(UnsafeMutableBufferPointer(start: storage.base, count: count))
    self.init(storage: storage, offset: 0, count: count)
  }

  /// The entries of a sequence.
  public init(_ entries: some Sequence<Element>) {
    let array = Array(entries)
    self.init(count: array.count) { buffer in
      _ = buffer.update(fromContentsOf: array)
    }
  }

  /// A vector of `count` entries, all of the same value.
  public init(repeating value: Element, count: Int) {
    self.init(count: count) { $0.update(repeating: value) }
  }

  /// Calls `body` with the entries.
  @inlinable public func withSpan<Result, Failure: Error>(
    _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(Span(_unsafeStart: storage.base + offset, count: count))
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
    return try body(UnsafePointer(storage.base + offset))
  }

  /// Calls `body` with the first entry for reading and writing, after copying storage that is shared.
  @inlinable public mutating func withUnsafeMutableBase<Result, Failure: Error>(
    _ body: (UnsafeMutablePointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.base + offset)
  }

  @inlinable mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) || !storage.isWritable { copyStorage() }
  }

  @usableFromInline mutating func copyStorage() {
    let copy = MatrixStorage<Element>(.undefined, capacity: count)
    copy.base.update(from: storage.base + offset, count: count)
    (storage, offset) = (copy, 0)
  }
}

extension Vector: RandomAccessCollection, MutableCollection {
  /// The index of the first entry, 0.
  @inlinable public var startIndex: Int { 0 }
  /// One past the index of the last entry.
  @inlinable public var endIndex: Int { count }

  /// Entry `i`. Traps outside of `0 ..< count`.
  @inlinable public subscript(i: Int) -> Element {
    get {
      require(i >= 0 && i < count, "entry \(i) of a vector of \(count)")
      return storage.base[offset + i]
    }
    set {
      require(i >= 0 && i < count, "entry \(i) of a vector of \(count)")
      makeUnique()
      storage.base[offset + i] = newValue
    }
  }

  /// Calls `body` with the entries; the collection protocol's fast path.
  @inlinable public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result? {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: storage.base + offset, count: count))
  }
}

extension Vector: ExpressibleByArrayLiteral {
  /// A vector of the listed entries.
  public init(arrayLiteral entries: Element...) { self.init(entries) }
}

extension Vector: Equatable {
  /// Whether both have the same entries; as for scalars, NaN equals nothing.
  public static func == (left: Vector, right: Vector) -> Bool { left.elementsEqual(right) }
}

extension Vector: Codable {
  /// The entries, as a list.
  public init(from decoder: any Decoder) throws { self.init(try [Element](from: decoder)) }

  /// Writes the entries as a list.
  public func encode(to encoder: any Encoder) throws { try Array(self).encode(to: encoder) }
}

extension Vector: CustomStringConvertible {
  /// The entries in brackets, six significant digits, the middle left out beyond twelve entries.
  public var description: String { "[" + TableText.cells(Array(self), limit: 12).joined(separator: ", ") + "]" }
}
