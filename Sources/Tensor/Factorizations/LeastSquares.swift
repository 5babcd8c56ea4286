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
    let p = Swift.min(m, n)
    // The divide-and-conquer tree of gelsd has leaves of 25, its SMLSIZ.
    let levels = (p / 26 + 1).bitWidth - (p / 26 + 1).leadingZeroBitCount
    let minimum = 12 * p + 2 * p * 25 + 8 * p * levels + p * k + 26 * 26 + Swift.max(m, n)
    try checkLAPACKSize(workspace: minimum)
    try checkFinite()
    try right.checkFinite()
    guard !isEmpty, k > 0 else { return LeastSquares(solution: .zeros(rows: n, columns: k), rank: 0) }

    // LAPACK overwrites its copy anyway, so the copy may as well be column-major.
    var a = Matrix<Double>(converted(to: Double.self).transposed)
    var x = Matrix<Double>.zeros(rows: k, columns: Swift.max(m, n))
    x.withUnsafeMutableBase { target, rowStride in
      Matrix<Double>(right.converted(to: Double.self).transposed).copyRows(to: target, stride: rowStride)
    }
    var integers = [Int32](repeating: 0, count: Swift.max(1, 3 * p * levels + 11 * p))
    var singularValues = Vector<Double>(repeating: 0, count: p)
    var rank: Int32 = 0
    let tolerance = rankTolerance(rows: m, columns: n, epsilon: Double(Element.ulpOfOne))
    let info = a.withUnsafeMutableBase { aBase, _ in
      x.withUnsafeMutableBase { xBase, rowStride in
        singularValues.withUnsafeMutableBase { s in
          withWorkspace(Double.self, minimum: minimum) { work, length in
            Double._kernels.table.gelsd(
              columnMajor, blasInt(m), blasInt(n), blasInt(k), aBase, blasInt(m), xBase, blasInt(rowStride), s,
              tolerance, &rank, work, length, &integers)
          }
        }
      }
    }
    guard info == 0 else { throw .noConvergence(tried: ["gelsd"]) }
    return LeastSquares(solution: Matrix<Double>(x[columns: 0..<n].transposed).converted(), rank: Int(rank))
  }
}
