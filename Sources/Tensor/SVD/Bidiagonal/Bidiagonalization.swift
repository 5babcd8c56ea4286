import CKernels
import COpenBLAS

/// A = Q B Pᵀ with B upper bidiagonal, for n ≥ m rows of a row-major matrix seen as the columns of its transpose.
///
/// In terms of the m×n matrix: A = P Bᵀ Qᵀ, so the left singular vectors of A come from P and the right ones from Q.
struct Bidiagonalization<Element: MatrixScalar> {
  /// The diagonal of B, m entries.
  private let diagonal: Vector<Element>
  /// The superdiagonal of B, m entries of which the last does not count.
  private let superdiagonal: Vector<Element>
  /// The reflectors of Q and P, and their factors tau.
  private let factored: Matrix<Element>
  private let (qTau, pTau): (Vector<Element>, Vector<Element>)

  /// Reduces 2ᵉA panel by panel. Each panel reads what is left of A once per column and updates it by one product.
  ///
  /// Where the monitor says to stop, the reduction ends after the running panel and its result has no meaning.
  ///
  /// - Complexity: 4m²n − 4m³/3 flops; one copy of A.
  init(
    _ matrix: some MatrixOperand<Element>, scaledByExponent exponent: Int, _ monitor: WorkMonitor
  ) {
    require(matrix.rows <= matrix.columns, "a \(matrix.rows)x\(matrix.columns) matrix is taller than wide")
    let (m, n) = (matrix.rows, matrix.columns)
    let kernels = Element._kernels.table
    var layout = ck_bidiagonal_layout(n, m)
    if let panel = SVDTuning.current.panelColumns { layout.panel_columns = panel }
    let stride = layout.stride
    let a = MatrixStorage<Element>(.zeros, capacity: layout.allocated_columns * stride)
    copy(matrix, scaledByExponent: exponent, to: a.base, stride)
    let (d, e) = (MatrixStorage<Element>(.zeros, capacity: m), MatrixStorage<Element>(.zeros, capacity: m))
    let (tauQ, tauP) = (MatrixStorage<Element>(.zeros, capacity: m), MatrixStorage<Element>(.zeros, capacity: m))
    let progress = ReductionProgress { columns in
      monitor.report(shareOfReduction(columns, of: m, n))
      return !monitor.isStopped
    }
    withOwnThreads { threads in
      let count = Int32(clamping: m < SVDTuning.current.threadedReductionFrom ? 1 : threads)
      let scratch = MatrixStorage<Element>(.undefined, capacity: ck_bidiagonal_scratch(layout, count))
      kernels.bidiagonalize(
        ReductionProblem(
          layout: layout, a: a.base, d: d.base, e: e.base, tauq: tauQ.base, taup: tauP.base, scratch: scratch.base,
          threads: count, progress: progress))
      withExtendedLifetime((a, d, e, tauQ, tauP, scratch, progress)) {}
    }
    diagonal = Vector(storage: d, first: d.base, count: m)
    superdiagonal = Vector(storage: e, first: e.base, count: m)
    qTau = Vector(storage: tauQ, first: tauQ.base, count: m)
    pTau = Vector(storage: tauP, first: tauP.base, count: m)
    factored = Matrix(rows: m, columns: n, rowStride: stride, storage: a, first: a.base)
  }

  /// The decomposition of A with U transposed; `nil` where that of B did not converge or the monitor said to stop.
  ///
  /// - Parameter vRows: the number of rows of Vᵀ, m … n.
  /// - Complexity: 8m³/3 flops for B, less what deflates, and 4m²n for Q and P.
  func svd(
    longVectors vRows: Int, _ monitor: WorkMonitor
  ) -> (uTransposed: Matrix<Element>, values: Vector<Element>, vTransposed: Matrix<Element>)? {
    let (m, n) = (factored.rows, factored.columns)
    var vTransposed = Matrix<Element>.zeros(rows: vRows, columns: n)
    var uTransposed = Matrix<Element>.zeros(rows: m, columns: m)
    let found = BidiagonalSVD.decompose(
      diagonal: diagonal, superdiagonal: superdiagonal, left: &vTransposed, right: &uTransposed,
      monitor.stage(from: 0, to: 0.5))
    guard let values = found else { return nil }
    withPointers(to: factored) { vectors in
      let q = Reflectors(vectors: vectors, storage: .rows, tau: Array(qTau), offset: 0)
      let p = Reflectors(vectors: vectors, storage: .columns, tau: Array(pTau.prefix(m - 1)), offset: 1)
      vTransposed.withMutablePointer { v in
        for i in m..<Swift.max(m, vRows) { v[i, i] = 1 }
        uTransposed.withMutablePointer { u in
          let jobs = [ReflectedRows(reflectors: q, rows: v), ReflectedRows(reflectors: p, rows: u)]
          applyTransposedFromRight(jobs, monitor.stage(from: 0.5, to: 1))
        }
      }
    }
    return (uTransposed, values, vTransposed)
  }

  /// The singular values of A, descending, by LAPACK's `bdsdc`; `nil` where the iteration did not converge.
  func singularValues() -> Vector<Element>? {
    let order = diagonal.count
    var (values, superdiagonal) = (diagonal, superdiagonal)
    let isDone = values.withUnsafeMutableBase { d in
      superdiagonal.withUnsafeMutableBase { e in
        LAPACK.bdsdc(diagonal: d, superdiagonal: e, count: order)
      }
    }
    // dqds has been seen to return NaN with a clean status.
    return isDone && values.allSatisfy { $0.isFinite && $0 >= 0 } ? values : nil
  }
}

/// Writes 2ᵉA to rows that are `stride` entries apart.
private func copy<Element: MatrixScalar>(
  _ matrix: some MatrixOperand<Element>, scaledByExponent exponent: Int, to target: UnsafeMutablePointer<Element>,
  _ stride: Int
) {
  let kernels = Element._kernels.table
  if matrix.isTransposed {
    matrix.base.withUnsafeBase {
      kernels.transpose($0, matrix.columns, matrix.rows, matrix.base.rowStride, target, stride)
    }
  } else {
    matrix.base.copyRows(to: target, stride: stride)
  }
  // In two steps, because the factor for a denormal number is itself out of range.
  for part in [exponent / 2, exponent - exponent / 2] where part != 0 {
    let factor = Element(sign: .plus, exponent: Element.Exponent(part), significand: 1)
    for i in 0..<matrix.rows { BLAS.scal(matrix.columns, factor, target + i * stride) }
  }
}

/// The share of the flops of an m×n reduction that its first columns take.
private func shareOfReduction(_ columns: Int, of m: Int, _ n: Int) -> Double {
  let (m, n) = (Double(m), Double(n))
  func flops(_ x: Double) -> Double { x * (m * n - x * (m + n) / 2 + x * x / 3) }
  return flops(Double(columns)) / flops(m)
}
