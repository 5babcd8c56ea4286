import CKernels
import COpenBLAS

/// A = Q B Pᵀ with B upper bidiagonal, for n ≥ m rows of a row-major matrix seen as the columns of its transpose.
///
/// In terms of the m×n matrix: A = P Bᵀ Qᵀ, so the left singular vectors of A come from P and the right ones from Q.
struct Bidiagonalization<Element: MatrixScalar> {
  /// The diagonal of B, m entries.
  private(set) var diagonal: Vector<Element>
  /// What stands right of it, m entries of which the last does not count.
  private(set) var beside: Vector<Element>
  /// The reflectors of Q and P.
  private let factored: Matrix<Element>
  private let (qScales, pScales): (Vector<Element>, Vector<Element>)

  /// Reduces A, panel by panel; each reads what is left of A once a column and updates it by one product.
  ///
  /// - Complexity: 4m²n − 4m³/3 flops; one copy of A.
  init(_ matrix: Matrix<Element>) {
    precondition(matrix.rows <= matrix.columns)
    let (m, n) = (matrix.rows, matrix.columns)
    let kernels = Element._kernels.table
    // Rows in whole vectors, and not a power of two apart, which would share cache sets.
    let grain = 32
    let padded = (n + grain - 1) / grain * grain
    let stride = padded + 16
    var a = Matrix<Element>.zeros(rows: m, columns: stride)
    var (d, e) = (Vector<Element>(repeating: 0, count: m), Vector<Element>(repeating: 0, count: m))
    var (tauq, taup) = (d, d)
    let w = MatrixStorage<Element>(.zeros, capacity: 64 * padded)
    let z = MatrixStorage<Element>(.zeros, capacity: 64 * m)
    // Below this a second thread waits longer than it works.
    let isSmall = m < 384
    a.withUnsafeMutableBase { a, _ in
      matrix.copyRows(to: a, stride: stride)
      d.withUnsafeMutableBase { d in
        e.withUnsafeMutableBase { e in
          tauq.withUnsafeMutableBase { tauq in
            taup.withUnsafeMutableBase { taup in
              withOwnThreads { threads in
                let members = isSmall ? 1 : threads
                let work = MatrixStorage<Element>(
                  .undefined, capacity: kernels.bidiagonalWorkspace(padded, m, members))
                withExtendedLifetime(work) {
                  kernels.bidiagonalize(
                    ReductionProblem(
                      a: a, rows: n, paddedRows: padded, columns: m, stride: stride, w: w.base, z: z.base,
                      d: d, e: e, tauq: tauq, taup: taup, work: work.base), members)
                }
              }
            }
          }
        }
      }
    }
    withExtendedLifetime((w, z)) {}
    (diagonal, beside, qScales, pScales) = (d, e, tauq, taup)
    factored = a[columns: 0..<n]
  }

  /// The decomposition of A; `nil` where the one of B did not converge.
  ///
  /// - Complexity: 8m³/3 flops for B, less what deflates, and 4m²n for Q and P.
  func svd() -> (u: Matrix<Element>, values: Vector<Element>, vTransposed: Matrix<Element>)? {
    let (m, n) = (factored.rows, factored.columns)
    var vTransposed = Matrix<Element>.zeros(rows: m, columns: n)
    var uTransposed = Matrix<Element>.zeros(rows: m, columns: m)
    let found = BidiagonalSVD.decompose(diagonal: diagonal, beside: beside, left: &vTransposed, right: &uTransposed)
    guard let values = found else { return nil }
    let q = Reflectors(matrix: factored, storage: .rows, scales: qScales, offset: 0)
    let p = Reflectors(matrix: factored, storage: .columns, scales: Vector(pScales.prefix(m - 1)), offset: 1)
    vTransposed.withUnsafeMutableBase { v, vStride in
      uTransposed.withUnsafeMutableBase { u, uStride in
        applyTransposedFromRight([
          ReflectedRows(reflectors: q, base: v, stride: vStride, count: m),
          ReflectedRows(reflectors: p, base: u, stride: uStride, count: m),
        ])
      }
    }
    return (Matrix(uTransposed.transposed), values, vTransposed)
  }

  /// The singular values of A, descending; `nil` where the iteration did not converge.
  func singularValues() -> Vector<Element>? {
    var values = diagonal
    var (none, other) = (Matrix<Element>(.zeros, rows: 0, columns: 0), Matrix<Element>(.zeros, rows: 0, columns: 0))
    return values.decomposeBidiagonal(beside, leftTransposed: &none, right: &other) ? values : nil
  }
}

extension Vector {
  /// Makes the diagonal of an upper bidiagonal matrix its singular values; false where the iteration did not converge.
  ///
  /// - Parameters:
  ///   - beside: what stands right of the diagonal.
  ///   - leftTransposed: gets the left vectors in rows, or is empty for values only.
  ///   - right: gets the right vectors in columns.
  fileprivate mutating func decomposeBidiagonal(
    _ beside: Vector, leftTransposed: inout Matrix<Element>, right: inout Matrix<Element>
  ) -> Bool {
    let order = count
    let hasVectors = !right.isEmpty
    var beside = beside
    let work = MatrixStorage<Element>(.undefined, capacity: hasVectors ? 3 * order * order + 4 * order : 4 * order)
    var integers = [Int32](repeating: 0, count: 8 * order)
    let (n, ldu, ldvt) = (blasInt(order), blasInt(leftTransposed.leadingDimension), blasInt(right.leadingDimension))
    let info = withUnsafeMutableBase { d in
      beside.withUnsafeMutableBase { e in
        leftTransposed.withUnsafeMutableBase { left, _ in
          right.withUnsafeMutableBase { right, _ in
            withBLAS(flops: hasVectors ? 3 * Double(order) * Double(order) * Double(order) : 0) {
              Element._kernels.table.bdsdc(
                columnMajor, letter("U"), letter(hasVectors ? "I" : "N"), n, d, e, left, ldu, right, ldvt, nil, nil,
                work.base, &integers)
            }
          }
        }
      }
    }
    withExtendedLifetime(work) {}
    // dqds has been seen to return NaN with a clean status.
    return info == 0 && allSatisfy { $0.isFinite && $0 >= 0 }
  }
}
