extension MatrixBatch {
  /// The thin singular value decomposition of every matrix.
  ///
  /// Up to min(m, n) = 64, matrices that are not much longer than wide are decomposed sixteen at a time by one-sided
  /// Jacobi rotations, whose small singular values are the more exact ones. Larger ones are decomposed one per thread
  /// as by `Matrix.svd(vectors:method:progress:)`. Order and signs are as there.
  ///
  /// - Parameter progress: called on the calling thread with thousandths of its share of the matrices.
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)``, the row counted in ``stacked``;
  ///   ``LinearAlgebraError/cancelled`` once the surrounding task was cancelled;
  ///   ``LinearAlgebraError/invalidArgument(_:)`` for a batch without matrices; and what
  ///   `Matrix.svd(vectors:method:progress:)` throws.
  /// - Complexity: about 14n² (m + n) flops per sweep and matrix in 5 to 9 sweeps; apart from the result O(mn) per
  ///   thread.
  public func svd(progress: ProgressHandler? = nil) throws(LinearAlgebraError) -> BatchSVD<Element> {
    try svd(monitor: WorkMonitor(progress))
  }

  private func svd(monitor: WorkMonitor) throws(LinearAlgebraError) -> BatchSVD<Element> {
    try monitor.checkCancelled()
    try stacked.checkFinite()
    guard count > 0 else { throw .invalidArgument("a batch without matrices has no decomposition") }
    let (shorter, longer) = (min(rows, columns), max(rows, columns))
    let tuning = SVDTuning.current
    let isForJacobi =
      shorter > 0 && shorter <= tuning.jacobiUpTo && longer <= tuning.jacobiElongation * shorter
    let found: BatchSVD<Element>
    if !isForJacobi {
      found = try oneByOne(monitor)
    } else if rows >= columns {
      found = try byJacobi(monitor)
    } else {
      found = try transposed().byJacobi(monitor).transposed()
    }
    monitor.report(1)
    return found
  }

  /// Each matrix by itself, as many at once as there are threads.
  private func oneByOne(_ monitor: WorkMonitor) throws(LinearAlgebraError) -> BatchSVD<Element> {
    let (shorter, longer) = (min(rows, columns), max(rows, columns))
    let parts = inParts(count, flops: 100 * Double(longer * shorter * shorter) * Double(count)) { range in
      range.map { i in
        monitor.reportPart(i, of: range)
        return Result { () throws(LinearAlgebraError) in try self[i].svd(monitor: monitor.silenced) }
      }
    }
    var factors: [SVD<Element>] = []
    for part in parts.joined() { factors.append(try part.get()) }
    return BatchSVD(
      u: MatrixBatch(stacked: Matrix(stackingRows: factors.map(\.u)), rows: rows),
      singularValues: Matrix(stackingRows: factors.map { Matrix(row: $0.singularValues) }),
      vTransposed: MatrixBatch(stacked: Matrix(stackingRows: factors.map(\.vTransposed)), rows: max(shorter, 1)))
  }
}
