/// X = QR for the long factor of a product. Q is kept as X and R where that is exact enough.
struct LongFactor<Element: MatrixScalar> {
  /// Q, or X itself where R is well conditioned: columns or rows.
  private let long: Matrix<Element>
  /// R, r×r, upper triangular.
  let r: Matrix<Double>
  private let isOrthonormal: Bool
  let isByReflections: Bool

  /// Up to this bound on κ(R), which is n or more, products with R⁻¹ lose no more than a digit of the entries: κ²·1e-16
  /// for `Double`, κ·1e-7 for `Float`.
  private static var wellConditioned: Double { Element.self == Double.self ? 1.5 : 10 }

  /// The factor of X, and what undoes the power of two by which X was scaled where entries are so large or small that
  /// products of a few leave the range.
  ///
  /// The trace of the Gram matrix tells that without a pass of its own: the largest entry lies between the root of the
  /// trace and the root of the mean square.
  static func inRange(
    _ x: Matrix<Element>, _ side: MatrixAxis
  ) throws(LinearAlgebraError) -> (factor: LongFactor, undo: Double) {
    var (matrix, gram, undo) = (x, x.gram(side), 1.0)
    let sizes = Matrix<Element>.ordinarySizes
    let trace = gram.trace
    let (smallest, largest) = (sizes.smallest, sizes.largest)
    if !(trace < largest * largest && trace > smallest * smallest * Double(x.count)) {
      (matrix, undo) = try x.scaledIntoRange()
      if undo != 1 { gram = matrix.gram(side) }
    }
    let factor =
      try side == .columns ? LongFactor(columnsOf: matrix, gram: gram) : LongFactor(rowsOf: matrix, gram: gram)
    return (factor, undo)
  }

  init(columnsOf x: Matrix<Element>, gram: Matrix<Double>) throws(LinearAlgebraError) {
    if let r = gram.choleskyOfGram()?.r,
      r.conditionBoundOfUpper < Self.wellConditioned * Double(x.columns)
    {
      (long, self.r, isOrthonormal, isByReflections) = (x, r, false, false)
    } else if let (q, r) = x.choleskyQR() {
      (long, self.r, isOrthonormal, isByReflections) = (q, r, true, false)
    } else {
      let qr = try x.qr()
      (long, r, isOrthonormal, isByReflections) = (qr.q, qr.r.converted(), true, true)
    }
  }

  init(rowsOf x: Matrix<Element>, gram: Matrix<Double>) throws(LinearAlgebraError) {
    if let r = gram.choleskyOfGram()?.r, r.conditionBoundOfUpper < Self.wellConditioned * Double(x.rows) {
      (long, self.r, isOrthonormal, isByReflections) = (x, r, false, false)
      return
    }
    let other = try LongFactor(columnsOf: Matrix(x.transposed), gram: gram)
    (long, r, isOrthonormal, isByReflections) = (
      Matrix(other.long.transposed), other.r, other.isOrthonormal, other.isByReflections
    )
  }

  /// Q·U.
  func columns(times u: Matrix<Double>) -> Matrix<Element> {
    product(long, (isOrthonormal ? u : r.solvingUpper(u)).converted(to: Element.self), large: .left)
  }

  /// Vᵀ·Qᵀ, where the rows are Qᵀ.
  func rows(times vTransposed: Matrix<Double>) -> Matrix<Element> {
    let coefficients = isOrthonormal ? vTransposed : Matrix(r.solvingUpper(Matrix(vTransposed.transposed)).transposed)
    return product(coefficients.converted(to: Element.self), long, large: .right)
  }
}
