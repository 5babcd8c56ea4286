/// A = QR with orthonormal columns in Q and upper trapezoidal R. Made by ``Matrix/qr()``.
public struct QR<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// m×p with p = min(m, n); QᵀQ = I.
  public let q: Matrix<Element>
  /// p×n, zero below the diagonal, the diagonal not negative.
  public let r: Matrix<Element>
}

extension Matrix {
  /// The thin QR factorization A = QR, by Householder reflections.
  ///
  /// Q is m×p and R is p×n, p = min(m, n). The diagonal of R is made non-negative, which fixes the signs; where
  /// A has full column rank both factors are unique. Rank is not revealed: for that use
  /// ``orthonormalized(tolerance:)``.
  ///
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)``; ``LinearAlgebraError/tooLarge(rows:columns:reason:)``.
  /// - Complexity: 4mnp − 4p³/3 flops; one copy of A.
  /// - SeeAlso: LAPACK `gelqf` and `orglq` on the transpose.
  public func qr() throws(LinearAlgebraError) -> QR<Element> {
    try checkLAPACKSize()
    try checkFinite()
    let (m, n, p) = (rows, columns, Swift.min(rows, columns))
    guard p > 0 else { return QR(q: .zeros(rows: m, columns: 0), r: .zeros(rows: 0, columns: n)) }
    let (rows32, columns32, p32) = (blasInt(m), blasInt(n), blasInt(p))
    var factored = overwritableCopy()
    var scales = Vector<Element>(repeating: 0, count: p)
    let kernels = Element._kernels.table
    // The row-major A is LAPACK's Aᵀ = LQ': then R = Lᵀ and Q = Q'ᵀ lie in the same memory, row-major.
    let r = withBLAS(flops: 4 * Double(m) * Double(n) * Double(p)) {
      factored.withUnsafeMutableBase { a, _ in
        scales.withUnsafeMutableBase { tau in
          _ = withWorkspace(Element.self, minimum: n) { work, length in
            kernels.gelqf(columnMajor, columns32, rows32, a, columns32, tau, work, length)
          }
          let r = Matrix(rows: p, columns: n) { i, j in j >= i ? a[i * n + j] : 0 }
          _ = withWorkspace(Element.self, minimum: p) { work, length in
            kernels.orglq(columnMajor, p32, rows32, p32, a, columns32, tau, work, length)
          }
          return r
        }
      }
    }
    return QR(q: n == p ? factored : factored[columns: 0..<p].overwritableCopy(), r: r).withPositiveDiagonal()
  }
}

extension QR {
  /// The factorization with the signs that make the diagonal of R non-negative.
  fileprivate func withPositiveDiagonal() -> QR {
    var (q, r) = (q, r)
    let signs = Vector(r.diagonal.map { $0 < 0 ? -1 : 1 } as [Element])
    for i in 0..<r.rows where signs[i] < 0 { r.negateRow(i) }
    q.scaleColumns(by: signs)
    return QR(q: q, r: r)
  }
}

extension Matrix {
  mutating func negateRow(_ i: Int) {
    let columns = columns
    withUnsafeMutableBase { base, rowStride in Element._kernels.table.negate(base + i * rowStride, columns) }
  }
}
