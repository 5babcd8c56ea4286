/// Memory for a fresh result, written through ``pointer`` and then handed over as a matrix without a copy.
///
/// ```
/// let product = Output<Element>(.undefined, rows: a.rows, columns: b.columns)
/// BLAS.gemm(a, b, into: product.pointer)
/// return product.matrix()
/// ```
///
/// Nobody else holds the memory before ``matrix()`` or ``vector()`` takes it, so that writing never copies. The pointer
/// is valid until then. For memory that is no result see ``withScratch(_:rows:columns:_:)``.
struct Output<Element: MatrixScalar>: ~Copyable {
  private let result: Matrix<Element>
  /// The entries, row by row.
  let pointer: MutableMatrixPointer<Element>

  /// Memory for a matrix of this shape: zeros, or undefined values, of which every one must then be written.
  init(_ contents: MatrixStorage<Element>.Contents, rows: Int, columns: Int) {
    self.init(Matrix(contents, rows: rows, columns: columns))
  }

  /// A copy of `matrix` in rows without gaps, to be overwritten.
  init(copying matrix: Matrix<Element>) {
    self.init(.undefined, rows: matrix.rows, columns: matrix.columns)
    matrix.copyRows(to: pointer.base, stride: pointer.stride)
  }

  /// A copy of a transpose, to be overwritten.
  init(copying matrix: Transposed<Element>) { self.init(Matrix(matrix)) }

  /// - Parameter fresh: a matrix with storage that nobody else holds.
  private init(_ fresh: Matrix<Element>) {
    result = fresh
    pointer = MutableMatrixPointer(
      fresh.storage.base, rows: fresh.rows, columns: fresh.columns, stride: max(fresh.columns, 1))
  }

  /// The result as a matrix.
  consuming func matrix() -> Matrix<Element> { result }

  /// Frees memory that was no result; the pointer is valid until here.
  consuming func release() { withExtendedLifetime(result) {} }

  /// The result, all rows one after the other, as a vector.
  consuming func vector() -> Vector<Element> { result.flattened }
}

/// Calls `body` with memory for intermediate results, undefined values, which is freed afterwards.
@discardableResult
func withScratch<Element: MatrixScalar, Result>(
  _ type: Element.Type = Element.self, rows: Int, columns: Int, _ body: (MutableMatrixPointer<Element>) -> Result
) -> Result {
  let storage = MatrixStorage<Element>(.undefined, capacity: rows * columns)
  return withExtendedLifetime(storage) {
    body(MutableMatrixPointer(storage.base, rows: rows, columns: columns, stride: max(columns, 1)))
  }
}
