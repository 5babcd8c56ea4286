extension Matrix {
  /// The rows of `range`, as a view of the same storage; an assignment replaces their entries.
  ///
  /// ```swift
  /// a[rows: 2...] = b[rows: ..<3]
  /// ```
  ///
  /// Traps where the range is not part of the rows, or where the assigned matrix has another shape.
  /// - Complexity: O(1) to read; an assignment copies the entries.
  public subscript(rows range: some RangeExpression<Int>) -> Matrix {
    get { view(checkedRows(range), 0..<columns) }
    set { replace(checkedRows(range), 0..<columns, with: newValue) }
  }

  /// The columns of `range`, as a view of the same storage; an assignment replaces their entries.
  ///
  /// Traps where the range is not part of the columns, or where the assigned matrix has another shape.
  /// - Complexity: O(1) to read; an assignment copies the entries.
  public subscript(columns range: some RangeExpression<Int>) -> Matrix {
    get { view(0..<rows, checkedColumns(range)) }
    set { replace(0..<rows, checkedColumns(range), with: newValue) }
  }

  /// Row `i`, as a view of the same storage. O(1).
  public func row(_ i: Int) -> Vector<Element> {
    require(i >= 0 && i < rows, "row \(i) of a \(shapeDescription) matrix")
    return Vector(storage: storage, first: first + i * rowStride, count: columns)
  }

  /// The matrix with one row that shares the storage of `vector`. O(1).
  public init(row vector: Vector<Element>) {
    self.init(
      rows: 1, columns: vector.count, rowStride: vector.count, storage: vector.storage, first: vector.first)
  }

  /// The matrix with one column that shares the storage of `vector`. O(1).
  public init(column vector: Vector<Element>) {
    self.init(
      rows: vector.count, columns: 1, rowStride: 1, storage: vector.storage, first: vector.first)
  }

  func checkedRows(_ range: some RangeExpression<Int>) -> Range<Int> {
    range.checked(in: rows) { "rows \($0) of a \(shapeDescription) matrix" }
  }

  func checkedColumns(_ range: some RangeExpression<Int>) -> Range<Int> {
    range.checked(in: columns) { "columns \($0) of a \(shapeDescription) matrix" }
  }

  /// The block of these rows and columns, which the caller has checked.
  func view(_ rowRange: Range<Int>, _ columnRange: Range<Int>) -> Matrix {
    Matrix(
      rows: rowRange.count, columns: columnRange.count, rowStride: rowStride, storage: storage,
      first: first + (rowRange.lowerBound * rowStride + columnRange.lowerBound))
  }

  /// Replaces the block of these rows and columns, which the caller has checked. Traps where the shapes differ.
  mutating func replace(_ rowRange: Range<Int>, _ columnRange: Range<Int>, with block: Matrix) {
    require(
      block.rows == rowRange.count && block.columns == columnRange.count,
      "a \(block.shapeDescription) matrix cannot replace the \(rowRange.count)x\(columnRange.count) block "
        + "[\(rowRange), \(columnRange)] of a \(shapeDescription) matrix")
    withUnsafeMutableBase { base, rowStride in
      block.copyRows(to: base + (rowRange.lowerBound * rowStride + columnRange.lowerBound), stride: rowStride)
    }
  }
}
