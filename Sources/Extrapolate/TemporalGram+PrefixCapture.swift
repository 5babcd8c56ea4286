import Nulls
public import Runs
public import Tensor

extension TemporalGram {
  /// The capture of a displacement by the plane of the first k snapshots.
  ///
  /// Computed from the Gram matrix: ‖Qᵀd‖² = gᵀG_k⁺g with g the products of d with the first k displacements. Null by
  /// sign flips of the increments (of the later ones for the future), which hold their lengths fixed.
  ///
  /// - Parameters:
  ///   - k: 1 … T − 1.
  ///   - target: the whole displacement or the future one.
  ///   - seed: the seed of the signs.
  ///   - count: R, the number of sign flips, at least one.
  ///   - progress: called after each sign flip.
  /// - Throws: `LinearAlgebraError.invalidArgument` for k outside or no sign flips; what the computation of the
  ///   eigenvalues throws; `LinearAlgebraError.cancelled`.
  /// - Complexity: O(R(T² + k³)).
  public func prefixCapture(
    _ k: Int, of target: CaptureTarget, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999,
    progress: ProgressHandler? = nil
  ) throws(LinearAlgebraError) -> PrefixCapture {
    guard k >= 1, k < self.count else {
      throw .invalidArgument("a prefix of \(k) of \(self.count) snapshots; from 1 to \(self.count - 1) are possible")
    }
    guard count >= 1 else { throw .invalidArgument("\(count) sign flips are no null; ask for at least one") }
    let unit = normalized
    let u = unit.increments
    // For the future the prefix stays as it is.
    var flips = SignFlips(ofTerms: self.count, from: target == .full ? 0 : k, count: count, seed: seed)
    var flipped: [Double] = []
    while let signs = flips.next() {
      for pattern in signs.rowVectors {
        if Cancellation.isRequested { throw .cancelled }
        flipped.append(try Self.captured(cumulated(u, flippedBy: pattern), k, target) ?? 0)
        progress?(flipped.count, count)
      }
    }
    flipped.sort()
    let energy = try Self.captured(unit.gram, k, target)
    let lengths = u.diagonal
    let matched = lengths.prefix(k).reduce(0, +) / max(lengths.reduce(0, +), .leastNonzeroMagnitude)
    return PrefixCapture(
      energy: energy, matchedWalk: target == .full ? matched : 0,
      signFlipMean: flipped.reduce(0, +) / Double(count), signFlip95: flipped[Int(0.95 * Double(count - 1))],
      p: energy.map { pValue(observed: $0, null: flipped, isComplete: false, slack: 0) })
  }

  /// `prefixCapture(_:of:seed:count:progress:)` on a thread of its own, while the calling
  /// task waits; it stops when that task is cancelled.
  ///
  /// - Throws: as the synchronous form does.
  public func prefixCapture(
    _ k: Int, of target: CaptureTarget, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999,
    progress: ProgressHandler? = nil
  ) async throws(LinearAlgebraError) -> PrefixCapture {
    try await onWorkerThread { () throws(LinearAlgebraError) in
      try prefixCapture(k, of: target, seed: seed, count: count, progress: progress)
    }
  }

  private static func captured(
    _ gram: Matrix<Double>, _ k: Int, _ target: CaptureTarget
  ) throws(LinearAlgebraError) -> Double? {
    let last = gram.rows - 1
    let origin: Double = target == .full ? 0 : 1
    let square =
      gram[last, last] - origin * (2 * gram[k - 1, last] - gram[k - 1, k - 1])
    guard square > 0 else { return nil }
    // Displacements of unit length: a direction counts however short the displacement is that shows it.
    let lengths = (0..<k).map { gram[$0, $0].squareRoot() }
    let eigen = try Matrix(rows: k, columns: k) { i, j in
      lengths[i] > 0 && lengths[j] > 0 ? gram[i, j] / lengths[i] / lengths[j] : 0
    }.symmetricEigen()
    let products = Vector<Double>(
      (0..<k).map { lengths[$0] > 0 ? (gram[$0, last] - origin * gram[$0, k - 1]) / lengths[$0] : 0 } as [Double])
    let coordinates = eigen.vectorsTransposed * products
    // Directions below the rounding of the Gram matrix, which holds squares, carry no energy.
    let rounding = 8 * Double.ulpOfOne * Double(k) * eigen.values[0]
    let energy = (0..<k).reduce(0.0) { sum, i in
      eigen.values[i] > rounding ? sum + coordinates[i] * coordinates[i] / eigen.values[i] : sum
    }
    return min(1, energy / square)
  }
}
