import Foundation
public import TensorIO

extension Trajectory {
  /// Opens the base and every snapshot in a folder, and checks that they hold the same tensors.
  ///
  /// Snapshots are files whose name ends in a step, such as `-DIGITS.safetensors` (never `model-00001-of-00003`, a
  /// shard), `step_DIGITS.safetensors` and `DIGITS_adapters.safetensors`, and folders named `checkpoint-N`,
  /// `global_step_N`, `step_N` or by digits alone; the model of `global_step_N` may lie in its `actor/huggingface`.
  /// Other files and folders are ``leftOut``. The step of the base comes from its own name, else from `step` or
  /// `global_step` in its metadata, else it is 0; snapshots at or before it are left out.
  ///
  /// Pairs of LoRA factors with an `adapter_config.json` beside them are followed as the product s·B·A, with
  /// s = α/r, or α/√r where the configuration says `use_rslora`, and `rank_pattern` and `alpha_pattern` honoured.
  ///
  /// - Parameters:
  ///   - base: a path or a `URL` of a file, a sharded folder or its index.
  ///   - checkpoints: the folder of snapshots.
  ///   - adapters: what is followed of adapters.
  /// - Throws: ``TrajectoryError``, which names the snapshot and the tensor.
  /// - Complexity: reads headers only.
  public init(
    base: some FileLocation, checkpoints: some FileLocation, adapters: AdapterView = .product
  ) throws(TrajectoryError) {
    try self.init(origin: .checkpoint(base.fileURL), checkpoints: checkpoints, adapters: adapters)
  }

  /// Opens the snapshots in a folder, whose displacements are counted from a checkpoint or from zero.
  ///
  /// - Parameters:
  ///   - origin: what displacements are counted from.
  ///   - checkpoints: the folder of snapshots.
  ///   - adapters: what is followed of adapters.
  /// - Throws: ``TrajectoryError``, which names the snapshot and the tensor.
  /// - Complexity: reads headers only.
  public init(
    origin: Origin, checkpoints: some FileLocation, adapters: AdapterView = .product
  ) throws(TrajectoryError) {
    let checkpoints = checkpoints.fileURL
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
    let followed = try FollowedProduct.all(of: base, snapshots, origin: origin, as: adapters)
    typeDifferences = try Self.compare(base.checkpoint, snapshots)
    (self.base, self.origin, self.snapshots, leftOut) = (base, origin, snapshots, folder.leftOut)
    self.adapters = followed.view
    products = Dictionary(uniqueKeysWithValues: followed.products.map { ($0.info.name, $0) })
    (tensors, copied) = try Self.sort(base.checkpoint, followed.products)
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

  /// Checks that neighbouring steps differ as float64 distances from the base; beyond 2⁵³ they may be the same number.
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
        guard other.type.isFloat, info.type.isFloat else {
          throw .typeMismatch(snapshot: name, tensor: info.name, found: other.type, base: info.type)
        }
        differences.append(.init(tensor: info.name, snapshot: name, found: other.type, base: info.type))
      }
    }
    return differences
  }

  /// Sorts the tensors into those that are followed, each product in the place of its first factor, and those that a
  /// forecast only copies.
  private static func sort(
    _ origin: Checkpoint, _ followedProducts: [FollowedProduct]
  ) throws(TrajectoryError) -> (followed: [TensorInfo], copied: [TensorInfo]) {
    var products: [String: TensorInfo?] = [:]
    for product in followedProducts {
      products[product.pair.down.name] = .some(product.info)
      products[product.pair.up.name] = .some(nil)
    }
    var (followed, copied): ([TensorInfo], [TensorInfo]) = ([], [])
    for info in origin.tensors {
      if let product = products[info.name] {
        if let product { followed.append(product) }
      } else if try file({ () throws(TensorFileError) in try origin.content(of: info.name) }) == .numbers {
        // The scales of packed codes are floating-point numbers too, but not weights: they are copied with the codes.
        followed.append(info)
      } else {
        copied.append(info)
      }
    }
    return (followed, copied)
  }
}
