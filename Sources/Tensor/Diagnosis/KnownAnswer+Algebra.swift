import Foundation

/// Checks of products and factorizations.
extension KnownAnswer {
  static func products() -> KnownAnswer {
    KnownAnswer(
      "products of whole numbers, which are exact, in both precisions", passed: OpenBLAS.givesKnownProducts,
      "OpenBLAS runs its \(OpenBLAS.kernels) kernels")
  }

  /// Kernels for AVX-512 of some releases are wrong at this order.
  static func symmetricUpdates() -> KnownAnswer {
    let (n, k) = (55, 60)
    let a = Matrix<Double>(rows: n, columns: k) { i, j in Double((i * 7 + j * 5) % 11 - 5) }
    let (double, single) = (lowerTriangleOfGram(a), lowerTriangleOfGram(a.converted(to: Float.self)))
    var error = 0.0
    for i in 0..<n {
      for j in 0...i {
        let exact = a.row(i).dot(a.row(j))
        error = max(error, abs(double[i, j] - exact), abs(Double(single[i, j]) - exact))
      }
    }
    return KnownAnswer("a symmetric rank-k update of order 55, which is exact", error: error, bound: 0)
  }

  /// AAᵀ in the lower triangle.
  private static func lowerTriangleOfGram<S>(_ a: Matrix<S>) -> Matrix<S> {
    let c = Output<S>(.zeros, rows: a.rows, columns: a.rows)
    withPointers(to: a) { BLAS.syrk($0, intoLowerTriangleOf: c.pointer) }
    return c.matrix()
  }

  /// Pascal's matrix: its Cholesky factor, its determinant and the solution of a system with it are whole numbers.
  static func pascalMatrix() -> KnownAnswer {
    let name = "Pascal's matrix of order 12: its Cholesky factor and a solution in whole numbers"
    var lower = Matrix<Double>.zeros(rows: 12, columns: 12)
    for i in 0..<12 {
      for j in 0...i { lower[i, j] = j == 0 || j == i ? 1 : lower[i - 1, j - 1] + lower[i - 1, j] }
    }
    let pascal = lower * lower.transposed
    let wanted = Matrix<Double>(rows: 12, columns: 2) { i, j in Double(i * (j + 1) % 5) }
    guard let factor = try? pascal.cholesky().lower, let solution = try? pascal.solve(pascal * wanted) else {
      return KnownAnswer(name, passed: false, "it was taken for singular or indefinite")
    }
    let error = (factor - lower).norm(.maximum) / lower.norm(.maximum)
    // The condition number is 9e12.
    return KnownAnswer(name, error: max(error, (solution - wanted).norm(.maximum) / 1e5), bound: 1e-6)
  }

  /// Kahan's matrix, whose columns are nearly dependent although no pivot shows it.
  static func nearlyDependentColumns() -> KnownAnswer {
    let name = "QR of the transpose of Kahan's matrix of order 90"
    let kahan = Matrix<Double>(rows: 90, columns: 90) { j, i in
      pow(1 - 0.285 * 0.285, 0.5 * Double(i)) * (i == j ? 1 : j > i ? -0.285 : 0)
    }
    guard let factors = try? kahan.qr() else { return KnownAnswer(name, passed: false, "an error") }
    let error = max(defect(ofColumns: factors.q), (factors.q * factors.r - kahan).norm(.maximum))
    return KnownAnswer(name, error: error, bound: 1e-13)
  }

  /// ‖QᵀQ − I‖ entry by entry.
  static func defect(ofColumns q: Matrix<Double>) -> Double {
    (q.transposed * q - .identity(q.columns)).norm(.maximum)
  }
}
