/// A vector of `Float` or `Double` with value semantics: a collection of entries next to each other in memory.
///
/// ```swift
/// let v: Vector<Double> = [3, 4]
/// print(v.norm, try v.normalized(), v.dot([1, 0]))
/// ```
///
/// A row of a matrix (``Matrix/row(_:)``) is a view of its storage; copies share storage until one of them is written.
public struct Vector<Element: MatrixScalar>: @unchecked Sendable {
  // Sendable is unchecked because of `first`, as in `Matrix`.

  /// The number of entries.
  public let count: Int

  /// The memory that holds the entries, and the first of them, as in ``Matrix``.
  @usableFromInline var storage: MatrixStorage<Element>
  @usableFromInline var first: UnsafeMutablePointer<Element>

  init(storage: MatrixStorage<Element>, first: UnsafeMutablePointer<Element>, count: Int) {
    self.storage = storage
    self.first = first
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
    self.init(storage: storage, first: storage.base, count: count)
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

  /// The vector of zeros.
  public static func zeros(count: Int) -> Vector { Vector(repeating: 0, count: count) }
}

extension Vector: ExpressibleByArrayLiteral {
  /// A vector of the listed entries.
  public init(arrayLiteral entries: Element...) { self.init(entries) }
}

extension Vector: Equatable {
  /// Whether both have the same entries; as for scalars, NaN equals nothing.
  public static func == (left: Vector, right: Vector) -> Bool {
    left.count == right.count
      && left.withUnsafeBase { x in right.withUnsafeBase { Element._kernels.table.equal(x, $0, left.count) != 0 } }
  }

  /// Whether the counts are equal and no entry differs by more than `tolerance` times the largest entry of both.
  ///
  /// As ``Matrix/isApproximatelyEqual(to:tolerance:)``: false where an entry is NaN.
  /// - Parameters:
  ///   - other: the vector to compare with.
  ///   - tolerance: relative to the largest magnitude; by default √ε, half of the digits of the type.
  public func isApproximatelyEqual(
    to other: Vector, tolerance: Element = Element.ulpOfOne.squareRoot()
  ) -> Bool {
    Matrix(row: self).isApproximatelyEqual(to: Matrix(row: other), tolerance: tolerance)
  }
}

extension Vector: Codable {
  /// The entries, as a list.
  public init(from decoder: any Decoder) throws { self.init(try [Element](from: decoder)) }

  /// Writes the entries as a list.
  public func encode(to encoder: any Encoder) throws { try Array(self).encode(to: encoder) }
}
