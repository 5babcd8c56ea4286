import Foundation
public import Tensor
import TensorIO

extension Trajectory {
  /// The Gram matrices of the displacements, one a tensor, in the order of ``tensors``.
  ///
  /// G_ij = ⟨θᵢ − θ₀, θⱼ − θ₀⟩ in float64. Everything about a trajectory, its forecasts and their errors included,
  /// follows from these T×T numbers; the weights are read once, block by block.
  ///
  /// - Parameter progress: called after each block.
  /// - Throws: ``TrajectoryError/changedCopy(snapshot:tensor:content:)`` where a tensor that is not followed changes;
  ///   ``TrajectoryError/notFinite(snapshot:tensor:)``; ``TrajectoryError/invalidArgument(_:)`` where squares of
  ///   displacements leave the range of float64, above or below; file errors; ``TrajectoryError/cancelled``.
  /// - Complexity: T(T + 1)P flops for P weights; T + 1 reads of every weight; memory of about 32 MiB.
  public func grams(progress: ProgressHandler? = nil) throws(TrajectoryError) -> [TemporalGram] {
    let distances = steps.map { Double($0 - base.step) }
    let total = (tensors + copied).reduce(0) { $0 + $1.elementCount }
    var done = 0
    func advance(_ count: Int) {
      done += count
      progress?(done, total)
    }
    try checkCopies(advance)
    var grams: [TemporalGram] = []
    for info in tensors {
      let pair = pairs[info.name]
      let gram = if let pair { try self.gram(of: pair, advance) } else { try self.gram(of: info, advance) }
      // Sums of squares keep a NaN or an infinity: then it is worth finding out whose it is.
      if !gram.norm(.maximum).isFinite { throw try culprit(info.name, pair.map { [$0.up.name, $0.down.name] }) }
      grams.append(TemporalGram(gram, distances: distances))
    }
    return grams
  }

  /// The smallest square that keeps its digits in float64, with room for products of factors.
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
        "tensor \"\(info.name)\" has displacements whose squares vanish in float64 (\(snapshots[i].name)); multiply the "
          + "weights of all checkpoints by one power of two")
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

  /// What displacements are counted from: some elements of the base, or zeros.
  package func originNumbers(_ name: String, _ range: Range<Int>) throws(TrajectoryError) -> Vector<Double> {
    origin == .zero ? Vector(repeating: 0, count: range.count) : try numbers(base, name, range)
  }

  /// Some elements of a tensor of one checkpoint.
  package func numbers(_ snapshot: Snapshot, _ name: String, _ range: Range<Int>) throws(TrajectoryError) -> Vector<
    Double
  > {
    try file { () throws(TensorFileError) in
      try Vector(count: range.count) { (buffer) throws(TensorFileError) in
        try snapshot.checkpoint.read(name, elements: range, into: buffer)
      }
    }
  }

  private func culprit(_ name: String, _ factors: [String]?) throws(TrajectoryError) -> TrajectoryError {
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
