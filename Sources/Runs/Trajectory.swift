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

  /// What displacements are counted from.
  public enum Origin: Sendable, Equatable {
    /// A checkpoint: a file, a sharded folder or its index.
    case checkpoint(URL)
    /// Zero at step 0, the natural origin of adapters, whose weights are a change already.
    case zero
  }

  /// What is followed where the checkpoints are low-rank adapters, ΔW = s·B·A.
  public enum AdapterView: String, Sendable, Codable, CaseIterable {
    /// The factors A and B, as the tensors that they are; a forecast of them can be written.
    case factors
    /// The product s·B·A of each pair, which is what the model sees; only a pair of factors could be written, so no
    /// forecast is.
    case product
  }

  /// A file or folder beside the snapshots that is none of them.
  public struct LeftOut: Sendable, Equatable {
    /// Its name in the folder of the run.
    public let name: String
    /// Why it is not read.
    public let reason: String
  }

  /// A tensor that a snapshot stores in another floating-point type than the base.
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

  /// The pairs of factors whose products are followed, by the name of the product.
  let pairs: [String: AdapterPair]
  /// The tensors that a forecast copies: they must be the same in every snapshot.
  let copied: [TensorInfo]

  /// Opens the base and every snapshot in a folder, and checks that they hold the same tensors.
  ///
  /// Snapshots are files whose name ends in a step, such as `-DIGITS.safetensors` (never `model-00001-of-00003`, a
  /// shard), `step_DIGITS.safetensors` and `DIGITS_adapters.safetensors`, and folders named `checkpoint-N`,
  /// `global_step_N`, `step_N` or by digits alone; the model of `global_step_N` may lie in its `actor/huggingface`.
  /// Others are ``leftOut``. The step of the base comes from its own name, else from `step` or `global_step` in its
  /// metadata, else it is 0; snapshots at or before it are left out.
  ///
  /// Pairs of LoRA factors with an `adapter_config.json` beside them are followed as the product s·B·A, with
  /// s = α/r, or α/√r where the configuration says `use_rslora`, and `rank_pattern` and `alpha_pattern` honoured.
  ///
  /// - Parameters:
  ///   - base: a file, a sharded folder or its index.
  ///   - checkpoints: the folder of snapshots.
  ///   - adapters: what is followed of adapters.
  /// - Throws: ``TrajectoryError``, naming the snapshot and the tensor.
  /// - Complexity: reads headers only.
  public init(base: URL, checkpoints: URL, adapters: AdapterView = .product) throws(TrajectoryError) {
    try self.init(origin: .checkpoint(base), checkpoints: checkpoints, adapters: adapters)
  }

  /// Opens the snapshots in a folder, whose displacements are counted from a checkpoint or from zero.
  ///
  /// - Parameters:
  ///   - origin: what displacements are counted from.
  ///   - checkpoints: the folder of snapshots.
  ///   - adapters: what is followed of adapters.
  /// - Throws: ``TrajectoryError``, naming the snapshot and the tensor.
  /// - Complexity: reads headers only.
  public init(
    origin: Origin, checkpoints: URL, adapters: AdapterView = .product
  ) throws(TrajectoryError) {
    var start: Snapshot?
    var url: URL?
    if case .checkpoint(let given) = origin {
      start = try Self.open(given)
      url = given
    }
    let folder = try RunFolder(checkpoints, base: url, after: start?.step ?? 0)
    var snapshots: [Snapshot] = []
    for (step, url) in folder.snapshots {
      snapshots.append(
        Snapshot(step: step, checkpoint: try file { () throws(TensorFileError) in try Checkpoint(url) }))
    }
    guard snapshots.count >= 2 else {
      throw .tooFewSnapshots(folder: checkpoints.relativePath, found: snapshots.count)
    }
    let base = start ?? Snapshot(step: 0, checkpoint: snapshots[0].checkpoint)
    try Self.checkDistances(base, snapshots)
    let opened = try AdapterPair.all(of: base, snapshots, origin: origin, as: adapters)
    typeDifferences = try Self.compare(base.checkpoint, snapshots)
    (self.base, self.origin, self.snapshots, leftOut) = (base, origin, snapshots, folder.leftOut)
    self.adapters = opened.view
    pairs = Dictionary(uniqueKeysWithValues: opened.pairs.map { ($0.info.name, $0) })
    (tensors, copied) = try Self.sort(base.checkpoint, opened.pairs)
  }

  private static func open(_ url: URL) throws(TrajectoryError) -> Snapshot {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    let model = exists && isFolder.boolValue ? RunFolder.model(in: url) : url
    let checkpoint = try file { () throws(TensorFileError) in try Checkpoint(model) }
    switch SnapshotName.reading(of: url) {
    case .step(let step): return Snapshot(step: step, checkpoint: checkpoint)
    case .tooLarge(let digits):
      throw .invalidArgument("\(url.lastPathComponent): the step \(digits) in its name exceeds \(Int.max); rename it")
    case .shard, .none:
      let written = ["step", "global_step"].lazy.compactMap { checkpoint.metadata[$0].flatMap { Int($0) } }.first
      return Snapshot(step: max(0, written ?? 0), checkpoint: checkpoint)
    }
  }

  /// Distances from the base are float64; beyond 2⁵³ neighbouring steps would be one number.
  private static func checkDistances(_ base: Snapshot, _ snapshots: [Snapshot]) throws(TrajectoryError) {
    for (before, after) in zip([base] + snapshots, snapshots) {
      let exact = Double(after.step - before.step)
      let found = Double(after.step - base.step) - Double(before.step - base.step)
      guard abs(found - exact) <= 1e-9 * exact else {
        throw .invalidArgument(
          "steps \(before.step) and \(after.step) are too far from the base's step \(base.step) to be told apart in "
            + "float64; take a base nearer to them")
      }
    }
  }

  /// Checks that every snapshot holds the base's tensors, with the same shapes and types that can be compared.
  private static func compare(
    _ origin: Checkpoint, _ snapshots: [Snapshot]
  ) throws(TrajectoryError) -> [TypeDifference] {
    var differences: [TypeDifference] = []
    for snapshot in snapshots {
      let name = snapshot.name
      for info in origin.tensors {
        guard let other = snapshot.checkpoint[info.name] else {
          throw .missingTensor(snapshot: name, tensor: info.name)
        }
        guard other.shape == info.shape else {
          throw .shapeMismatch(snapshot: name, tensor: info.name, found: other.shape, base: info.shape)
        }
        if other.type == info.type { continue }
        guard other.type.isFollowed, info.type.isFollowed else {
          throw .typeMismatch(snapshot: name, tensor: info.name, found: other.type, base: info.type)
        }
        differences.append(.init(tensor: info.name, snapshot: name, found: other.type, base: info.type))
      }
    }
    return differences
  }

  /// What is followed, each product in the place of its first factor, and what is only copied.
  private static func sort(
    _ origin: Checkpoint, _ pairs: [AdapterPair]
  ) throws(TrajectoryError) -> (followed: [TensorInfo], copied: [TensorInfo]) {
    var products: [String: TensorInfo?] = [:]
    for pair in pairs {
      products[pair.down.name] = .some(pair.info)
      products[pair.up.name] = .some(nil)
    }
    var (followed, copied): ([TensorInfo], [TensorInfo]) = ([], [])
    for info in origin.tensors {
      if let product = products[info.name] {
        if let product { followed.append(product) }
      } else if try file({ () throws(TensorFileError) in try origin.content(of: info.name) }) == .numbers {
        // Scales of packed codes are floating-point too, but no weights: they are copied with their codes.
        followed.append(info)
      } else {
        copied.append(info)
      }
    }
    return (followed, copied)
  }

  /// The steps of the snapshots, ascending.
  public var steps: [Int] { snapshots.map(\.step) }

  /// Whether a file would be read as a snapshot of a run, or as part of one, once it lies there.
  ///
  /// - Parameters:
  ///   - file: that is to be written; links in its folder are followed.
  ///   - checkpoints: the folder of the run's snapshots.
  public static func wouldRead(_ file: URL, in checkpoints: URL) -> Bool { RunFolder.wouldRead(file, in: checkpoints) }

  /// The step that a checkpoint of this name would have in a run's folder; `nil` where it would be no snapshot.
  ///
  /// - Parameter name: of a file, with its ending, or of a folder.
  static func step(inName name: String) -> Int? {
    for reading in [SnapshotName.reading(ofFile: name), SnapshotName.reading(ofFolder: name)] {
      if case .step(let step) = reading { return step }
    }
    return nil
  }
}

extension Trajectory.Snapshot {
  /// The name that errors call it by: with the folders around it where the name of the model alone says no step.
  var name: String {
    let url = checkpoint.url
    let parts = url.pathComponents
    guard let start = parts.lastIndex(where: { Trajectory.step(inName: $0) != nil }), start > parts.count - 4 else {
      return url.lastPathComponent
    }
    return parts[start...].joined(separator: "/")
  }
}

extension ElementType {
  /// Whether numbers of this type are followed through a run.
  var isFollowed: Bool { [.f64, .f32, .f16, .bf16].contains(self) }
}
