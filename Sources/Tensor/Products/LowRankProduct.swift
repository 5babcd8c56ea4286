import COpenBLAS

/// B·A given by its factors, as a low-rank adapter stores it. The product itself is never formed.
public struct LowRankProduct<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// B, m×r.
  public let left: Matrix<Element>
  /// A, r×n.
  public let right: Matrix<Element>

  /// The product of an m×r and an r×n matrix. Traps where they do not fit.
  public init(left: Matrix<Element>, right: Matrix<Element>) {
    require(
      left.columns == right.rows, "product of a \(left.shapeDescription) and a \(right.shapeDescription) matrix")
    self.left = left
    self.right = right
  }

  /// The singular value decomposition of B·A, its min(m, r, n) triplets that can differ from zero.
  ///
  /// B = Q_bR_b and Aᵀ = Q_aR_a by Cholesky factors of float64 Gram matrices (by Householder reflections where columns
  /// are nearly dependent), then the decomposition of the r×r core R_bR_aᵀ in float64. Order and signs as in
  /// ``Matrix/svd(vectors:method:progress:)``.
  ///
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)``, of B or of A; what ``Matrix/svd(vectors:method:progress:)`` throws.
  /// - Complexity: 3(m + n)r² + 20r³ flops, half of them in float64; at most one copy of each factor.
  public func svd() throws(LinearAlgebraError) -> SVD<Element> {
    // With a rank as large as a side the product is no larger than its factors.
    guard left.columns <= min(left.rows, right.columns) else {
      try left.checkFinite()
      try right.checkFinite()
      return try (left * right).svd()
    }
    let (b, undoLeft) = try LongFactor.inRange(left, .columns)
    let (a, undoRight) = try LongFactor.inRange(right, .rows)
    let core = try (b.r * a.r.transposed).svd()
    let values = core.singularValues.scaled(by: undoLeft).scaled(by: undoRight)
    // Signs first, so that they are turned in the small factor of U instead of U.
    var (coreU, vTransposed) = (core.u, a.rows(times: core.vTransposed))
    fixSigns(u: &coreU, vTransposed: &vTransposed, pairs: coreU.columns)
    return SVD(
      u: b.columns(times: coreU), singularValues: try values.converted(to: Element.self).withinRange(),
      vTransposed: vTransposed,
      method: b.isByReflections || a.isByReflections ? core.method : .choleskyQR)
  }

  /// The singular values of B·A, descending: min(m, r, n) of them, the others are zero.
  ///
  /// - Throws: as ``svd()``.
  /// - Complexity: (m + n)r² + 3r³ flops in float64.
  public func singularValues() throws(LinearAlgebraError) -> Vector<Element> {
    try left.checkFinite()
    try right.checkFinite()
    guard left.columns <= min(left.rows, right.columns) else { return try (left * right).singularValues() }
    let b = try LongFactor(columnsOf: left, gram: left.gram(.columns))
    let a = try LongFactor(rowsOf: right, gram: right.gram(.rows))
    return try (b.r * a.r.transposed).singularValues().converted(to: Element.self).withinRange()
  }
}

/// X = QR for the long factor of a product, Q kept as X and R as long as that is exact enough.
private struct LongFactor<Element: MatrixScalar> {
  /// Q, or X itself where R is well conditioned: columns or rows.
  private let long: Matrix<Element>
  /// R, r×r, upper triangular.
  let r: Matrix<Double>
  private let isOrthonormal: Bool
  let isByReflections: Bool

  /// Up to this bound on κ(R), which is n or more, products with R⁻¹ lose no more than a digit of the entries: κ²·1e-16 for
  /// `Double`, κ·1e-7 for `Float`.
  private static var wellConditioned: Double { Element.self == Double.self ? 1.5 : 10 }

  /// The factor of X, scaled by a power of two where entries are so large or small that products of a few leave the range,
  /// and what undoes it.
  ///
  /// The trace of the Gram matrix tells that without a pass of its own: the largest entry lies between its root and that of
  /// the mean square.
  static func inRange(
    _ x: Matrix<Element>, _ side: MatrixAxis
  ) throws(LinearAlgebraError) -> (factor: LongFactor, undo: Double) {
    var (matrix, gram, undo) = (x, x.gram(side), 1.0)
    let (smallest, largest) = Matrix<Element>.ordinarySizes
    let trace = gram.trace
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
    long.rowsTimes((isOrthonormal ? u : r.solvingUpper(u)).converted(to: Element.self))
  }

  /// Vᵀ·Qᵀ, where Qᵀ is what the rows are.
  func rows(times vTransposed: Matrix<Double>) -> Matrix<Element> {
    let coefficients = isOrthonormal ? vTransposed : Matrix(r.solvingUpper(Matrix(vTransposed.transposed)).transposed)
    return long.timesColumns(coefficients.converted(to: Element.self))
  }
}
