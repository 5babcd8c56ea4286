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
  init(lowerTriangleOf matrix: Matrix<Element>) {
    let n = matrix.rows
    let kernels = Element._kernels.table
    // Rows in whole vectors, and not a power of two apart, which would share cache sets.
    let padded = (n + 31) / 32 * 32
    let stride = padded + 16
    var a = Matrix<Element>.zeros(rows: (n + 7) / 8 * 8, columns: stride)
    var (d, e) = (Vector<Element>(repeating: 0, count: n), Vector<Element>(repeating: 0, count: n - 1))
    var scales = e
    let w = MatrixStorage<Element>(.zeros, capacity: 64 * padded)
    a.withUnsafeMutableBase { a, _ in
      matrix.withUnsafeBase { kernels.transpose($0, n, n, matrix.rowStride, a, stride) }
      for i in 0..<n { (a + i * stride).update(repeating: 0, count: i) }
      d.withUnsafeMutableBase { d in
        e.withUnsafeMutableBase { e in
          scales.withUnsafeMutableBase { scales in
            withOwnThreads { threads in
              // Below this a second thread waits longer than it works.
              let members = n < 384 ? 1 : threads
              let work = MatrixStorage<Element>(
                .undefined, capacity: kernels.tridiagonalWorkspace(padded, members))
              withExtendedLifetime(work) {
                kernels.tridiagonalize(
                  ReductionProblem(
                    a: a, rows: n, paddedRows: padded, columns: n, stride: stride, w: w.base, z: nil, d: d, e: e,
                    tauq: scales, taup: nil, work: work.base), members)
              }
            }
          }
        }
      }
    }
    withExtendedLifetime(w) {}
    (diagonal, beside) = (d, e)
    reflectors = Reflectors(matrix: a[rows: 0..<n][columns: 0..<n], storage: .rows, scales: scales, offset: 1)
  }
}
