import COpenBLAS

/// An orthogonal matrix as a reduction leaves it, Q = H₁H₂⋯H_k with Hᵢ = I − τᵢvᵢvᵢᵀ, to be applied in large blocks.
///
/// LAPACK applies 32 reflectors at a time, in products too thin for a processor's peak. A block of p reflectors is
/// I − VTVᵀ, where T⁻¹ is upper triangular with 1/τᵢ on the diagonal and vᵢᵀvⱼ above it (Puglisi, SIAM J. Sci. Stat.
/// Comput. 13, 1992): so T⁻¹ is one product, and T is solved for once, not with every row.
struct Reflectors<Element: MatrixScalar> {
  /// Where a reduction stores its vectors.
  enum Storage {
    /// In rows, right of the diagonal.
    case rows
    /// In columns, below the diagonal.
    case columns
  }

  /// Holds the vectors but for their unit entries and what is zero before these.
  let matrix: Matrix<Element>
  let storage: Storage
  let scales: Vector<Element>
  /// The position of the unit entry of the first vector; that of each next is one later.
  let offset: Int

  /// The length of the vectors.
  var length: Int { storage == .rows ? matrix.columns : matrix.rows }

  /// Wide blocks cost more in T⁻¹ and in the unit triangles, narrow ones more in thin products.
  var blocks: [Range<Int>] {
    let width = scales.count >= 128 ? 64 : 32
    return stride(from: 0, to: scales.count, by: width).map { $0..<min($0 + width, scales.count) }
  }

  /// Calls `body` with vectors from `first` on, entries from `entry` on, as they are stored, and their stride.
  func with(from first: Int, entry: Int, _ body: (UnsafePointer<Element>, Int32) -> Void) {
    let stride = matrix.rowStride
    matrix.withUnsafeBase { base in
      body(
        storage == .rows ? base + first * stride + entry : base + entry * stride + first,
        blasInt(matrix.leadingDimension))
    }
  }
}

/// Rows that reflectors are applied to, each row cᵀ as cᵀQᵀ.
struct ReflectedRows<Element: MatrixScalar> {
  let reflectors: Reflectors<Element>
  let base: UnsafeMutablePointer<Element>
  let stride: Int
  let count: Int
}

/// C ← CQᵀ for several C, with the rows of all shared among the threads.
///
/// - Complexity: 4mk(n − k/2) flops for k reflectors of length n on m rows.
///
/// Where the monitor says to stop, the rows are left as they are then.
func applyTransposedFromRight<Element>(_ jobs: [ReflectedRows<Element>], _ monitor: WorkMonitor = .unwatched) {
  let blocks = jobs.flatMap { job in job.reflectors.blocks.map { (job.reflectors, $0) } }
  func flops(_ reflectors: Reflectors<Element>) -> Double {
    2 * Double(reflectors.scales.count) * Double(reflectors.length)
  }
  let setUp = jobs.reduce(0) { $0 + 64 * flops($1.reflectors) }
  var prepared = inParts(blocks.count, flops: setUp) { range in
    blocks[range].map { ReflectorBlock($0, $1) }
  }.flatMap(\.self)[...]
  let blocksOfJobs = jobs.map { job in
    defer { prepared = prepared.dropFirst(job.reflectors.blocks.count) }
    return prepared.prefix(job.reflectors.blocks.count)
  }
  let rows = jobs.reduce(0) { $0 + $1.count }
  let work = jobs.reduce(0) { $0 + flops($1.reflectors) * Double($1.count) }
  _ = inParts(rows, flops: work) { range in
    // The calling thread has the first rows, and reports for all.
    let reporter = range.lowerBound == 0 ? monitor : monitor.silenced
    var before = 0
    for (job, blocks) in zip(jobs, blocksOfJobs) {
      let mine = range.clamped(to: before..<before + job.count)
      for (i, block) in blocks.reversed().enumerated() where !mine.isEmpty {
        if reporter.isStopped { return }
        let rowsDone = Double(mine.lowerBound - range.lowerBound)
        let rowsOfJob = Double(mine.count) * Double(i) / Double(blocks.count)
        reporter.report((rowsDone + rowsOfJob) / Double(range.count))
        block.apply(.transposed, to: job.base + (mine.lowerBound - before) * job.stride, job.stride, mine.count)
      }
      before += job.count
    }
  }
}

