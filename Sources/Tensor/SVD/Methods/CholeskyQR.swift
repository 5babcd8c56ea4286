import CKernels

/// Orthonormalization by Gram matrices: all of it is products, five to ten times as fast as Householder reflections for
/// tall matrices whose columns are far enough from dependent.
extension Matrix {
  /// A = QR by Cholesky factors of float64 Gram matrices, mostly two; `nil` where columns are nearly dependent, and
  /// where the monitor says to stop.
  ///
  /// - Returns: Q, m×n, and R, n×n in float64, upper triangular with a positive diagonal.
  /// - Complexity: 2mn² flops per round, half of them in float64; one copy of A, none where nothing else holds it.
  /// - SeeAlso: ``orthonormalizeByCholesky(_:monitor:)``.
  consuming func choleskyQR(monitor: WorkMonitor = .unwatched) -> (q: Matrix, r: Matrix<Double>)? {
    guard rows >= columns, columns > 0 else { return nil }
    // Overwritten in place if nothing else holds the entries.
    var q = consume self
    guard let r = q.orthonormalizeByCholesky(.columns, monitor: monitor) else { return nil }
    return (q, r)
  }

  /// Makes the columns, or the rows, orthonormal by rounds of A ← AR⁻¹ with AᵀA = RᵀR, and returns the product of the
  /// R; `nil` where they are nearly dependent, and where the monitor says to stop.
  ///
  /// A round leaves ‖QᵀQ − I‖ of about κ²·1e-16 + κ·ε, where κ is the condition number before it, of columns scaled to
  /// unit length. So a round that begins with nearly orthogonal columns is the last one. The pivots of a Cholesky
  /// factor alone do not tell: those of Kahan's matrix are all large.
  ///
  /// - SeeAlso: Yamamoto et al., ETNA 44 (2015).
  mutating func orthonormalizeByCholesky(
    _ side: MatrixAxis, monitor: WorkMonitor = .unwatched
  ) -> Matrix<Double>? {
    var product: Matrix<Double>?
    for _ in 0..<3 {
      guard !monitor.isStopped, let (r, isNearlyOrthogonal) = gram(side).choleskyOfGram() else { return nil }
      guard side == .columns ? solveFromRight(upper: r) : solveFromLeft(transposedUpper: r) else { return nil }
      product = product.map { r * $0 } ?? r
      if isNearlyOrthogonal { return product }
    }
    return nil
  }

  /// An orthonormal basis of the column span, n columns, by ``choleskyQR(monitor:)``; `nil` unless every
  /// direction of the columns, scaled to unit length, surely has σᵢ > tolerance·σ₁, where σ₁ is 1 or more.
  package consuming func basisOfIndependentColumns(tolerance: Double) -> Matrix? {
    guard let (q, r) = choleskyQR() else { return nil }
    // The columns of R are as long as those of A, and as independent.
    return r.conditionBoundOfUnitColumns * tolerance < 1 ? q : nil
  }

  /// A ← AR⁻¹ for an upper triangular R; false where R is not invertible in the precision of the entries.
  mutating func solveFromRight(upper r: Matrix<Double>) -> Bool {
    let (rows, columns) = (rows, columns)
    let triangle = r.converted(to: Element.self)
    guard (0..<columns).allSatisfy({ triangle[$0, $0].isNormal }) else { return false }
    let isSmall = columns <= SVDTuning.current.smallTriangle
    withMutablePointer { a in
      withPointers(to: triangle) { triangle in
        inParts(rows, flops: Double(rows) * Double(columns) * Double(columns)) { range in
          if isSmall { return solveRows(a[rows: range], triangle) }
          BLAS.trsm(triangle.upperTriangle, on: .right, of: a[rows: range])
        }
      }
    }
    return true
  }

  /// A ← R⁻ᵀA for an upper triangular R; false where R is not invertible in the precision of the entries.
  mutating func solveFromLeft(transposedUpper r: Matrix<Double>) -> Bool {
    let (rows, columns) = (rows, columns)
    let triangle = r.converted(to: Element.self)
    guard (0..<rows).allSatisfy({ triangle[$0, $0].isNormal }) else { return false }
    let flops = Double(rows) * Double(columns) * Double(rows)
    withMutablePointer { a in
      withPointers(to: triangle) { triangle in
        inParts(columns, flops: flops) { range in
          BLAS.trsm(triangle.upperTriangle.transposed, on: .left, of: a[columns: range])
        }
      }
    }
    return true
  }
}

/// A ← AR⁻¹ for some rows by the kernel for small triangles.
private func solveRows<Element: MatrixScalar>(
  _ a: MutableMatrixPointer<Element>, _ triangle: MatrixPointer<Element>
) {
  withScratch(Element.self, rows: 1, columns: ck_solve_rows_scratch(a.columns)) { scratch in
    Element._kernels.table.solveRows(a.base, a.rows, a.stride, a.columns, triangle.base, scratch.base)
  }
}

extension Matrix<Double> {
  /// R with RᵀR = G, upper triangular, and whether the columns of which G holds the inner products are nearly
  /// orthogonal: their condition number is at most √3 once they have unit length. `nil` where G is singular to the sine
  /// of 1e-6, not finite, or where columns are so short or long that their squares lose digits.
  func choleskyOfGram() -> (r: Matrix<Double>, isNearlyOrthogonal: Bool)? {
    // Scaled to a unit diagonal, the pivots are the sines.
    let lengths = diagonal.map { $0.squareRoot() }
    // Near the ends of the range of numbers squares have lost digits, or overflowed.
    guard diagonal.allSatisfy({ $0 > 1e-280 && $0 < 1e280 }) else { return nil }
    var r = Matrix(rows: rows, columns: columns) { i, j in j >= i ? self[i, j] / lengths[i] / lengths[j] : 0 }
    let order = Double(rows)
    // The squares of the diagonal are 1 each, those above it count twice in ‖G − I‖.
    let norm = r.norm(.frobenius)
    let departure = 2 * (norm * norm - order)
    let failed = r.withMutablePointer { LAPACK.potrf(.upper, of: $0) }
    guard failed == nil, r.diagonal.allSatisfy({ $0 > 1e-6 }) else { return nil }
    r.withUnsafeMutableBase { a, stride in
      for i in 0..<lengths.count {
        for j in i..<lengths.count { a[i * stride + j] *= lengths[j] }
      }
    }
    return (r, departure < 0.25)
  }
}
