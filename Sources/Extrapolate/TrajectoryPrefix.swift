public import Runs
public import Tensor

/// The plane of a run's first snapshots, all tensors together. Made by `TrajectoryGrams.prefix(_:)`.
///
/// ```swift
/// print(try run.grams().prefix(10).capture(of: .full))  // 0.847 (walk with these steps 0.38: more than a walk)
/// ```
public struct TrajectoryPrefix: Sendable, Equatable, Codable {
  /// The Gram matrix of the whole run.
  public let gram: TemporalGram
  /// k, the number of snapshots in the prefix.
  public let count: Int
  /// What is followed where the run is one of low-rank adapters; `nil` for others.
  public let adapters: Trajectory.AdapterView?
}

extension TrajectoryGrams {
  /// The plane of the first k snapshots, all tensors together.
  ///
  /// - Parameter k: 1 … T − 1.
  /// - Throws: `TrajectoryError.invalidArgument(_:)` for k outside.
  public func prefix(_ k: Int) throws(TrajectoryError) -> TrajectoryPrefix {
    guard k >= 1, k < count else { throw .invalidArgument("a prefix of \(k) of \(count) snapshots") }
    return TrajectoryPrefix(gram: total, count: k, adapters: adapters)
  }
}

extension TrajectoryPrefix {
  /// How much of a displacement the plane captures, beside what walks give.
  ///
  /// - Parameters:
  ///   - target: the whole displacement or the future one.
  ///   - seed: the seed of the signs.
  ///   - count: R, the number of sign flips, at least one.
  ///   - progress: called after each sign flip.
  /// - Throws: as `TemporalGram.prefixCapture(_:of:seed:count:progress:)` does, its errors
  ///   as `TrajectoryError.linearAlgebra(_:)`; `TrajectoryError.cancelled`.
  /// - Complexity: O(R(T² + k³)).
  public func capture(
    of target: CaptureTarget, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999,
    progress: ProgressHandler? = nil
  ) throws(TrajectoryError) -> PrefixCapture {
    try algebra { () throws(LinearAlgebraError) in
      try gram.prefixCapture(self.count, of: target, seed: seed, count: count, progress: progress)
    }
  }

  /// `capture(of:seed:count:progress:)` on a thread of its own, while the calling task waits;
  /// it stops when that task is cancelled.
  ///
  /// - Throws: as the synchronous form does.
  public func capture(
    of target: CaptureTarget, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999,
    progress: ProgressHandler? = nil
  ) async throws(TrajectoryError) -> PrefixCapture {
    try await onWorkerThread { () throws(TrajectoryError) in
      try capture(of: target, seed: seed, count: count, progress: progress)
    }
  }
}

extension TrajectoryPrefix: CustomStringConvertible {
  /// `the first 10 of 30 snapshots`.
  public var description: String { "the first \(count) of \(gram.count) snapshots" }
}
