import Foundation
public import Tensor
import TensorIO

extension Trajectory {
  /// Reads the weights once, block by block, to the Gram matrices of the displacements of each tensor.
  ///
  /// G_ij = ⟨θᵢ − θ₀, θⱼ − θ₀⟩ in float64. Everything about a trajectory, its forecasts and their errors included,
  /// follows from these T×T numbers.
  ///
  /// - Parameter progress: called after each block with the number of elements of the base that were read and are to be
  ///   read.
  /// - Throws: ``TrajectoryError/changedCopy(snapshot:tensor:content:)`` where a tensor that is not followed changes;
  ///   ``TrajectoryError/notFinite(snapshot:tensor:)``; ``TrajectoryError/invalidArgument(_:)`` for a run without
  ///   floating-point tensors and where squares of displacements leave the range of float64, above or below; file
  ///   errors; ``TrajectoryError/cancelled``.
  /// - Complexity: T(T + 1)P flops for P weights; T + 1 reads of every weight; memory of about 32 MiB.
  public func grams(progress: ProgressHandler? = nil) throws(TrajectoryError) -> TrajectoryGrams {
    let distances = steps.map { Double($0 - base.step) }
    let total = (tensors + copied).reduce(0) { $0 + $1.elementCount }
    var done = 0
    func advance(_ count: Int) {
      done += count
      progress?(done, total)
    }
    try checkCopies(advance)
    guard !tensors.isEmpty else {
      throw .invalidArgument("\(base.checkpoint.url.relativePath) has no floating-point tensor")
    }
    var grams: [TrajectoryGrams.TensorGram] = []
    for info in tensors {
      let product = products[info.name]
      let gram = if let product { try self.gram(of: product, advance) } else { try self.gram(of: info, advance) }
      // Sums of squares keep a NaN or an infinity: then it is worth finding out whose it is.
      if !gram.norm(.maximum).isFinite {
        throw try cause(ofOverflowIn: info.name, product.map { [$0.pair.up.name, $0.pair.down.name] })
      }
      grams.append(.init(name: info.name, shape: info.shape, gram: TemporalGram(gram, distances: distances)))
    }
    return try TrajectoryGrams(
      baseStep: base.step, steps: steps, tensors: grams, adapters: adapters, adapterGrowth: try adapterGrowth())
  }

  /// `grams(progress:)` on a thread of its own, while the calling task waits; it stops when that
  /// task is cancelled.
  ///
  /// - Throws: as the synchronous form does.
  public func grams(progress: ProgressHandler? = nil) async throws(TrajectoryError) -> TrajectoryGrams {
    try await onWorkerThread { () throws(TrajectoryError) in try grams(progress: progress) }
  }

  /// The smallest square that keeps its digits in float64, so small that products of two such squares do too.
  private static let smallestSquare = 1e-280

  private func gram(of info: TensorInfo, _ advanced: (Int) -> Void) throws(TrajectoryError) -> Matrix<Double> {
    var gram = Matrix<Double>.zeros(rows: snapshots.count, columns: snapshots.count)
    var largest = [Double](repeating: 0, count: snapshots.count)
    let isDouble = info.type == .f64 || snapshots.contains { $0.checkpoint[info.name]?.type == .f64 }
    try forEachBlock(of: info.name, count: info.elementCount) { (displacements, range) throws(TrajectoryError) in
      gram += displacements.gram(.rows)
      // Only float64 holds numbers whose squares vanish.
      for i in largest.indices where isDouble && gram[i, i] < Self.smallestSquare {
        largest[i] = max(largest[i], displacements[rows: i..<i + 1].norm(.maximum))
      }
      advanced(range.count)
    }
    for i in largest.indices where largest[i] > 0 && gram[i, i] < Self.smallestSquare {
      throw .invalidArgument(
        "tensor \"\(info.name)\" has displacements whose squares vanish in float64 (\(snapshots[i].name)); multiply "
          + "the weights of all checkpoints by one power of two")
    }
    return gram
  }

  /// Reads a tensor of every snapshot, minus the base, block by block.
  ///
  /// - Parameter body: gets T×b displacements in float64 and which elements they are.
  private func forEachBlock(
    of name: String, count: Int, _ body: (Matrix<Double>, Range<Int>) throws(TrajectoryError) -> Void
  ) throws(TrajectoryError) {
    let length = max(1024, (1 << 22) / (snapshots.count + 1))
    for start in stride(from: 0, to: count, by: length) {
      if Cancellation.isRequested { throw .cancelled }
      let range = start..<min(start + length, count)
      let first = try originNumbers(name, range)
      var rows = Matrix<Double>.zeros(rows: snapshots.count, columns: range.count)
      for (i, snapshot) in snapshots.enumerated() { rows.setRow(i, to: try numbers(snapshot, name, range) - first) }
      try body(rows, range)
    }
  }

  /// The error for a Gram matrix that is not finite: it names the entry that is not, or says that squares overflow.
  private func cause(
    ofOverflowIn name: String, _ factors: [String]?
  ) throws(TrajectoryError) -> TrajectoryError {
    for snapshot in [base] + snapshots {
      for tensor in factors ?? [name] {
        guard let info = snapshot.checkpoint[tensor] else { continue }
        for start in stride(from: 0, to: info.elementCount, by: 1 << 20) {
          let values = try numbers(snapshot, tensor, start..<min(start + 1 << 20, info.elementCount))
          if !values.allSatisfy(\.isFinite) { return .notFinite(snapshot: snapshot.name, tensor: tensor) }
        }
      }
    }
    return .invalidArgument(
      "tensor \"\(name)\" has displacements whose squares overflow float64; multiply the weights of all checkpoints by "
        + "one power of two")
  }
}
