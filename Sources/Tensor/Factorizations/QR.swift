/// A = QR with orthonormal columns in Q and upper trapezoidal R. Made by ``Matrix/qr()``.
///
/// ```swift
/// let qr = try a.qr()
/// print((qr.q * qr.r - a).norm(.maximum))
/// ```
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
  /// By blocks of columns: LAPACK factors a block, and the threads share what is left.
  ///
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)``; ``LinearAlgebraError/tooLarge(rows:columns:reason:)``.
  /// - Complexity: 2mnp − 2p³/3 flops for R and 4mp² − 2p³ for Q; two copies of A.
  /// - SeeAlso: LAPACK `geqrt3`.
  public func qr() throws(LinearAlgebraError) -> QR<Element> {
    try checkLAPACKSize()
    try checkFinite()
    let (m, n, p) = (rows, columns, Swift.min(rows, columns))
    guard p > 0 else { return QR(q: .zeros(rows: m, columns: 0), r: .zeros(rows: 0, columns: n)) }
    let reduced = TriangularReduction(self)
    let r = reduced.upperTriangle()
    let q = Matrix(reduced.orthonormalRows().transposed)
    return QR(q: q, r: r).withPositiveDiagonal()
  }
}

/// A = QR as reflectors and R: column j of A in row j, with the vector of a reflector right of the diagonal.
private struct TriangularReduction<Element: MatrixScalar>: ~Copyable {
  private let columns: Output<Element>
  private var tau: [Element]

  /// Reduces A block by block.
  init(_ matrix: Matrix<Element>) {
    columns = Output(copying: matrix.transposed)
    tau = [Element](repeating: 0, count: min(matrix.rows, matrix.columns))
    let width = FactorizationTuning.current.qrWidth
    for first in stride(from: 0, to: tau.count, by: width) {
      let block = first..<min(first + width, tau.count)
      factor(block)
      update(after: block)
    }
  }

  /// The rows of `range`, which are columns of A, from the diagonal of the block on.
  private func entries(_ range: Range<Int>, from first: Int) -> MutableMatrixPointer<Element> {
    let all = columns.pointer
    return all[rows: range][columns: first..<all.columns]
  }

  /// Reduces the columns of a block.
  private mutating func factor(_ block: Range<Int>) {
    let t = Output<Element>(.zeros, rows: block.count, columns: block.count)
    LAPACK.geqrt3(transposeOf: entries(block, from: block.lowerBound), t: t.pointer)
    for (i, j) in block.enumerated() { tau[j] = t.pointer[i, i] }
    t.release()
  }

  /// Applies the reflectors of a block to the columns after it, which the threads share.
  private func update(after block: Range<Int>) {
    let rest = entries(block.upperBound..<columns.pointer.rows, from: block.lowerBound)
    guard rest.rows > 0 else { return }
    let vectors = entries(block, from: block.lowerBound).readOnly
    let reflectors = Reflectors(vectors: vectors, storage: .rows, tau: Array(tau[block]), offset: 0)
    let prepared = ReflectorBlock(reflectors, 0..<block.count)
    inParts(rest.rows, flops: 4 * Double(rest.rows) * Double(vectors.columns) * Double(block.count)) { range in
      prepared.apply(.asItIs, to: rest[rows: range])
    }
  }

  /// R, p×n.
  func upperTriangle() -> Matrix<Element> {
    let all = columns.pointer
    let r = Output<Element>(.undefined, rows: tau.count, columns: all.rows)
    Element._kernels.table.transpose(
      all.base, all.rows, tau.count, all.stride, r.pointer.base, r.pointer.stride)
    r.pointer.clearBelowDiagonal()
    return r.matrix()
  }

  /// Qᵀ, p×m. Gives the reflectors up.
  consuming func orthonormalRows() -> Matrix<Element> {
    let rows = Output<Element>(.zeros, rows: tau.count, columns: columns.pointer.columns)
    for i in 0..<tau.count { rows.pointer[i, i] = 1 }
    let reflectors = Reflectors(vectors: columns.pointer.readOnly, storage: .rows, tau: tau, offset: 0)
    applyTransposedFromRight([ReflectedRows(reflectors: reflectors, rows: rows.pointer)])
    return rows.matrix()
  }
}

extension QR {
  /// The factorization with the signs that make the diagonal of R non-negative.
  fileprivate func withPositiveDiagonal() -> QR {
    var (q, r) = (q, r)
    let signs = Vector(r.diagonal.map { $0 < 0 ? -1 : 1 } as [Element])
    // The zeros below the diagonal keep their sign: minus zero would show in the printed matrix.
    for i in 0..<r.rows where signs[i] < 0 { r.negateRow(i, from: i) }
    q.scaleColumns(by: signs)
    return QR(q: q, r: r)
  }
}

extension Matrix {
  /// Negates the entries of row i, from a column on.
  mutating func negateRow(_ i: Int, from column: Int = 0) {
    withMutablePointer { a in Element._kernels.table.negate(a.row(i) + column, a.columns - column) }
  }
}
