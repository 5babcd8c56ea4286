import Foundation
import Tensor
import TensorIO

extension Trajectory {
  /// The Gram matrices of the displacements, one a tensor, in the order of ``tensors``.
  ///
  /// G_ij = ⟨θᵢ − θ₀, θⱼ − θ₀⟩ in float64. Everything about a trajectory, its forecasts and their errors included,
  /// follows from these T×T numbers; the weights are read once, block by block.
  ///
  /// - Parameter progress: called after each block.
  /// - Throws: ``TrajectoryError/notFinite(snapshot:tensor:)``; file errors; ``TrajectoryError/cancelled``.
  /// - Complexity: T(T + 1)P flops for P weights; T + 1 reads of every weight; memory of about 32 MiB.
  public func grams(progress: TrajectoryProgress? = nil) throws(TrajectoryError) -> [TemporalGram] {
    let distances = steps.map { Double($0 - base.step) }
    let total = tensors.reduce(0) { $0 + $1.elementCount }
    var done = 0
    var grams: [TemporalGram] = []
    for info in tensors {
      var gram = Matrix<Double>.zeros(rows: snapshots.count, columns: snapshots.count)
      try forEachBlock(of: info.name, count: info.elementCount) { (displacements, range) throws(TrajectoryError) in
        gram += displacements.gram(.rows)
        done += range.count
        progress?(done, total)
      }
      // Sums of squares keep a NaN or an infinity: then it is worth finding out whose it is.
      if !gram.norm(.maximum).isFinite { throw try culprit(info.name) }
      grams.append(TemporalGram(gram, distances: distances))
    }
    return grams
  }

  /// Reads a tensor of every snapshot, minus the base, block by block.
  ///
  /// - Parameter body: gets T×b displacements in float64 and which elements they are.
  private func forEachBlock(
    of name: String, count: Int, _ body: (Matrix<Double>, Range<Int>) throws(TrajectoryError) -> Void
  ) throws(TrajectoryError) {
    let length = max(1024, (1 << 22) / (snapshots.count + 1))
    for start in stride(from: 0, to: count, by: length) {
      if Task.isCancelled { throw .cancelled }
      let range = start..<min(start + length, count)
      let origin = try block(base, name, range)
      var rows = Matrix<Double>.zeros(rows: snapshots.count, columns: range.count)
      for (i, snapshot) in snapshots.enumerated() { rows.setRow(i, to: try block(snapshot, name, range) - origin) }
      try body(rows, range)
    }
  }

  /// Some elements of a tensor of one checkpoint.
  func block(_ snapshot: Snapshot, _ name: String, _ range: Range<Int>) throws(TrajectoryError) -> Vector<Double> {
    try file { () throws(TensorFileError) in
      try Vector(count: range.count) { (buffer) throws(TensorFileError) in
        try snapshot.checkpoint.read(name, elements: range, into: buffer)
      }
    }
  }

  private func culprit(_ tensor: String) throws(TrajectoryError) -> TrajectoryError {
    for snapshot in [base] + snapshots {
      guard let info = snapshot.checkpoint[tensor] else { continue }
      for start in stride(from: 0, to: info.elementCount, by: 1 << 20) {
        let values = try block(snapshot, tensor, start..<min(start + 1 << 20, info.elementCount))
        if !values.allSatisfy(\.isFinite) {
          return .notFinite(snapshot: snapshot.checkpoint.url.lastPathComponent, tensor: tensor)
        }
      }
    }
    return .invalidArgument("tensor \"\(tensor)\" has displacements whose squares overflow float64")
  }
}
