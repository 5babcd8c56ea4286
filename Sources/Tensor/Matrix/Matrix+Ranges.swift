/// Blocks, parts of rows, and parts of columns by ranges of any kind: `m[0..<3, 1...]`, `m[2, ...]`, `m[..., 1]`.
///
/// Overload resolution looks at them only where two integers do not fit, so that `m[i, j]` compiles as fast as before.
extension Matrix {
  /// The block of these rows and columns, as a view; an assignment replaces its entries.
  ///
  /// ```swift
  /// a[0..<3, 1..<4] = b[2..<5, 0..<3]
  /// ```
  ///
  /// Traps where a range is not part of the shape, or where the assigned matrix has another shape.
  /// - Complexity: O(1) to read; an assignment copies the entries.
  @_disfavoredOverload
  public subscript(rowRange: some RangeExpression<Int>, columnRange: some RangeExpression<Int>) -> Matrix {
    get { view(checkedRows(rowRange), checkedColumns(columnRange)) }
    set { replace(checkedRows(rowRange), checkedColumns(columnRange), with: newValue) }
  }

  /// These rows, as ``subscript(rows:)``.
  @_disfavoredOverload
  public subscript(rowRange: some RangeExpression<Int>, columnRange: UnboundedRange) -> Matrix {
    get { self[rows: rowRange] }
    set { self[rows: rowRange] = newValue }
  }

  /// These columns, as ``subscript(columns:)``.
  @_disfavoredOverload
  public subscript(rowRange: UnboundedRange, columnRange: some RangeExpression<Int>) -> Matrix {
    get { self[columns: columnRange] }
    set { self[columns: columnRange] = newValue }
  }

  /// The entries of row `i` in these columns, as a view; an assignment replaces them.
  ///
  /// Traps where they lie outside of the shape, or where the assigned vector has another number of entries.
  /// - Complexity: O(1) to read; an assignment copies the entries.
  @_disfavoredOverload
  public subscript(i: Int, columnRange: some RangeExpression<Int>) -> Vector<Element> {
    get { view(checkedRows(i..<i + 1), checkedColumns(columnRange)).row(0) }
    set { replace(checkedRows(i..<i + 1), checkedColumns(columnRange), with: Matrix(row: newValue)) }
  }

  /// Row `i`, as a view; an assignment replaces its entries. Traps as ``subscript(_:_:)-(Int,_)`` does.
  @_disfavoredOverload
  public subscript(i: Int, columnRange: UnboundedRange) -> Vector<Element> {
    get { self[i, 0...] }
    set { self[i, 0...] = newValue }
  }

  /// The entries of column `j` in these rows, copied out; an assignment replaces them.
  ///
  /// Traps where they lie outside of the shape, or where the assigned vector has another number of entries.
  /// - Complexity: as many steps as there are entries.
  @_disfavoredOverload
  public subscript(rowRange: some RangeExpression<Int>, j: Int) -> Vector<Element> {
    get { view(checkedRows(rowRange), checkedColumns(j..<j + 1)).column(0) }
    set { replace(checkedRows(rowRange), checkedColumns(j..<j + 1), with: Matrix(column: newValue)) }
  }

  /// Column `j`, copied out; an assignment replaces its entries. Traps as ``subscript(_:_:)-(_,Int)`` does.
  @_disfavoredOverload
  public subscript(rowRange: UnboundedRange, j: Int) -> Vector<Element> {
    get { self[0..., j] }
    set { self[0..., j] = newValue }
  }
}
