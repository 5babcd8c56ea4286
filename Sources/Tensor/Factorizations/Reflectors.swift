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

  /// The vectors as they are stored, without their unit entries and the zeros before these. Held alive by the caller.
  let vectors: MatrixPointer<Element>
  let storage: Storage
  /// τ of each reflector; zero where there is no reflection.
  let tau: [Element]
  /// The position of the unit entry of the first vector; that of each next is one later.
  let offset: Int

  /// The vectors in rows, wherever they are stored.
  var rows: MatrixPointer<Element> { storage == .rows ? vectors : vectors.transposed }

  /// The length of the vectors.
  var length: Int { rows.columns }

  /// The ranges of reflectors that are applied at once.
  var blocks: [Range<Int>] {
    let tuning = FactorizationTuning.current
    let width = tau.count >= tuning.fewReflectorsBelow ? tuning.manyReflectors : tuning.fewReflectors
    return stride(from: 0, to: tau.count, by: width).map { $0..<min($0 + width, tau.count) }
  }
}

/// Rows that reflectors are applied to, each row cᵀ as cᵀQᵀ.
struct ReflectedRows<Element: MatrixScalar> {
  let reflectors: Reflectors<Element>
  let rows: MutableMatrixPointer<Element>
}

/// C ← CQᵀ for several C, with the rows of all shared among the threads.
///
/// Where the monitor says to stop, the rows are left as they are then.
///
/// - Complexity: 4mk(n − k/2) flops for k reflectors of length n on m rows.
func applyTransposedFromRight<Element>(_ jobs: [ReflectedRows<Element>], _ monitor: WorkMonitor = .unwatched) {
  let blocks = jobs.flatMap { job in job.reflectors.blocks.map { (job.reflectors, $0) } }
  func flops(_ reflectors: Reflectors<Element>) -> Double {
    2 * Double(reflectors.tau.count) * Double(reflectors.length)
  }
  let setUp = jobs.reduce(0) { $0 + 64 * flops($1.reflectors) }
  var prepared = inParts(blocks.count, flops: setUp) { range in
    blocks[range].map { ReflectorBlock($0, $1) }
  }.flatMap(\.self)[...]
  let blocksOfJobs = jobs.map { job in
    defer { prepared = prepared.dropFirst(job.reflectors.blocks.count) }
    return prepared.prefix(job.reflectors.blocks.count)
  }
  let rows = jobs.reduce(0) { $0 + $1.rows.rows }
  let work = jobs.reduce(0) { $0 + flops($1.reflectors) * Double($1.rows.rows) }
  inParts(rows, flops: work) { range in
    // The calling thread has the first rows, and reports for all.
    let reporter = range.lowerBound == 0 ? monitor : monitor.silenced
    var before = 0
    for (job, blocks) in zip(jobs, blocksOfJobs) {
      let mine = range.clamped(to: before..<before + job.rows.rows)
      for (i, block) in blocks.reversed().enumerated() where !mine.isEmpty {
        if reporter.isStopped { return }
        let rowsDone = Double(mine.lowerBound - range.lowerBound)
        let rowsOfJob = Double(mine.count) * Double(i) / Double(blocks.count)
        reporter.report((rowsDone + rowsOfJob) / Double(range.count))
        block.apply(.transposed, to: job.rows[rows: mine.lowerBound - before..<mine.upperBound - before])
      }
      before += job.rows.rows
    }
  }
}
