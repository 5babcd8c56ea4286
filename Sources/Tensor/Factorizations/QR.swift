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
    var reduced = TriangularReduction(self)
    let r = reduced.upperTriangle()
    let q = Matrix(reduced.orthonormalRows().transposed)
    return QR(q: q, r: r).withPositiveDiagonal()
  }
}

/// A = QR as reflectors and R: column j of A in row j, with the vector of a reflector right of the diagonal.
private struct TriangularReduction<Element: MatrixScalar> {
  private var columns: Matrix<Element>
  private var scales: [Element]

  /// Reduces A block by block.
  init(_ matrix: Matrix<Element>) {
    columns = Matrix(matrix.transposed)
    scales = [Element](repeating: 0, count: min(matrix.rows, matrix.columns))
    for first in stride(from: 0, to: scales.count, by: 64) {
      let block = first..<min(first + 64, scales.count)
      factor(block)
      update(after: block)
    }
  }

  /// Reduces the columns of a block.
  private mutating func factor(_ block: Range<Int>) {
    let width = block.count
    let length = columns.columns - block.lowerBound
    var t = [Element](repeating: 0, count: width * width)
    columns.withUnsafeMutableBase { base, stride in
      // Rows here are columns to LAPACK.
      _ = Element._kernels.table.geqrt3(
        columnMajor, blasInt(length), blasInt(width), base + block.lowerBound * (stride + 1), blasInt(stride), &t,
        blasInt(width))
    }
    for (i, j) in block.enumerated() { scales[j] = t[i * (width + 1)] }
  }

  /// Applies the reflectors of a block to the columns after it, which the threads share.
  private mutating func update(after block: Range<Int>) {
    let (first, end) = (block.lowerBound, block.upperBound)
    let left = columns.rows - end
    guard left > 0 else { return }
    // A copy: the storage that it would share is written below.
    let vectors = columns[rows: block][columns: first...].overwritableCopy()
    let reflectors = Reflectors(
      matrix: vectors, storage: .rows, scales: Vector(scales[block]), offset: 0)
    let work = 4 * Double(left) * Double(vectors.columns) * Double(block.count)
    columns.withUnsafeMutableBase { base, stride in
      let prepared = ReflectorBlock(reflectors, 0..<block.count)
      _ = inParts(left, flops: work) { range in
        prepared.apply(.asItIs, to: base + (end + range.lowerBound) * stride + first, stride, range.count)
      }
    }
  }

  /// R, p×n.
  func upperTriangle() -> Matrix<Element> {
    var r = Matrix(columns[columns: 0..<scales.count].transposed)
    r.withUnsafeMutableBase { base, stride in
      for i in 1..<max(scales.count, 1) { (base + i * stride).update(repeating: 0, count: i) }
    }
    return r
  }

  /// Qᵀ, p×m. Gives the reflectors up.
  mutating func orthonormalRows() -> Matrix<Element> {
    let (m, p) = (columns.columns, scales.count)
    let reflectors = Reflectors(matrix: columns, storage: .rows, scales: Vector(scales), offset: 0)
    columns = .zeros(rows: 0, columns: 0)
    var rows = Matrix<Element>.zeros(rows: p, columns: m)
    rows.withUnsafeMutableBase { base, stride in
      for i in 0..<p { base[i * (stride + 1)] = 1 }
      applyTransposedFromRight([ReflectedRows(reflectors: reflectors, base: base, stride: stride, count: p)])
    }
    return rows
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
