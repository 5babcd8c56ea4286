/// The minimum-norm solution of min ‖AX − B‖. Made by ``Matrix/leastSquares(_:)``.
///
/// ```swift
/// let fit = try a.leastSquares(b)
/// print(fit.solution, fit.rank)
/// ```
public struct LeastSquares<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// X, n×k.
  public let solution: Matrix<Element>
  /// The numerical rank of A: the number of singular values above ε·√min(m, n)·σ₁, ε of the element type.
  public let rank: Int
}

extension Matrix {
  /// The X of smallest norm that minimizes ‖AX − B‖_F, by the SVD in float64; A may have any shape and rank.
  ///
  /// - Parameter right: B, m×k.
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)`` for A or B;
  ///   ``LinearAlgebraError/shapeMismatch(_:)`` where B has another number of rows;
  ///   ``LinearAlgebraError/noConvergence(tried:)``.
  /// - Complexity: about 4mn·min(m, n) flops; float64 copies of A and B.
  /// - SeeAlso: LAPACK `gelsd`.
  public func leastSquares(_ right: Matrix) throws(LinearAlgebraError) -> LeastSquares<Element> {
    let (m, n, k) = (rows, columns, right.columns)
    guard right.rows == m else {
      throw .shapeMismatch("a right-hand side of \(right.shapeDescription) for a \(shapeDescription) matrix")
    }
    try checkLAPACKSize(workspace: LAPACK.gelsdScratch(rows: m, columns: n, right: k).entries)
    try checkFinite()
    try right.checkFinite()
    guard !isEmpty, k > 0 else { return LeastSquares(solution: .zeros(rows: n, columns: k), rank: 0) }

    let a = Output(copying: converted(to: Double.self).transposed)
    let x = Output<Double>(.zeros, rows: k, columns: Swift.max(m, n))
    Matrix<Double>(right.converted(to: Double.self).transposed).copyRows(to: x.pointer.base, stride: x.pointer.stride)
    let tolerance = rankTolerance(rows: m, columns: n, epsilon: Double(Element.ulpOfOne))
    let rank = LAPACK.gelsd(transposeOf: a.pointer, transposeOfSolution: x.pointer, tolerance: tolerance)
    a.release()
    guard let rank else { throw .noConvergence(tried: ["gelsd"]) }
    return LeastSquares(solution: Matrix<Double>(x.matrix()[columns: 0..<n].transposed).converted(), rank: rank)
  }
}