/// I − VTVᵀ for some reflectors: V₁ where their unit entries stand, and V₂ beyond, where it is stored.
struct ReflectorBlock<Element: MatrixScalar> {
  /// Whether the block, an orthogonal matrix Q, is applied as it is or as its inverse.
  enum Form {
    /// C ← CQ.
    case asItIs
    /// C ← CQᵀ.
    case transposed
  }

  private let reflectors: Reflectors<Element>
  /// The first row of Q that is not one of the identity.
  private let start: Int
  /// V₁ᵀ, upper triangular with zeros below.
  private let corner: Matrix<Element>
  /// T, upper triangular with zeros below.
  private let t: Matrix<Element>

  private var width: Int { corner.rows }
  /// The length of V₂.
  private var rest: Int { reflectors.length - start - width }
  private var kernels: _Kernels<Element> { Element._kernels }

  init(_ reflectors: Reflectors<Element>, _ range: Range<Int>) {
    self.reflectors = reflectors
    start = range.lowerBound + reflectors.offset
    let (matrix, scales, first, count) = (reflectors.matrix, reflectors.scales, start, range.count)
    let areRows = reflectors.storage == .rows
    let kernels = Element._kernels
    var corner = Matrix<Element>.zeros(rows: count, columns: count)
    corner.withUnsafeMutableBase { corner, _ in
      matrix.withUnsafeBase { base in
        let (step, next) = areRows ? (matrix.rowStride, 1) : (1, matrix.rowStride)
        for (k, i) in range.enumerated() {
          // A scale of zero means no reflection; what is stored of its vector is zero.
          corner[k * (count + 1)] = scales[i] == 0 ? 0 : 1
          kernels.table.copy(
            blasInt(count - k - 1), base + i * step + (first + k + 1) * next, blasInt(next),
            corner + k * (count + 1) + 1, 1)
        }
      }
    }
    self.corner = corner
    var inverse = corner * corner.transposed
    let (p, length) = (blasInt(count), blasInt(reflectors.length - first - count))
    inverse.withUnsafeMutableBase { t, stride in
      reflectors.with(from: range.lowerBound, entry: first + count) { v, ldv in
        if length == 0 { return }
        kernels.table.gemm(
          CblasRowMajor, areRows ? CblasNoTrans : CblasTrans, areRows ? CblasTrans : CblasNoTrans, p, p, length, 1, v,
          ldv,
          v, ldv, 1, t, blasInt(stride))
      }
      for (k, i) in range.enumerated() { t[k * (stride + 1)] = scales[i] == 0 ? 1 : 1 / scales[i] }
    }
    var t = Matrix<Element>.identity(count)
    t.withUnsafeMutableBase { t, _ in
      inverse.withUnsafeBase {
        kernels.table.trsm(CblasRowMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, p, p, 1, $0, p, t, p)
      }
    }
    self.t = t
  }

  /// C ← C − (CV)TVᵀ, or with Tᵀ for the transposed form, for `count` rows from `c` on.
  func apply(_ form: Form, to c: UnsafeMutablePointer<Element>, _ stride: Int, _ count: Int) {
    let (p, length, m, ldc) = (blasInt(width), blasInt(rest), blasInt(count), blasInt(stride))
    let areRows = reflectors.storage == .rows
    let middle = form == .transposed ? CblasTrans : CblasNoTrans
    let (forward, back) = areRows ? (CblasTrans, CblasNoTrans) : (CblasNoTrans, CblasTrans)
    let work = MatrixStorage<Element>(.undefined, capacity: width * count)
    let (near, far, w) = (c + start, c + start + width, work.base)
    withExtendedLifetime(work) {
      corner.withUnsafeBase { v1 in
        t.withUnsafeBase { t in
          reflectors.with(from: start - reflectors.offset, entry: start + width) { v2, ldv in
            kernels.table.gemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, p, p, 1, near, ldc, v1, p, 0, w, p)
            if length > 0 {
              kernels.table.gemm(CblasRowMajor, CblasNoTrans, forward, m, p, length, 1, far, ldc, v2, ldv, 1, w, p)
            }
            kernels.table.trmm(CblasRowMajor, CblasRight, CblasUpper, middle, CblasNonUnit, m, p, 1, t, p, w, p)
            kernels.table.gemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, p, p, -1, w, p, v1, p, 1, near, ldc)
            if length > 0 {
              kernels.table.gemm(CblasRowMajor, CblasNoTrans, back, m, length, p, -1, w, p, v2, ldv, 1, far, ldc)
            }
          }
        }
      }
    }
  }
}
