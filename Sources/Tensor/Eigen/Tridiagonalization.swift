import CKernels
import COpenBLAS

/// A = Q T Qᵀ with T tridiagonal, for a symmetric A of which the lower triangle is read.
struct Tridiagonalization<Element: MatrixScalar> {
  /// The diagonal of T, n entries, and what stands beside it, n − 1.
  let diagonal: Vector<Element>
  let beside: Vector<Element>
  /// Q.
  let reflectors: Reflectors<Element>

  /// Reduces A, n×n with n ≥ 2, panel by panel; each reads a triangle of what is left of A once a column.
  ///
  /// - Complexity: 4n³/3 flops; one copy of A.
  init(lowerTriangleOf matrix: consuming Matrix<Element>) {
    let n = matrix.rows
    let kernels = Element._kernels.table
    let layout = ck_tridiagonal_layout(n)
    let stride = layout.stride
    var a = Matrix<Element>.zeros(rows: layout.allocated_columns, columns: stride)
    var (d, e) = (Vector<Element>(repeating: 0, count: n), Vector<Element>(repeating: 0, count: n - 1))
    var scales = e
    a.withUnsafeMutableBase { a, _ in
      matrix.withUnsafeBase { kernels.transpose($0, n, n, matrix.rowStride, a, stride) }
      for i in 0..<n { (a + i * stride).update(repeating: 0, count: i) }
      d.withUnsafeMutableBase { d in
        e.withUnsafeMutableBase { e in
          scales.withUnsafeMutableBase { scales in
            withOwnThreads { threads in
              // Below this a second thread waits longer than it works.
              let count = Int32(clamping: n < 384 ? 1 : threads)
              let scratch = MatrixStorage<Element>(.undefined, capacity: ck_tridiagonal_scratch(layout, count))
              withExtendedLifetime(scratch) {
                kernels.tridiagonalize(
                  ReductionProblem(
                    layout: layout, a: a, d: d, e: e, tauq: scales, taup: nil, scratch: scratch.base, threads: count))
              }
            }
          }
        }
      }
    }
    (diagonal, beside) = (d, e)
    reflectors = Reflectors(matrix: a[rows: 0..<n][columns: 0..<n], storage: .rows, scales: scales, offset: 1)
  }

  /// The eigenvalues of A, descending, by LAPACK's `sterf` in float64; `nil` where the iteration did not converge.
  func eigenvalues() -> Vector<Element>? {
    var (d, e) = (diagonal.map { Double($0) }, beside.map { Double($0) })
    guard LAPACKE_dsterf_work(blasInt(d.count), &d, &e) == 0, d.allSatisfy(\.isFinite) else { return nil }
    return Vector(d.reversed().map { Element($0) })
  }

  /// The eigenvalues of A, descending, and their vectors in rows; `nil` where an iteration did not converge.
  func eigen() -> (values: Vector<Element>, vectorsTransposed: Matrix<Element>)? {
    let n = diagonal.count
    let (d, e) = (diagonal.map { Double($0) }, beside.map { Double($0) })
    guard let factor = shiftedCholesky(d, e) else { return nil }
    var vectors = Matrix<Element>.zeros(rows: n, columns: n)
    guard BidiagonalSVD.decompose(diagonal: factor.diagonal, superdiagonal: factor.beside, right: &vectors) != nil
    else {
      return nil
    }
    let values = rayleighQuotients(d, e, of: vectors)
    vectors.withUnsafeMutableBase { rows, stride in
      applyTransposedFromRight([ReflectedRows(reflectors: reflectors, base: rows, stride: stride, count: n)])
    }
    vectors.fixRowSigns()
    // Equal ones may have changed places by a rounding.
    return (Vector(values.sorted(by: >).map { Element($0) }), vectors)
  }
}

/// vᵀTv/vᵀv of each row, for the tridiagonal T with diagonal d and e beside it: exact to the square of the error of v.
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

/// The upper bidiagonal B with BᵀB = T − μI for the symmetric tridiagonal T with diagonal d and e beside it, and a μ below
/// its eigenvalues; `nil` where rounding makes a pivot negative.
private func shiftedCholesky(_ d: [Double], _ e: [Double]) -> (diagonal: [Double], beside: [Double])? {
  let radii = d.indices.map { i in (i > 0 ? abs(e[i - 1]) : 0) + (i < e.count ? abs(e[i]) : 0) }
  let bounds = zip(d, radii).map { ($0 - $1, $0 + $1) }
  let (low, high) = bounds.reduce((Double.infinity, -Double.infinity)) { (min($0.0, $1.0), max($0.1, $1.1)) }
  // Gershgorin's bound may be an eigenvalue: a little below it pivots stay positive.
  let shift = low - 4 * Double.ulpOfOne * Double(d.count) * max(abs(low), abs(high))
  var (diagonal, beside) = ([Double](), [Double]())
  var carried = 0.0
  for i in d.indices {
    let pivot = d[i] - shift - carried
    guard pivot > 0 else { return nil }
    diagonal.append(pivot.squareRoot())
    if i < e.count {
      beside.append(e[i] / diagonal[i])
      carried = beside[i] * beside[i]
    }
  }
  return (diagonal, beside + [0])
}
