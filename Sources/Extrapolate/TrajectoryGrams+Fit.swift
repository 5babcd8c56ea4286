import Nulls
public import Runs
public import Tensor

extension TrajectoryGrams {
  /// Fits a line in time through every tensor and through all together, and tests each against walks.
  ///
  /// - Parameters:
  ///   - rank: how many temporal directions a tensor keeps.
  ///   - lastStep: fit snapshots up to this step only; later ones are hidden and judge the forecast. By default all.
  ///   - momentum: β of the optimizer, for Adam β₁, 0 ≤ β < 1: the tests are corrected for it, as
  ///     `TemporalGram.walkTest(memory:momentum:seed:count:)` says.
  ///   - seed: the seed of the sign flips.
  ///   - progress: called after each tensor.
  /// - Throws: `TrajectoryError.invalidArgument(_:)` for numbers out of their range, such as fewer than two observed
  ///   snapshots; what the computation of the eigenvalues throws; `TrajectoryError.cancelled`.
  /// - Complexity: O(R·T²) for each tensor, R = 999 sign flips; no file is read.
  public func fit(
    rank: Int = 1, observing lastStep: Int? = nil, momentum: Double? = nil,
    seed: UInt64 = SeededGenerator.defaultSeed, progress: ProgressHandler? = nil
  ) throws(TrajectoryError) -> TrajectoryFit {
    if let momentum, !(momentum >= 0 && momentum < 1) {
      throw .invalidArgument("momentum \(momentum) is outside 0 ..< 1")
    }
    let observed = steps.count { $0 <= lastStep ?? .max }
    guard observed >= 2 else {
      throw .invalidArgument(
        "only \(observed) of the \(steps.count) snapshots lie within the observed steps; two are needed")
    }
    guard rank >= 1, rank <= observed else {
      throw .invalidArgument("rank \(rank) is outside 1...\(observed), the number of observed snapshots")
    }
    var found: [(fit: TemporalFit, test: WalkTest)] = []
    for gram in tensors.map(\.gram) + [total] {
      if Cancellation.isRequested { throw .cancelled }
      let part = gram.prefix(observed)
      let fit = try algebra { () throws(LinearAlgebraError) in try TemporalFit(part, rank: rank) }
      found.append((fit, part.walkTest(momentum: momentum, seed: seed)))
      progress?(found.count, tensors.count + 1)
    }
    let all = found.removeLast()
    let q = falseDiscoveryRates(found.map(\.test.p))
    let fits = tensors.indices.map { i in
      TrajectoryFit.TensorFit(name: tensors[i].name, fit: found[i].fit, walkTest: found[i].test, q: q[i])
    }
    return TrajectoryFit(grams: self, observed: observed, tensors: fits, totalFit: all.fit, walkTest: all.test)
  }

  /// `fit(rank:observing:momentum:seed:progress:)` on a thread of its own, while the calling
  /// task waits; it stops when that task is cancelled.
  ///
  /// - Throws: as the synchronous form does.
  public func fit(
    rank: Int = 1, observing lastStep: Int? = nil, momentum: Double? = nil,
    seed: UInt64 = SeededGenerator.defaultSeed, progress: ProgressHandler? = nil
  ) async throws(TrajectoryError) -> TrajectoryFit {
    try await onWorkerThread { () throws(TrajectoryError) in
      try fit(rank: rank, observing: lastStep, momentum: momentum, seed: seed, progress: progress)
    }
  }
}
