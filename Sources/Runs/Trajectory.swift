public import Foundation
import Tensor
public import TensorIO

/// The checkpoints of a training run: a base and the snapshots after it, opened and compared, not loaded.
///
/// ```swift
/// let run = try Trajectory(base: base, checkpoints: folder)  // headers are read, no weights
/// print(run)  // 30 snapshots, steps 10 to 300, base step-0000.safetensors at step 0; 3 tensors, 9216 weights
/// let grams = try run.grams()  // the one pass over the weights
/// ```
public struct Trajectory: Sendable {
  /// One checkpoint and its training step.
  ///
  /// ```swift
  /// for snapshot in run.snapshots { print(snapshot.step, snapshot.checkpoint.url.path) }
  /// ```
  public struct Snapshot: Sendable {
    /// The step in its name.
    public let step: Int
    /// Its tensors.
    public let checkpoint: Checkpoint
  }

  /// What displacements are counted from.
  ///
  /// ```swift
  /// let adapters = try Trajectory(origin: .zero, checkpoints: folder)
  /// ```
  public enum Origin: Sendable, Equatable {
    /// A checkpoint: a file, a sharded folder or its index.
    case checkpoint(URL)
    /// Zero at step 0: the natural origin of adapters, because their weights are changes already.
    case zero
  }

  /// What is followed where the checkpoints are low-rank adapters, ΔW = s·B·A.
  ///
  /// ```swift
  /// let factors = try Trajectory(origin: .zero, checkpoints: folder, adapters: .factors)
  /// ```
  public enum AdapterView: String, Sendable, Codable, CaseIterable {
    /// The factors A and B, each as a tensor of its own; a forecast of them can be written.
    case factors
    /// The product s·B·A of each pair, which is what the model sees. No forecast of it can be written, because an
    /// adapter holds factors.
    case product
  }

  /// A file or folder among the snapshots that is not one of them.
  ///
  /// ```swift
  /// for entry in run.leftOut { print(entry.name, entry.reason) }
  /// ```
  public struct LeftOut: Sendable, Equatable {
    /// Its name in the folder of the run.
    public let name: String
    /// Why it is not read.
    public let reason: String
  }

  /// A tensor that a snapshot stores in another floating-point type than the base does.
  ///
  /// ```swift
  /// for difference in run.typeDifferences { print(difference.snapshot, difference.tensor, difference.found) }
  /// ```
  public struct TypeDifference: Sendable, Equatable {
    /// The name of the tensor.
    public let tensor: String
    /// The name of the snapshot.
    public let snapshot: String
    /// The type of the tensor in the snapshot.
    public let found: ElementType
    /// The type of the tensor in the base.
    public let base: ElementType
  }

  /// Where the run starts; displacements are counted from here.
  ///
  /// For ``Origin/zero`` this is the checkpoint of the first snapshot with step 0: a forecast has its names, shapes and
  /// types, and displacements are counted from zero.
  public let base: Snapshot
  /// Whether displacements are counted from zero or from the weights of ``base``.
  public let origin: Origin
  /// The snapshots after the base, sorted by step.
  public let snapshots: [Snapshot]
  /// What is followed: the floating-point tensors of the base that do not belong to packed codes, and for
  /// ``AdapterView/product`` the product of each pair under the name of its module in the place of the two factors.
  public let tensors: [TensorInfo]
  /// What is followed of low-rank adapters; `nil` where the checkpoints hold no pairs of factors.
  ///
  /// It is ``AdapterView/factors`` also where products were asked for and no configuration gives their scales.
  public let adapters: AdapterView?
  /// What lies among the snapshots and is not one of them, sorted by name.
  public let leftOut: [LeftOut]
  /// The tensors that are stored in several floating-point types; their values are compared as numbers.
  public let typeDifferences: [TypeDifference]

  /// The products of adapter factors that are followed, by their names.
  let products: [String: FollowedProduct]
  /// The tensors that a forecast copies: they must be the same in every snapshot.
  let copied: [TensorInfo]

  /// The steps of the snapshots, ascending.
  public var steps: [Int] { snapshots.map(\.step) }
}

extension Trajectory: CustomStringConvertible {
  /// `30 snapshots, steps 10 to 300, base step-0000.safetensors at step 0; 29 tensors, 107520 weights`, or `counted
  /// from zero` in the place of the base.
  public var description: String {
    let start = origin == .zero ? "counted from zero" : "base \(base.name) at step \(base.step)"
    let weights = tensors.reduce(0) { $0 + $1.elementCount }
    return "\(stepRange(steps)), \(start); \(tensors.count) tensors, \(weights) weights"
  }
}
