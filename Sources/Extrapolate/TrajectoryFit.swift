import Foundation
import Nulls
public import Runs
public import Tensor
public import TensorIO

/// Lines in time through a run, one a tensor. Made by ``Trajectory/fit(rank:observing:momentum:seed:progress:)``.
public struct TrajectoryFit: Sendable {
  /// The run that was fitted.
  public let trajectory: Trajectory
  /// The number of snapshots that were observed, the first ones.
  public let observed: Int
  /// The fits, in the order of the trajectory's tensors.
  public let tensors: [TensorFit]
  /// The Gram matrix of all tensors together, hidden snapshots included.
  public let total: TemporalGram
  /// The figures and the fit of all tensors together, over the observed snapshots.
  public let totalFit: TemporalFit
  /// Whether all tensors together are more than a walk.
  public let walkTest: WalkTest

  /// The answer for all tensors together.
  public var verdict: WalkTest.Verdict { walkTest.verdict }

  /// One tensor and what was found of it.
  public struct TensorFit: Sendable {
    /// The tensor.
    public let info: TensorInfo
    /// Its Gram matrix, hidden snapshots included.
    public let gram: TemporalGram
    /// Its line over the observed snapshots.
    public let fit: TemporalFit
    /// Whether it is more than a walk, over the observed snapshots.
    public let walkTest: WalkTest
    /// The share of false discoveries among the tensors that are accepted with it; `nil` where there was no test.
    public let q: Double?
  }
}

extension Trajectory {
  /// Reads the run once and fits a line in time through every floating-point tensor.
  ///
  /// - Parameters:
  ///   - rank: how many temporal directions a tensor keeps.
  ///   - lastStep: fit snapshots up to this step only; later ones are hidden and judge the forecast. By default all.
  ///   - momentum: β of the optimizer, for Adam β₁, 0 ≤ β < 1: the tests are corrected for it, as
  ///     ``TemporalGram/walkTest(memory:momentum:seed:count:)`` says.
  ///   - seed: of the sign flips.
  ///   - progress: called after each block.
  /// - Throws: ``TrajectoryError``; fewer than two observed snapshots among them.
  /// - Complexity: that of ``grams(progress:)``.
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
    let grams = try grams(progress: progress)
    guard let total = TemporalGram.total(grams) else {
      throw .invalidArgument("\(base.checkpoint.url.relativePath) has no floating-point tensor")
    }
    guard total.gram.norm(.maximum).isFinite else {
      throw .invalidArgument(
        "the squared displacements of all tensors together overflow float64; multiply the weights of all checkpoints by "
          + "one power of two")
    }
    let tests = grams.map { $0.prefix(observed).walkTest(momentum: momentum, seed: seed) }
    let q = falseDiscoveryRates(tests.map(\.p))
    var fits: [TrajectoryFit.TensorFit] = []
    for (i, info) in tensors.enumerated() {
      let fit = try algebra { () throws(LinearAlgebraError) in
        try TemporalFit(grams[i].prefix(observed), rank: rank)
      }
      fits.append(.init(info: info, gram: grams[i], fit: fit, walkTest: tests[i], q: q[i]))
    }
    return TrajectoryFit(
      trajectory: self, observed: observed, tensors: fits, total: total,
      totalFit: try algebra { () throws(LinearAlgebraError) in
        try TemporalFit(total.prefix(observed), rank: rank)
      },
      walkTest: total.prefix(observed).walkTest(momentum: momentum, seed: seed))
  }

  /// The plane of the first k snapshots, all tensors together.
  ///
  /// - Throws: ``TrajectoryError``.
  /// - Complexity: reads the run: that of ``grams(progress:)``.
  public func prefix(_ k: Int) throws(TrajectoryError) -> TrajectoryPrefix {
    guard let total = TemporalGram.total(try grams()), k >= 1, k < total.count else {
      throw .invalidArgument("a prefix of \(k) of \(snapshots.count) snapshots")
    }
    return TrajectoryPrefix(gram: total, count: k, adapters: adapters)
  }
}

/// The plane of a run's first snapshots.
public struct TrajectoryPrefix: Sendable {
  /// The Gram matrix of the whole run.
  public let gram: TemporalGram
  /// k, the number of snapshots in the prefix.
  public let count: Int
  /// What is followed where the run is one of low-rank adapters; `nil` for others.
  public let adapters: Trajectory.AdapterView?

  /// How much of a displacement the plane captures, beside what walks give.
  ///
  /// - Throws: what the eigenvalues throw.
  public func capture(of target: CaptureTarget) throws(LinearAlgebraError) -> PrefixCapture {
    try gram.prefixCapture(count, of: target)
  }
}
