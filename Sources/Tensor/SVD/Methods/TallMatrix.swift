/// A matrix with its longer side upright: A itself, or a view of its transpose where A is not taller than wide.
///
/// Methods that treat the two sides differently are written for tall matrices. A wide one is turned here on the way in
/// and its factors on the way out; neither copies A. A square matrix counts as wide: its rows are read as they are
/// stored.
struct TallMatrix<Element: MatrixScalar> {
  /// A as it is stored.
  let stored: Matrix<Element>
  /// Whether the tall matrix is the transpose of what is stored.
  let isTransposed: Bool

  init(_ matrix: Matrix<Element>) {
    (stored, isTransposed) = (matrix, matrix.columns >= matrix.rows)
  }

  /// L, the longer side.
  var rows: Int { Swift.max(stored.rows, stored.columns) }
  /// p, the shorter side.
  var columns: Int { Swift.min(stored.rows, stored.columns) }

  /// The p×p matrix of the inner products of the columns, in float64.
  func gram() -> Matrix<Double> { stored.gram(isTransposed ? .rows : .columns) }

  /// The product with Cᵀ for few rows of coefficients C, stored as A is: in columns, or in rows where A is wide.
  func times(transposed coefficients: Matrix<Element>) -> LongVectors<Element> {
    isTransposed
      ? LongVectors(stored: product(coefficients, stored, large: .right), areRows: true)
      : LongVectors(stored: product(stored, coefficients.transposed, large: .left), areRows: false)
  }

  /// How many vectors of the longer side are wanted; `nil` for none.
  func longVectors(of vectors: SingularVectors?) -> Int? {
    switch vectors {
    case nil: nil
    case .full: rows
    case .allLeft(let right) where isTransposed: right
    case .thin, .allLeft: columns
    }
  }
}

/// Vectors of the longer side, one per column or one per row.
struct LongVectors<Element: MatrixScalar> {
  var stored: Matrix<Element>
  let areRows: Bool

  var inRows: Matrix<Element> { areRows ? stored : Matrix(stored.transposed) }
  var inColumns: Matrix<Element> { areRows ? Matrix(stored.transposed) : stored }
}

/// T = L Σ Sᵀ of a tall matrix T.
struct TallFactors<Element: MatrixScalar> {
  let values: Vector<Element>
  /// L, and S in rows, where they were asked for.
  let vectors: (long: LongVectors<Element>, short: Matrix<Element>)?
}

extension Factors {
  /// The factors of A, of which `tall` is the view that was decomposed.
  init(_ found: TallFactors<Element>, of tall: TallMatrix<Element>) {
    values = found.values
    vectors = found.vectors.map { vectors in
      tall.isTransposed
        ? (Matrix(vectors.short.transposed), vectors.long.inRows) : (vectors.long.inColumns, vectors.short)
    }
  }
}
