import CKernels

/// Many matrices of one shape, one below the other in memory.
public struct MatrixBatch<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// The matrices stacked: (count·m)×n.
  public let stacked: Matrix<Element>
  /// m, the number of rows of each matrix.
  public let rows: Int
  /// n, the number of columns of each matrix.
  public var columns: Int { stacked.columns }
  /// The number of matrices.
  public var count: Int { rows == 0 ? 0 : stacked.rows / rows }

  /// The matrices that stand below each other in `stacked`, `rows` rows each. Traps where they do not divide it.
  public init(stacked: Matrix<Element>, rows: Int) {
    require(
      rows > 0 && stacked.rows % rows == 0, "\(stacked.rows) stacked rows are no matrices of \(rows) rows each")
    self.stacked = stacked.compacted()
    self.rows = rows
  }

  /// Matrix `i`, a view. Traps outside of `0 ..< count`.
  public subscript(i: Int) -> Matrix<Element> { stacked[rows: (i * rows)..<((i + 1) * rows)] }

  /// The thin singular value decomposition of every matrix.
  ///
  /// Up to min(m, n) = 64, matrices that are not much longer than wide are decomposed sixteen at a time by one-sided
  /// Jacobi rotations, whose small singular values are the more exact; larger ones one a thread as by
  /// ``Matrix/svd(vectors:method:progress:)``. Order and signs as there.
  ///
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)``, the row counted in ``stacked``; what
  ///   ``Matrix/svd(vectors:method:progress:)`` throws.
  /// - Complexity: about 14n² (m + n) flops a sweep and matrix in 5 to 9 sweeps; beside the result O(mn) a thread.
  public func svd() throws(LinearAlgebraError) -> BatchSVD<Element> {
    try stacked.checkFinite()
    let (shorter, longer) = (min(rows, columns), max(rows, columns))
    let isForJacobi = shorter > 0 && shorter <= jacobiLimit && longer <= 8 * shorter
    guard count > 0 else { throw .invalidArgument("a batch without matrices has no decomposition") }
    if isForJacobi { return try rows >= columns ? byJacobi() : transposed().byJacobi().transposed() }
    let parts = inParts(count, flops: 100 * Double(longer * shorter * shorter) * Double(count)) { range in
      range.map { i in Result { () throws(LinearAlgebraError) in try self[i].svd() } }
    }
    var factors: [SVD<Element>] = []
    for part in parts.joined() { factors.append(try part.get()) }
    return BatchSVD(
      u: MatrixBatch(stacked: Matrix(stackingRows: factors.map(\.u)), rows: rows),
      singularValues: Matrix(stackingRows: factors.map { Matrix(row: $0.singularValues) }),
      vTransposed: MatrixBatch(stacked: Matrix(stackingRows: factors.map(\.vTransposed)), rows: max(shorter, 1)))
  }

  /// For m ≥ n. Every thread writes to places of its own in the result.
  private func byJacobi() throws(LinearAlgebraError) -> BatchSVD<Element> {
    let (m, n, lanes) = (rows, columns, ck_jacobi_lanes)
    var u = Matrix<Element>(.undefined, rows: count * m, columns: n)
    var sigma = Matrix<Element>(.undefined, rows: count, columns: n)
    var vTransposed = Matrix<Element>(.undefined, rows: count * n, columns: n)
    let groups = (count + lanes - 1) / lanes
    let failed = stacked.withUnsafeBase { a in
      u.withUnsafeMutableBase { u, _ in
        sigma.withUnsafeMutableBase { sigma, _ in
          vTransposed.withUnsafeMutableBase { vt, _ in
            inParts(groups, flops: 100 * Double(m * n * n) * Double(count)) { range in
              let scratch = MatrixStorage<Element>(.undefined, capacity: ck_jacobi_scratch(m, n))
              return withExtendedLifetime(scratch) {
                range.flatMap { group in
                  let start = group * lanes
                  let mask = Element._kernels.table.jacobi(
                    a + start * m * n, min(lanes, count - start), m, n, u + start * m * n, sigma + start * n,
                    vt + start * n * n, scratch.base)
                  return mask == 0 ? [] : (0..<lanes).filter { mask >> UInt32($0) & 1 == 1 }.map { start + $0 }
                }
              }
            }
          }
        }
      }
    }
    for i in failed.joined() {
      let other = try self[i].svd()
      for k in 0..<m { u.setRow(i * m + k, to: other.u.row(k)) }
      for k in 0..<n { vTransposed.setRow(i * n + k, to: other.vTransposed.row(k)) }
      sigma.setRow(i, to: other.singularValues)
    }
    guard sigma.norm(.maximum).isFinite else { throw .beyondRange(of: Element.self) }
    return BatchSVD(
      u: MatrixBatch(stacked: u, rows: m), singularValues: sigma,
      vTransposed: MatrixBatch(stacked: vTransposed, rows: n))
  }

  fileprivate func transposed() -> MatrixBatch {
    MatrixBatch(stacked: Matrix(stackingRows: (0..<count).map { Matrix(self[$0].transposed) }), rows: columns)
  }
}

/// Beyond this many columns sixteen matrices and their rotations leave the second-level cache, and bidiagonalization wins.
private let jacobiLimit = 64

/// The decompositions of a batch of matrices. Made by ``MatrixBatch/svd()``.
public struct BatchSVD<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// The left singular vectors of each matrix in columns, m×p.
  public let u: MatrixBatch<Element>
  /// The singular values, one matrix a row, descending: count×p.
  public let singularValues: Matrix<Element>
  /// The right singular vectors of each matrix in rows, p×n.
  public let vTransposed: MatrixBatch<Element>
}

extension BatchSVD {
  /// The decompositions of the transposes, with the signs that the rule gives the other side.
  fileprivate func transposed() -> BatchSVD {
    var (left, right) = (vTransposed.transposed().stacked, u.transposed().stacked)
    let p = singularValues.columns
    for (k, isTurned) in right.fixRowSigns().enumerated() where isTurned {
      let i = k / p
      for j in (i * vTransposed.columns)..<((i + 1) * vTransposed.columns) { left[j, k % p] = -left[j, k % p] }
    }
    return BatchSVD(
      u: MatrixBatch(stacked: left, rows: vTransposed.columns), singularValues: singularValues,
      vTransposed: MatrixBatch(stacked: right, rows: p))
  }
}
