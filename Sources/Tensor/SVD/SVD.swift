/// A = U Σ Vᵀ. Made by ``Matrix/svd(vectors:method:progress:)``.
public struct SVD<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// The left singular vectors in columns: m×p, p = min(m, n), or m×m for `.full`.
  public let u: Matrix<Element>
  /// The p singular values, descending, none negative.
  public let singularValues: Vector<Element>
  /// The right singular vectors in rows: p×n, or n×n for `.full`. This is Vᵀ, not V.
  public let vTransposed: Matrix<Element>
  /// The method that produced the result: the one asked for, or the one that converged.
  public let method: SVDMethod

  /// Measures of the singular values: ranks, energies, condition.
  public var spectrum: Spectrum {
    Spectrum(singularValues, rows: u.rows, columns: vTransposed.columns)
  }

  /// How exactly the factors reproduce `matrix`: maxᵢ max(‖Avᵢ − σᵢuᵢ‖, ‖Aᵀuᵢ − σᵢvᵢ‖) / σ₁.
  ///
  /// Both sides count: a projection makes one of them zero whatever it projects on. 0 for a zero matrix.
  /// Only triplets with both vectors count.
  /// - Parameter matrix: the factored A. Traps on another shape.
  /// - Complexity: 8mnp flops; two products of the size of U and V.
  public func residual(of matrix: Matrix<Element>) -> Double {
    let p = min(singularValues.count, vTransposed.rows)
    return twoSidedResidual(
      matrix, u[columns: 0..<p], Vector(singularValues.prefix(p)), vTransposed[rows: 0..<p])
  }
}

/// How a singular value decomposition was, or is to be, computed.
public enum SVDMethod: String, Sendable, Codable, CaseIterable {
  /// Eigenvectors of the float64 Gram matrix of the shorter side, and one product for the longer one, at least twice as long.
  ///
  /// For `Float` as exact as any method, at a third of the flops; not for `Double` data with σ_p < 1e-3·σ₁, whose squares lose
  /// digits. Without a copy of A; beside the result 3p² float64 entries, p = min(m, n), at most three times the size of A
  /// and nothing for few long rows.
  case gram = "Gram matrix"
  /// A = QR by Cholesky factors of Gram matrices, then the decomposition of R. For matrices with one side at least 3.5 times
  /// the other (seven times for `Float`), whose columns (rows) are not nearly dependent. Beside the result a copy of A and 6p²
  /// float64 entries, at most three times the size of A.
  case choleskyQR = "Cholesky QR"
  /// Bidiagonalization that reads the matrix once a column, divide and conquer with the secular equation solved for eight
  /// values at a time in float64, and products with large blocks of reflectors; errors of about ε·σ₁ in every value, for
  /// entries of any size. Beside the result up to three times the size of A: a copy, p² entries, and until the end one factor
  /// transposed, p = min(m, n).
  case onePass = "one-pass bidiagonalization"
  /// LAPACK `gesvd`: implicit QR iteration, the fastest below p = 48, five to twenty times slower above. Beside the result a
  /// copy of A.
  case qrIteration = "QR iteration"
  /// Randomized block Krylov iteration for a few leading triplets, with a certificate. Beside the result at most twice the size
  /// of A, for a basis that grows to a third of its order.
  case blockKrylov = "block Krylov"
}

/// Which singular vectors to compute.
public enum SingularVectors: Sendable, Hashable {
  /// The first min(m, n) of each side: all that A = U Σ Vᵀ needs.
  case thin
  /// All m left and n right ones, a basis of each space. m² + n² entries.
  case full
  /// All min(m, n) left ones and the first `right` right ones: for few long rows, such as the snapshots of a run, whose
  /// other directions nobody wants to store.
  case allLeft(right: Int)
}

/// maxᵢ max(‖Avᵢ − σᵢuᵢ‖, ‖Aᵀuᵢ − σᵢvᵢ‖) / σ₁ over the given triplets.
func twoSidedResidual<Element>(
  _ matrix: Matrix<Element>, _ u: Matrix<Element>, _ singularValues: Vector<Element>,
  _ vTransposed: Matrix<Element>
) -> Double {
  require(
    matrix.rows == u.rows && matrix.columns == vTransposed.columns,
    "factors of a \(u.rows)x\(vTransposed.columns) matrix against a \(matrix.shapeDescription) one")
  guard let largest = singularValues.first, largest > 0 else { return 0 }
  // Both differences with one triplet a row, so that a row norm is a residual.
  var left = vTransposed * matrix.transposed
  var right = u.transposed * matrix
  let uTransposed = Matrix(u.transposed)
  var worst = 0.0
  for i in 0..<singularValues.count {
    left.addToRow(i, uTransposed.row(i), scaledBy: -singularValues[i])
    right.addToRow(i, vTransposed.row(i), scaledBy: -singularValues[i])
    worst = max(worst, left.row(i).norm, right.row(i).norm)
  }
  return worst / Double(largest)
}
