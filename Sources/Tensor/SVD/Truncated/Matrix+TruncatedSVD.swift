extension Matrix {
  /// The k leading singular triplets, to a stated residual.
  ///
  /// Randomized block Krylov iteration: from Q₀ = orth(AΩ) with random Ω of k + 8 columns or a few more, uniform in −1
  /// ..< 1, the basis grows by orth(A AᵀQ₀) and then by what Avᵢ − σᵢuᵢ leaves, until the two-sided residual of its
  /// Rayleigh–Ritz triplets is at most `tolerance`. Where the basis would exceed a third of min(m, n), where k is
  /// large, and where the residuals fall too slowly to reach the tolerance before that, the full decomposition is
  /// computed instead. A small residual proves that each triplet is close to *a* singular triplet; that none larger was
  /// missed is overwhelmingly likely, not proven.
  ///
  /// ```swift
  /// let top = try a.svd(rank: 16)
  /// print(top.singularValues, top.residual, top.method)
  /// ```
  ///
  /// - Parameters:
  ///   - k: 1 … min(m, n).
  ///   - tolerance: the largest accepted residual, relative to σ₁; 0 asks for the full decomposition.
  ///   - seed: of Ω; the same seed gives the same bits.
  ///   - progress: called on the thread that computes with thousandths of the work if the basis grows to its limit;
  ///     half of them are for the full decomposition, so that they jump to the end where the tolerance is reached
  ///     before.
  /// - Throws: ``LinearAlgebraError/invalidArgument(_:)`` for k or the tolerance out of range;
  ///   ``LinearAlgebraError/cancelled`` once the surrounding task was cancelled; and what
  ///   `svd(vectors:method:progress:)` throws.
  /// - Complexity: 4mnb flops per step with b from k + 8 to k + 23, k from the third step on, at least two steps, and
  ///   2mnb once; memory for the basis and its image, (m + n)·b·steps, twice where they are stacked, in addition to A.
  /// - SeeAlso: Musco and Musco, arXiv 1504.05477.
  public func svd(
    rank k: Int, tolerance: Double = 1e-2, seed: UInt64 = SeededGenerator.defaultSeed, progress: ProgressHandler? = nil
  ) throws(LinearAlgebraError) -> TruncatedSVD<Element> {
    try svd(rank: k, tolerance: tolerance, seed: seed, monitor: WorkMonitor(progress))
  }

  private func svd(
    rank k: Int, tolerance: Double, seed: UInt64, monitor: WorkMonitor
  ) throws(LinearAlgebraError) -> TruncatedSVD<Element> {
    let p = Swift.min(rows, columns)
    guard k >= 1, k <= p else {
      throw .invalidArgument("rank \(k) is outside 1...\(p) for a \(shapeDescription) matrix")
    }
    guard tolerance >= 0 else { throw .invalidArgument("the tolerance \(tolerance) is not a number from 0 on") }
    try monitor.checkCancelled()
    let wanted = KrylovRequest(rank: k, tolerance: tolerance, seed: seed, order: p)
    guard tolerance > 0, wanted.mostBlocks >= 2 else {
      return try leadingTriplets(k, ofFullAfter: 0, monitor)
    }
    let start = sketch(wanted)
    // Entries that are not finite, or near the ends of the range, show in the product.
    let size = start.norm(.maximum)
    if !(size >= Self.sizesOfSketches.smallest && size <= Self.sizesOfSketches.largest) {
      let (scaled, undo) = try scaledIntoRange()
      if undo != 1 {
        return try scaled.svd(rank: k, tolerance: tolerance, seed: seed, monitor: monitor)
          .scaledBack(by: undo)
      }
    }
    var krylov = BlockKrylov(matrix: self, start: start)
    if let found = try krylov.run(wanted, monitor.stage(from: 0, to: 0.5)) {
      monitor.report(1)
      return found
    }
    return try leadingTriplets(k, ofFullAfter: krylov.passes, monitor.stage(from: 0.5, to: 1))
  }

  /// AΩ, transposed.
  private func sketch(_ wanted: KrylovRequest) -> Matrix {
    var generator = SeededGenerator(seed: wanted.seed)
    let omega = Matrix<Double>.uniform(rows: wanted.width, columns: columns, in: -1..<1, using: &generator)
    return product(omega.converted(to: Element.self), transposed, large: .right)
  }

  /// The leading triplets of the full decomposition, after so many passes over A that led nowhere.
  private func leadingTriplets(
    _ k: Int, ofFullAfter passes: Int, _ monitor: WorkMonitor
  ) throws(LinearAlgebraError) -> TruncatedSVD<Element> {
    let full = try svd(monitor: monitor)
    let (u, values, vt) = (full.u[columns: 0..<k], full.singularValues.prefix(k), full.vTransposed[rows: 0..<k])
    let leading = Vector(values)
    return TruncatedSVD(
      u: u.compacted(), singularValues: leading, vTransposed: vt, method: full.method,
      residual: twoSidedResidual(self, u, leading, vt), passes: passes + 3)
  }
}

extension TruncatedSVD {
  /// The triplets of A from those of A over `undo`.
  fileprivate func scaledBack(by undo: Double) throws(LinearAlgebraError) -> TruncatedSVD {
    let values = singularValues.converted(to: Double.self).scaled(by: undo).converted(to: Element.self)
    return TruncatedSVD(
      u: u, singularValues: try values.withinRange(), vTransposed: vTransposed, method: method, residual: residual,
      passes: passes)
  }
}
