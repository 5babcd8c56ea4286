/// Many matrices of one shape, one below the other in memory.
///
/// ```swift
/// let heads = MatrixBatch(stacked: w, rows: 64)
/// let svd = try heads.svd()
/// print(svd.singularValues.row(0))  // those of the first matrix
/// ```
public struct MatrixBatch<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// The matrices stacked: (count·m)×n.
  public let stacked: Matrix<Element>
  /// m, the number of rows of each matrix.
  public let rows: Int
  /// n, the number of columns of each matrix.
  public var columns: Int { stacked.columns }
  /// The number of matrices.
  public var count: Int { rows == 0 ? 0 : stacked.rows / rows }

  /// The matrices that stand below each other in `stacked`, `rows` rows each. Traps where they do not divide it.
  public init(stacked: Matrix<Element>, rows: Int) {
    require(
      rows > 0 && stacked.rows % rows == 0, "\(stacked.rows) stacked rows are no matrices of \(rows) rows each")
    self.stacked = stacked.compacted()
    self.rows = rows
  }

  /// Matrix `i`, a view. Traps outside of `0 ..< count`.
  public subscript(i: Int) -> Matrix<Element> { stacked[rows: (i * rows)..<((i + 1) * rows)] }

  func transposed() -> MatrixBatch {
    MatrixBatch(stacked: Matrix(stackingRows: (0..<count).map { Matrix(self[$0].transposed) }), rows: columns)
  }
}

/// The decompositions of a batch of matrices. Made by `MatrixBatch.svd(progress:)`.
///
/// ```swift
/// let svd = try MatrixBatch(stacked: w, rows: 64).svd()
/// let first = svd.u[0] * (Matrix.diagonal(svd.singularValues.row(0)) * svd.vTransposed[0])
/// ```
public struct BatchSVD<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// The left singular vectors of each matrix in columns, m×p.
  public let u: MatrixBatch<Element>
  /// The singular values, those of one matrix per row, descending: count×p.
  public let singularValues: Matrix<Element>
  /// The right singular vectors of each matrix in rows, p×n.
  public let vTransposed: MatrixBatch<Element>
}
