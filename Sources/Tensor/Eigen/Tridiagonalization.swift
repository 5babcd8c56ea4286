import CKernels

/// A = Q T Qᵀ with T tridiagonal, for a symmetric A of which the lower triangle is read.
struct Tridiagonalization<Element: MatrixScalar> {
  /// The diagonal of T, n entries.
  let diagonal: Vector<Element>
  /// The subdiagonal of T, n − 1 entries.
  let subdiagonal: Vector<Element>
  /// The vectors of the reflectors of Q in rows, right of the diagonal.
  private let vectors: Matrix<Element>
  private let tau: [Element]

  /// Reduces A, n×n with n ≥ 2, panel by panel; for each column a triangle of what is left of A is read once.
  ///
  /// - Complexity: 4n³/3 flops; one copy of A.
  init(lowerTriangleOf matrix: consuming Matrix<Element>) {
    let n = matrix.rows
    let layout = ck_tridiagonal_layout(n)
    let a = Output<Element>(.zeros, rows: layout.allocated_columns, columns: layout.stride)
    let d = Output<Element>(.zeros, rows: 1, columns: n)
    let e = Output<Element>(.zeros, rows: 1, columns: n - 1)
    let tau = Output<Element>(.zeros, rows: 1, columns: n - 1)
    let square = a.pointer[rows: 0..<n][columns: 0..<n]
    withPointers(to: matrix) { stored in
      Element._kernels.table.transpose(stored.base, n, n, stored.stride, square.base, square.stride)
    }
    square.clearBelowDiagonal()
    let tuning = FactorizationTuning.current
    let (a0, d0, e0, tau0) = (a.pointer.base, d.pointer.base, e.pointer.base, tau.pointer.base)
    withOwnThreads { threads in
      let count = Int32(clamping: n < tuning.smallestThreadedReduction ? 1 : threads)
      withScratch(Element.self, rows: 1, columns: ck_tridiagonal_scratch(layout, count)) { scratch in
        Element._kernels.table.tridiagonalize(
          ReductionProblem(
            layout: layout, a: a0, d: d0, e: e0, tauq: tau0, taup: nil, scratch: scratch.base, threads: count))
      }
    }
    (diagonal, subdiagonal, self.tau) = (d.vector(), e.vector(), Array(tau.vector()))
    vectors = a.matrix()[rows: 0..<n][columns: 0..<n]
  }

  /// The eigenvalues of A, descending, by LAPACK's `sterf` in float64; `nil` where the iteration did not converge.
  func eigenvalues() -> Vector<Element>? {
    var (d, e) = (diagonal.map { Double($0) }, subdiagonal.map { Double($0) })
    guard LAPACK.sterf(diagonal: &d, subdiagonal: &e), d.allSatisfy(\.isFinite) else { return nil }
    return Vector(d.reversed().map { Element($0) })
  }

  /// The eigenvalues of A, descending, and their vectors in rows; `nil` where an iteration did not converge.
  func eigen() -> (values: Vector<Element>, vectorsTransposed: Matrix<Element>)? {
    let n = diagonal.count
    let (d, e) = (diagonal.map { Double($0) }, subdiagonal.map { Double($0) })
    guard let factor = shiftedCholesky(d, e) else { return nil }
    var found = Matrix<Element>.zeros(rows: n, columns: n)
    let (diagonal, superdiagonal) = factor
    guard BidiagonalSVD.decompose(diagonal: diagonal, superdiagonal: superdiagonal, right: &found) != nil else {
      return nil
    }
    let values = rayleighQuotients(d, e, of: found)
    withPointers(to: vectors) { vectors in
      let reflectors = Reflectors(vectors: vectors, storage: .rows, tau: tau, offset: 1)
      found.withMutablePointer { applyTransposedFromRight([ReflectedRows(reflectors: reflectors, rows: $0)]) }
    }
    found.fixRowSigns()
    // Rounding may have exchanged two equal values.
    return (Vector(values.sorted(by: >).map { Element($0) }), found)
  }
}

/// vᵀTv/vᵀv of each row v, for the tridiagonal T with the diagonal d and the subdiagonal e: exact to the square of the
/// error of v.
private func rayleighQuotients<Element>(_ d: [Double], _ e: [Double], of vectors: Matrix<Element>) -> [Double] {
  let n = d.count
  return inParts(vectors.rows, flops: 6 * Double(n) * Double(n)) { range in
    var v = [Double](repeating: 0, count: n)
    return range.map { i in
      vectors.withUnsafeBase { Element._kernels.table.widen($0 + i * vectors.rowStride, &v, n) }
      var (product, square) = (d[n - 1] * v[n - 1] * v[n - 1], v[n - 1] * v[n - 1])
      for j in 0..<n - 1 {
        product += v[j] * (d[j] * v[j] + 2 * e[j] * v[j + 1])
        square += v[j] * v[j]
      }
      return product / square
    }
  }.flatMap(\.self)
}

/// The upper bidiagonal B with BᵀB = T − μI for the symmetric tridiagonal T with the diagonal d and the subdiagonal e,
/// and a μ below its eigenvalues; `nil` where rounding makes a pivot negative.
private func shiftedCholesky(_ d: [Double], _ e: [Double]) -> (diagonal: [Double], superdiagonal: [Double])? {
  let radii = d.indices.map { i in (i > 0 ? abs(e[i - 1]) : 0) + (i < e.count ? abs(e[i]) : 0) }
  let bounds = zip(d, radii).map { ($0 - $1, $0 + $1) }
  let (low, high) = bounds.reduce((Double.infinity, -Double.infinity)) { (min($0.0, $1.0), max($0.1, $1.1)) }
  // Gershgorin's bound may be an eigenvalue: a little below it pivots stay positive.
  let shift = low - 4 * Double.ulpOfOne * Double(d.count) * max(abs(low), abs(high))
  var (diagonal, superdiagonal) = ([Double](), [Double]())
  var carried = 0.0
  for i in d.indices {
    let pivot = d[i] - shift - carried
    guard pivot > 0 else { return nil }
    diagonal.append(pivot.squareRoot())
    if i < e.count {
      superdiagonal.append(e[i] / diagonal[i])
      carried = superdiagonal[i] * superdiagonal[i]
    }
  }
  return (diagonal, superdiagonal + [0])
}
