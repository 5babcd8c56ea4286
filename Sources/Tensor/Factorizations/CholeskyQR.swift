import CKernels
import COpenBLAS

/// Orthonormalization by Gram matrices: all of it products, five to ten times as fast as Householder reflections for
/// tall matrices, where the columns are far enough from dependent.
extension Matrix {
  /// A = QR by two rounds of Cholesky factors of float64 Gram matrices; `nil` where columns are nearly dependent.
  ///
  /// One round leaves ‖QᵀQ − I‖ of about κ(A)²·1e-16 + κ(A)·ε, the second brings it to ε. Columns count as nearly
  /// dependent where the sine of the angle of one to those before it is below 1e-6.
  ///
  /// - Returns: Q, m×n, and R, n×n in float64, upper triangular with a positive diagonal.
  /// - Complexity: 4mn² flops, half of them in float64; one copy of A, none where nothing else holds it.
  /// - SeeAlso: Yamamoto et al., ETNA 44 (2015).
  consuming func choleskyQR() -> (q: Matrix, r: Matrix<Double>)? {
    guard rows >= columns, columns > 0 else { return nil }
    // Changed where it stands if nobody else holds it.
    var q = consume self
    guard let first = q.gram(.columns).choleskyOfGram(), q.solveFromRight(upper: first) else { return nil }
    guard let second = q.gram(.columns).choleskyOfGram(), q.solveFromRight(upper: second) else { return nil }
    return (q, second * first)
  }

  /// An orthonormal basis of the column span, n columns, by ``choleskyQR()``; `nil` unless every direction of the
  /// columns, scaled to unit length, surely has σᵢ > tolerance·σ₁.
  package consuming func basisOfIndependentColumns(tolerance: Double) -> Matrix? {
    let columns = columns
    guard let (q, r) = choleskyQR() else { return nil }
    // The columns of R are as long as those of A.
    let lengths = r.columnVectors.map(\.norm)
    let unit = Matrix<Double>(rows: columns, columns: columns) { i, j in r[i, j] / lengths[j] }
    return unit.conditionBoundOfUpper * tolerance < 1 ? q : nil
  }

  /// A ← AR⁻¹ for an upper triangular R; false where R is not invertible in the precision of the entries.
  mutating func solveFromRight(upper r: Matrix<Double>) -> Bool {
    let (rows, columns) = (rows, columns)
    let narrow = r.converted(to: Element.self)
    guard (0..<columns).allSatisfy({ narrow[$0, $0].isNormal }) else { return false }
    // BLAS packs and unpacks for a small triangle longer than it takes to solve with it.
    let isSmall = columns <= 64
    withUnsafeMutableBase { a, stride in
      narrow.withUnsafeBase { triangle in
        _ = inParts(rows, flops: Double(rows) * Double(columns) * Double(columns)) { range in
          let first = a + range.lowerBound * stride
          if isSmall {
            let work = MatrixStorage<Element>(.undefined, capacity: ck_solve_rows_workspace(columns))
            return withExtendedLifetime(work) {
              Element._kernels.table.solveRows(first, range.count, stride, columns, triangle, work.base)
            }
          }
          withBLAS(flops: Double(range.count) * Double(columns) * Double(columns)) {
            Element._kernels.table.trsm(
              CblasRowMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, blasInt(range.count), blasInt(columns),
              1, triangle, blasInt(narrow.leadingDimension), first, blasInt(stride))
          }
        }
      }
    }
    return true
  }
}

extension Matrix<Double> {
  /// R with RᵀR = G, upper triangular; `nil` where G is singular to the sine of 1e-6, or not finite.
  func choleskyOfGram() -> Matrix<Double>? {
    // Scaled to a unit diagonal, the pivots are the sines.
    let lengths = diagonal.map { $0.squareRoot() }
    guard lengths.allSatisfy({ $0.isNormal }) else { return nil }
    var r = Matrix(rows: rows, columns: columns) { i, j in j >= i ? self[i, j] / lengths[i] / lengths[j] : 0 }
    let order = blasInt(rows)
    let info = r.withUnsafeMutableBase { a, stride in
      withBLAS(flops: Double(rows) * Double(rows) * Double(rows) / 3) {
        // The row-major upper triangle is LAPACK's lower one.
        Double._kernels.table.potrf(columnMajor, letter("L"), order, a, blasInt(stride))
      }
    }
    guard info == 0, r.diagonal.allSatisfy({ $0 > 1e-6 }) else { return nil }
    r.withUnsafeMutableBase { a, stride in
      for i in 0..<lengths.count {
        for j in i..<lengths.count { a[i * stride + j] *= lengths[j] }
      }
    }
    return r
  }
}
