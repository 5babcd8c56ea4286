/// A dense matrix of `Float` or `Double`, row-major, with value semantics.
///
/// Entry (i, j) lies `i * rowStride + j` entries after the first. The storage is shared between copies and
/// views until one of them is written. A range of rows or columns (``subscript(rows:)``,
/// ``subscript(columns:)``) is a view of the same storage without a copy; while such a view is alive, the next
/// write to its parent copies the parent (``withMutableRows(_:_:)`` writes through without a copy).
///
/// Operators and subscripts trap on shapes that do not fit, with a message that names both; what depends on
/// the data throws ``LinearAlgebraError``.
public struct Matrix<Element: MatrixScalar>: Sendable {
  /// The number of rows, m.
  public let rows: Int
  /// The number of columns, n.
  public let columns: Int
  /// The distance in entries between the starts of neighbouring rows, at least ``columns``.
  public private(set) var rowStride: Int

  // Seen by inlined code, so that an entry costs a load wherever it is read.
  @usableFromInline var storage: MatrixStorage<Element>
  @usableFromInline var offset: Int

  private init(rows: Int, columns: Int, rowStride: Int, storage: MatrixStorage<Element>, offset: Int) {
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
    self.storage = storage
    self.offset = offset
  }

  /// The number of entries, m·n.
  @inlinable public var count: Int { rows * columns }
  /// Whether there are no entries.
  @inlinable public var isEmpty: Bool { rows == 0 || columns == 0 }
  /// Whether rows follow each other without a gap.
  @inlinable public var isContiguous: Bool { rowStride == columns || rows <= 1 }
  /// The shape as text, `3x4`.
  public var shapeDescription: String { "\(rows)x\(columns)" }

  /// A matrix whose entries `initialize` writes, row by row.
  ///
  /// - Parameters:
  ///   - rows: m ≥ 0.
  ///   - columns: n ≥ 0; m·n must fit into memory.
  ///   - initialize: gets m·n entries with undefined values and must write every one.
  /// - Throws: what `initialize` throws.
  public init<Failure: Error>(
    rows: Int, columns: Int,
    initializingWith initialize: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    self.init(.undefined, rows: rows, columns: columns)
    try initialize(UnsafeMutableBufferPointer(start: storage.base, count: count))
  }

  /// A matrix with storage of its own.
  init(_ contents: MatrixStorage<Element>.Contents, rows: Int, columns: Int) {
    require(rows >= 0 && columns >= 0, "a matrix cannot have the shape \(rows)x\(columns)")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    require(!overflow, "a \(rows)x\(columns) matrix exceeds the address space")
    self.init(
      rows: rows, columns: columns, rowStride: columns,
      storage: MatrixStorage(contents, capacity: count), offset: 0)
  }

  // MARK: Views

  /// The rows of `range`, as a view of the same storage. O(1).
  public subscript(rows range: some RangeExpression<Int>) -> Matrix {
    let bounds = range.checked(in: rows) { "rows \($0) of a \(shapeDescription) matrix" }
    return Matrix(
      rows: bounds.count, columns: columns, rowStride: rowStride, storage: storage,
      offset: offset + bounds.lowerBound * rowStride)
  }

  /// The columns of `range`, as a view of the same storage. O(1).
  public subscript(columns range: some RangeExpression<Int>) -> Matrix {
    let bounds = range.checked(in: columns) { "columns \($0) of a \(shapeDescription) matrix" }
    return Matrix(
      rows: rows, columns: bounds.count, rowStride: rowStride, storage: storage,
      offset: offset + bounds.lowerBound)
  }

  /// Row `i`, as a view of the same storage. O(1).
  public func row(_ i: Int) -> Vector<Element> {
    require(i >= 0 && i < rows, "row \(i) of a \(shapeDescription) matrix")
    return Vector(storage: storage, offset: offset + i * rowStride, count: columns)
  }

  /// The matrix with one row that shares the storage of `vector`. O(1).
  public init(row vector: Vector<Element>) {
    self.init(
      rows: 1, columns: vector.count, rowStride: vector.count, storage: vector.storage, offset: vector.offset)
  }

  /// The matrix with one column that shares the storage of `vector`. O(1).
  public init(column vector: Vector<Element>) {
    self.init(rows: vector.count, columns: 1, rowStride: 1, storage: vector.storage, offset: vector.offset)
  }

  // MARK: Memory

  /// Calls `body` with the first entry; row `i` starts `i * rowStride` entries after it.
  ///
  /// The pointer must not leave `body`.
  @inlinable public func withUnsafeBase<Result, Failure: Error>(
    _ body: (UnsafePointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafePointer(storage.base + offset))
  }

  /// Calls `body` with the first entry for reading and writing, after copying storage that is shared.
  ///
  /// The distance between rows is ``rowStride`` as read inside `body` through its second argument.
  @inlinable public mutating func withUnsafeMutableBase<Result, Failure: Error>(
    _ body: (_ base: UnsafeMutablePointer<Element>, _ rowStride: Int) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.base + offset, rowStride)
  }

  /// Calls `body` with all entries in row-major order; copies first where rows have gaps.
  public func withUnsafeBuffer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let packed = isContiguous ? self : compacted()
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

  /// Calls `body` with the rows of `range` as a matrix that writes into this one, without copying the parent.
  ///
  /// A matrix of the same shape that `body` assigns is copied in; another shape traps.
  public mutating func withMutableRows<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (inout Matrix) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    var part = self[rows: range]
    let scope = WriteScope()
    part.storage = MatrixStorage(borrowing: storage, within: scope)
    let start = UnsafePointer(part.storage.base + part.offset)
    defer {
      require(
        part.rows == range.count && part.columns == columns,
        "a \(part.shapeDescription) matrix cannot replace \(range.count) rows of a \(shapeDescription) matrix")
      scope.isActive = false
      if part.withUnsafeBase({ $0 != start }) {
        // `body` copied the view or assigned another matrix. A copy that escaped still shares this memory
        // and must keep its values, so the parent may have to move.
        makeUnique()
        part.copyRows(to: storage.base + offset + range.lowerBound * rowStride, stride: rowStride)
      }
    }
    return try body(&part)
  }

  /// The entries as rows without gaps: itself where there are none, else a copy.
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
      } else {
        for i in 0..<rows { (target + i * stride).update(from: base + i * rowStride, count: columns) }
      }
    }
  }

  func compactedVector() -> Vector<Element> {
    let packed = isContiguous ? self : compacted()
    return Vector(storage: packed.storage, offset: packed.offset, count: count)
  }

  @inlinable mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) || !storage.isWritable { copyStorage() }
  }

  @usableFromInline mutating func copyStorage() {
    let copy = MatrixStorage<Element>(.undefined, capacity: count)
    copyRows(to: copy.base, stride: columns)
    (storage, offset, rowStride) = (copy, 0, columns)
  }
}
