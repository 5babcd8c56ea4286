public import Foundation
import Tensor
public import TensorIO

/// The checkpoints of a training run: a base and the snapshots after it, opened and compared, not loaded.
///
/// ```swift
/// let run = try Trajectory(base: base, checkpoints: folder)  // headers are read, no weights
/// print(run)  // 30 snapshots, steps 10 to 300, base step-0000.safetensors at step 0; 1 tensors, 9216 weights
/// let grams = try run.grams()  // the one pass over the weights
/// ```
public struct Trajectory: Sendable {
  /// One checkpoint and its training step.
  ///
  /// ```swift
  /// for snapshot in run.snapshots { print(snapshot.step, snapshot.checkpoint.url.lastPathComponent) }
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
  /// let adapters = try Trajectory(origin: .zero, checkpoints: folder)  // their weights are a change already
  /// ```
  public enum Origin: Sendable, Equatable {
    /// A checkpoint: a file, a sharded folder or its index.
    case checkpoint(URL)
    /// Zero at step 0, the natural origin of adapters, whose weights are a change already.
    case zero
  }

  /// What is followed where the checkpoints are low-rank adapters, ΔW = s·B·A.
  ///
  /// ```swift
  /// let products = try Trajectory(origin: .checkpoint(base), checkpoints: folder, adapters: .product)
  /// ```
  public enum AdapterView: String, Sendable, Codable, CaseIterable {
    /// The factors A and B, as the tensors that they are; a forecast of them can be written.
    case factors
    /// The product s·B·A of each pair, which is what the model sees; only a pair of factors could be written, so no
    /// forecast is.
    case product
  }

  /// A file or folder beside the snapshots that is none of them.
  ///
  /// ```swift
  /// for other in run.leftOut { print(other.name, other.reason) }
  /// ```
  public struct LeftOut: Sendable, Equatable {
    /// Its name in the folder of the run.
    public let name: String
    /// Why it is not read.
    public let reason: String
  }

  /// A tensor that a snapshot stores in another floating-point type than the base.
  ///
  /// ```swift
  /// for other in run.typeDifferences { print(other.snapshot, other.tensor, other.found, other.base) }
  /// ```
  public struct TypeDifference: Sendable, Equatable {
    /// The tensor.
    public let tensor: String
    /// The snapshot.
    public let snapshot: String
    /// Its type there.
    public let found: ElementType
    /// Its type in the base.
    public let base: ElementType
  }

  /// Where the run starts; displacements are counted from here.
  ///
  /// For ``Origin/zero`` it holds the first snapshot, whose names, shapes and types a forecast takes, at step 0.
  public let base: Snapshot
  /// Whether displacements are counted from zero or from the weights of ``base``.
  public let origin: Origin
  /// The snapshots after the base, by step.
  public let snapshots: [Snapshot]
  /// What is followed: the floating-point tensors of the base that do not belong to packed codes, and for
  /// ``AdapterView/product`` the product of each pair under the name of its module in the place of the two factors.
  public let tensors: [TensorInfo]
  /// What is followed of low-rank adapters; `nil` where the checkpoints hold no pairs of factors.
  ///
  /// ``AdapterView/factors`` also where a product was asked for and no configuration gives its scale.
  public let adapters: AdapterView?
  /// What lies beside the snapshots and is none of them, by name.
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
  /// `30 snapshots, steps 10 to 300, base step-0000.safetensors at step 0; 29 tensors, 107520 weights`, or `counted from
  /// zero` in the place of the base.
  public var description: String {
    let start = origin == .zero ? "counted from zero" : "base \(base.name) at step \(base.step)"
    let weights = tensors.reduce(0) { $0 + $1.elementCount }
    return "\(stepRange(steps)), \(start); \(tensors.count) tensors, \(weights) weights"
  }
}
