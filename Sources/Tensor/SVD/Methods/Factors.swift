/// What a method found: singular values, and vectors where they were asked for.
struct Factors<Element: MatrixScalar> {
  var values: Vector<Element>
  /// U and Vᵀ.
  var vectors: (u: Matrix<Element>, vTransposed: Matrix<Element>)?
}

extension Factors {
  /// The factors of a matrix without entries: a full basis of each space is the identity.
  init(ofEmpty matrix: Matrix<Element>, _ vectors: SingularVectors?) {
    values = []
    guard let vectors else { return }
    let (m, n, isFull) = (matrix.rows, matrix.columns, vectors == .full)
    self.vectors = (
      Matrix(rows: m, columns: isFull ? m : 0) { $0 == $1 ? 1 : 0 },
      Matrix(rows: isFull ? n : 0, columns: n) { $0 == $1 ? 1 : 0 }
    )
  }
}
