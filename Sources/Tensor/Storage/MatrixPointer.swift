/// The entries of a matrix in memory that somebody else owns, for reading; a transpose is a flag.
///
/// Algorithms and the calls of BLAS and LAPACK take this instead of a pointer and a stride apart. It holds nothing
/// alive: it is valid inside of ``withPointers(to:_:)``, or as long as the ``Output`` that it comes from.
struct MatrixPointer<Element: MatrixScalar> {
  /// The first entry.
  let base: UnsafePointer<Element>
  let rows: Int
  let columns: Int
  /// The distance in entries between neighbouring rows, or between neighbouring columns where the matrix is transposed;
  /// at least 1.
  let stride: Int
  /// Whether columns instead of rows follow each other in memory.
  let isTransposed: Bool

  init(_ base: UnsafePointer<Element>, rows: Int, columns: Int, stride: Int, isTransposed: Bool = false) {
    (self.base, self.rows, self.columns, self.stride) = (base, rows, columns, stride)
    self.isTransposed = isTransposed
  }

  /// The same entries with rows and columns exchanged.
  var transposed: MatrixPointer {
    MatrixPointer(base, rows: columns, columns: rows, stride: stride, isTransposed: !isTransposed)
  }

  /// Some of the rows.
  subscript(rows range: Range<Int>) -> MatrixPointer {
    assert(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    let first = base + range.lowerBound * (isTransposed ? 1 : stride)
    return MatrixPointer(first, rows: range.count, columns: columns, stride: stride, isTransposed: isTransposed)
  }

  /// Some of the columns.
  subscript(columns range: Range<Int>) -> MatrixPointer {
    assert(range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
    let first = base + range.lowerBound * (isTransposed ? stride : 1)
    return MatrixPointer(first, rows: rows, columns: range.count, stride: stride, isTransposed: isTransposed)
  }

  /// The first entry of row `i` of a matrix that is not transposed.
  func row(_ i: Int) -> UnsafePointer<Element> {
    assert(!isTransposed && i >= 0 && i <= rows, "row \(i) of \(rows)")
    return base + i * stride
  }
}

/// The entries of a matrix in memory that somebody else owns, row by row, for reading and writing.
///
/// It holds nothing alive: see ``MatrixPointer``.
struct MutableMatrixPointer<Element: MatrixScalar> {
  /// The first entry.
  let base: UnsafeMutablePointer<Element>
  let rows: Int
  let columns: Int
  /// The distance in entries between neighbouring rows, at least 1.
  let stride: Int

  init(_ base: UnsafeMutablePointer<Element>, rows: Int, columns: Int, stride: Int) {
    (self.base, self.rows, self.columns, self.stride) = (base, rows, columns, stride)
  }

  /// The same entries for reading.
  var readOnly: MatrixPointer<Element> { MatrixPointer(base, rows: rows, columns: columns, stride: stride) }

  /// The same entries for reading, with rows and columns exchanged.
  var transposed: MatrixPointer<Element> { readOnly.transposed }

  /// Entry (i, j).
  subscript(i: Int, j: Int) -> Element {
    get { base[i * stride + j] }
    nonmutating set { base[i * stride + j] = newValue }
  }

  /// Some of the rows.
  subscript(rows range: Range<Int>) -> MutableMatrixPointer {
    assert(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return MutableMatrixPointer(
      base + range.lowerBound * stride, rows: range.count, columns: columns, stride: stride)
  }

  /// Some of the columns.
  subscript(columns range: Range<Int>) -> MutableMatrixPointer {
    assert(range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
    return MutableMatrixPointer(base + range.lowerBound, rows: rows, columns: range.count, stride: stride)
  }

  /// The first entry of row `i`.
  func row(_ i: Int) -> UnsafeMutablePointer<Element> {
    assert(i >= 0 && i <= rows, "row \(i) of \(rows)")
    return base + i * stride
  }

  /// Writes zeros below the diagonal.
  func clearBelowDiagonal() {
    for i in 0..<rows { row(i).update(repeating: 0, count: min(i, columns)) }
  }

  /// Writes zeros above the diagonal.
  func clearAboveDiagonal() {
    for i in 0..<min(rows, columns) { (row(i) + i + 1).update(repeating: 0, count: columns - i - 1) }
  }
}
