/// A dense matrix of `Float` or `Double`, row-major, with value semantics.
///
/// ```swift
/// let a: Matrix<Double> = [[1, 2], [3, 4]]
/// let product = a * a.transposed
/// print(a.shape, product[0, ...], a.mean(over: .rows))
/// ```
///
/// Entry (i, j) lies `i * rowStride + j` entries after the first. Copies and views share the storage until one of them
/// is written. A range of rows or columns (``subscript(rows:)``, ``subscript(columns:)``) is a view: it copies nothing,
/// but while it is alive, the next write to the matrix that it shows copies that matrix. ``withMutableRows(_:_:)``
/// writes through a view without a copy.
///
/// Operators and subscripts trap on shapes that do not fit, with a message that names both; what depends on the data
/// throws a ``LinearAlgebraError``.
public struct Matrix<Element: MatrixScalar>: @unchecked Sendable {
  // Sendable is unchecked because of `first`, which points into `storage` and is written only where that is not shared.

  /// The number of rows, m.
  public let rows: Int
  /// The number of columns, n.
  public let columns: Int
  /// The distance in entries between the starts of neighbouring rows, at least ``columns``.
  public internal(set) var rowStride: Int

  /// The memory that holds the entries, and that lives as long as somebody refers to it.
  @usableFromInline var storage: MatrixStorage<Element>
  /// The first entry, within `storage`. It is kept here so that reading an entry is a single load.
  @usableFromInline var first: UnsafeMutablePointer<Element>

  init(
    rows: Int, columns: Int, rowStride: Int, storage: MatrixStorage<Element>, first: UnsafeMutablePointer<Element>
  ) {
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
    self.storage = storage
    self.first = first
  }

  /// A matrix with storage of its own.
  init(_ contents: MatrixStorage<Element>.Contents, rows: Int, columns: Int) {
    require(rows >= 0 && columns >= 0, "a matrix cannot have the shape \(rows)x\(columns)")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    require(!overflow, "a \(rows)x\(columns) matrix exceeds the address space")
    let storage = MatrixStorage<Element>(contents, capacity: count)
    self.init(
      rows: rows, columns: columns, rowStride: columns, storage: storage, first: storage.base)
  }

  /// The number of entries, m·n.
  @inlinable public var count: Int { rows * columns }
  /// Whether there are no entries.
  @inlinable public var isEmpty: Bool { rows == 0 || columns == 0 }
  /// Whether rows follow each other without a gap.
  @inlinable public var isContiguous: Bool { rowStride == columns || rows <= 1 }
  /// The shape as text, `3x4`.
  public var shapeDescription: String { "\(rows)x\(columns)" }
}
