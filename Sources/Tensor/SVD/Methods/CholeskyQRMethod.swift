extension TallMatrix {
  /// The factors of T by T = QR and the decomposition of R; `nil` where Q cannot be trusted.
  ///
  /// - Parameter wanted: the number of vectors of the longer side; `nil` for values only.
  /// - Complexity: 6p²L flops for L×p entries; a copy of T and 6p² float64 entries.
  func factorsByCholeskyQR(
    longVectors wanted: Int?, _ monitor: WorkMonitor
  ) throws(LinearAlgebraError) -> TallFactors<Element>? {
    // Nothing else holds the transpose, so it becomes Q in its own memory.
    let tall = isTransposed ? Matrix(stored.transposed) : stored
    guard let (q, r) = (consume tall).choleskyQR(monitor: monitor) else { return nil }
    monitor.report(0.5)
    try monitor.checkCancelled()
    let inner = try r.factors(wanted.map { _ in .thin }, nil, monitor.stage(from: 0.5, to: 0.8)).factors
    let sigma: Vector<Element> = inner.values.converted()
    guard let (u, vTransposed) = inner.vectors else { return TallFactors(values: sigma, vectors: nil) }
    let long = product(consume q, u.converted(to: Element.self), large: .left)
    return TallFactors(
      values: sigma,
      vectors: (LongVectors(stored: long, areRows: false), vTransposed.converted(to: Element.self)))
  }
}
