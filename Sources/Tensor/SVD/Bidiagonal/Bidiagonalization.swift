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

  /// Reduces 2ᵉA, panel by panel; each reads what is left of A once a column and updates it by one product.
  ///
  /// - Parameter progress: told how many of the m columns are done.
  /// - Complexity: 4m²n − 4m³/3 flops; one copy of A.
  init(_ matrix: some MatrixOperand<Element>, scaledByExponent exponent: Int, progress: ((Int) -> Void)?) {
    require(matrix.rows <= matrix.columns, "a \(matrix.rows)x\(matrix.columns) matrix is taller than wide")
    let (m, n) = (matrix.rows, matrix.columns)
    let kernels = Element._kernels.table
    let layout = ck_bidiagonal_layout(n, m)
    let stride = layout.stride
    var a = Matrix<Element>.zeros(rows: layout.allocated_columns, columns: stride)
    var (d, e) = (Vector<Element>(repeating: 0, count: m), Vector<Element>(repeating: 0, count: m))
    var (tauq, taup) = (d, d)
    // Below this a second thread waits longer than it works.
    let isSmall = m < 384
    a.withUnsafeMutableBase { a, _ in
      if matrix.isTransposed {
        matrix.base.withUnsafeBase { kernels.transpose($0, n, m, matrix.base.rowStride, a, stride) }
      } else {
        matrix.base.copyRows(to: a, stride: stride)
      }
      // In two steps: for a denormal number one factor alone is out of range.
      for part in [exponent / 2, exponent - exponent / 2] where part != 0 {
        let factor = Element(sign: .plus, exponent: Element.Exponent(part), significand: 1)
        for i in 0..<m { kernels.scal(blasInt(n), factor, a + i * stride, 1) }
      }
      let told = progress.map(ReductionProgress.init)
      d.withUnsafeMutableBase { d in
        e.withUnsafeMutableBase { e in
          tauq.withUnsafeMutableBase { tauq in
            taup.withUnsafeMutableBase { taup in
              withOwnThreads { threads in
                let count = Int32(clamping: isSmall ? 1 : threads)
                let scratch = MatrixStorage<Element>(.undefined, capacity: ck_bidiagonal_scratch(layout, count))
                withExtendedLifetime((scratch, told)) {
                  kernels.bidiagonalize(
                    ReductionProblem(
                      layout: layout, a: a, d: d, e: e, tauq: tauq, taup: taup, scratch: scratch.base,
                      threads: count, progress: told))
                }
              }
            }
          }
        }
      }
    }
    (diagonal, beside, qScales, pScales) = (d, e, tauq, taup)
    factored = a[columns: 0..<n]
  }

  /// The decomposition of A with U transposed; `nil` where the one of B did not converge.
  ///
  /// - Parameter isFull: whether Vᵀ gets n rows instead of m.
  /// - Complexity: 8m³/3 flops for B, less what deflates, and 4m²n for Q and P.
  func svd(isFull: Bool) -> (uTransposed: Matrix<Element>, values: Vector<Element>, vTransposed: Matrix<Element>)? {
    let (m, n) = (factored.rows, factored.columns)
    let vRows = isFull ? n : m
    var vTransposed = Matrix<Element>.zeros(rows: vRows, columns: n)
    var uTransposed = Matrix<Element>.zeros(rows: m, columns: m)
    let found = BidiagonalSVD.decompose(diagonal: diagonal, beside: beside, left: &vTransposed, right: &uTransposed)
    guard let values = found else { return nil }
    let q = Reflectors(matrix: factored, storage: .rows, scales: qScales, offset: 0)
    let p = Reflectors(matrix: factored, storage: .columns, scales: Vector(pScales.prefix(m - 1)), offset: 1)
    vTransposed.withUnsafeMutableBase { v, vStride in
      for i in m..<Swift.max(m, vRows) { v[i * vStride + i] = 1 }
      uTransposed.withUnsafeMutableBase { u, uStride in
        applyTransposedFromRight([
          ReflectedRows(reflectors: q, base: v, stride: vStride, count: vRows),
          ReflectedRows(reflectors: p, base: u, stride: uStride, count: m),
        ])
      }
    }
    return (uTransposed, values, vTransposed)
  }

  /// The singular values of A, descending, by LAPACK's `bdsdc`; `nil` where the iteration did not converge.
  func singularValues() -> Vector<Element>? {
    let order = blasInt(diagonal.count)
    var (values, beside) = (diagonal, beside)
    var work = [Element](repeating: 0, count: 4 * diagonal.count)
    var integers = [Int32](repeating: 0, count: 8 * diagonal.count)
    let info = values.withUnsafeMutableBase { d in
      beside.withUnsafeMutableBase { e in
        Element._kernels.table.bdsdc(
          columnMajor, letter("U"), letter("N"), order, d, e, nil, 1, nil, 1, nil, nil, &work, &integers)
      }
    }
    // dqds has been seen to return NaN with a clean status.
    return info == 0 && values.allSatisfy { $0.isFinite && $0 >= 0 } ? values : nil
  }
}
