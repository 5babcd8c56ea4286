public import Foundation
import Tensor
public import TensorIO

/// The checkpoints of a training run: a base and the snapshots after it, opened and compared, not loaded.
public struct Trajectory: Sendable {
  /// One checkpoint and its training step.
  public struct Snapshot: Sendable {
    /// The step in its name.
    public let step: Int
    /// Its tensors.
    public let checkpoint: Checkpoint
  }

  /// Where the run starts; displacements are counted from here.
  public let base: Snapshot
  /// The snapshots after the base, by step.
  public let snapshots: [Snapshot]
  /// The floating-point tensors of the base, which are followed; tensors of other types are copied into forecasts.
  public let tensors: [TensorInfo]

  /// Opens the base and every snapshot in a folder, and checks that they hold the same tensors.
  ///
  /// Snapshots are files whose name ends in `-DIGITS.safetensors` (never `model-00001-of-00003`, a shard) and folders
  /// named `checkpoint-N` or `global_step_N`; other names are ignored. The step of the base comes from its own name,
  /// else it is 0; snapshots at or before it are left out.
  ///
  /// - Parameters:
  ///   - base: a file, a sharded folder or its index.
  ///   - checkpoints: the folder of snapshots.
  /// - Throws: ``TrajectoryError``, naming the snapshot and the tensor.
  /// - Complexity: reads headers only.
  public init(base: URL, checkpoints: URL) throws(TrajectoryError) {
    let origin = try file { () throws(TensorFileError) in try Checkpoint(base) }
    let baseStep = SnapshotName.step(of: base) ?? 0
    var snapshots: [Snapshot] = []
    for (step, url) in try SnapshotName.snapshots(in: checkpoints) where step > baseStep {
      snapshots.append(
        Snapshot(step: step, checkpoint: try file { () throws(TensorFileError) in try Checkpoint(url) }))
    }
    guard snapshots.count >= 2 else {
      throw .tooFewSnapshots(folder: checkpoints.relativePath, found: snapshots.count)
    }
    for snapshot in snapshots {
      let name = snapshot.checkpoint.url.lastPathComponent
      for info in origin.tensors {
        guard let other = snapshot.checkpoint[info.name] else {
          throw .missingTensor(snapshot: name, tensor: info.name)
        }
        guard other.shape == info.shape else {
          throw .shapeMismatch(snapshot: name, tensor: info.name, found: other.shape, base: info.shape)
        }
      }
    }
    self.base = Snapshot(step: baseStep, checkpoint: origin)
    self.snapshots = snapshots
    tensors = origin.tensors.filter { [.f64, .f32, .f16, .bf16].contains($0.type) }
  }

  /// The steps of the snapshots, ascending.
  public var steps: [Int] { snapshots.map(\.step) }
}

/// Says how far a long call is: `done` of `total` elements of every snapshot.
public typealias TrajectoryProgress = @Sendable (_ done: Int, _ total: Int) -> Void
