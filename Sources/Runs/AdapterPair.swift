import Foundation
import Tensor
import TensorIO

/// Two factors of a low-rank adapter that are followed as their product ΔW = s·B·A.
struct AdapterPair: Sendable {
  /// The product: the path of its module, and the shape [out, in]. No file holds it, so its bytes are none.
  let info: TensorInfo
  /// A, of shape r×in, or transposed where the file has it so.
  let down: Factor
  /// B, of shape out×r, or transposed where the file has it so.
  let up: Factor
  /// s of the base and of every snapshot, in this order.
  let scales: [Double]

  /// Inner products of all components of a displacement are in memory at once.
  private static let rankLimit = 4096

  /// The number of components.
  var rank: Int { down.rank }

  /// One of the two factors.
  struct Factor: Sendable {
    let name: String
    /// The dimension that the two factors share.
    let rank: Int
    /// The other dimension.
    let length: Int
    /// Whether a stored row belongs to one component; else a stored row has one entry for each component.
    let hasComponentRows: Bool
  }

  /// Finds the pairs in a run and reads what scales them.
  ///
  /// - Returns: the pairs that are followed as products, in the order of the file, and what is followed of adapters:
  ///   `nil` where there are no pairs, factors where no configuration lies beside any of them.
  static func all(
    of base: Trajectory.Snapshot, _ snapshots: [Trajectory.Snapshot], origin: Trajectory.Origin,
    as view: Trajectory.AdapterView
  ) throws(TrajectoryError) -> (view: Trajectory.AdapterView?, pairs: [AdapterPair]) {
    let modules = modules(of: base.checkpoint)
    if modules.isEmpty {
      if let adapter = snapshots.first(where: { !Self.modules(of: $0.checkpoint).isEmpty }) {
        throw .invalidArgument(
          "\(adapter.name) is a low-rank adapter and the base is none; count displacements from zero, or from the first "
            + "adapter of the run")
      }
      return (nil, [])
    }
    if view == .factors { return (.factors, []) }
    let paths = modules.map(\.path)
    if let path = paths.first(where: { path in
      paths.count { $0 == path } > 1 || base.checkpoint[path] != nil
    }) {
      throw .invalidArgument(
        "\(base.name): the factors of \"\(path)\" are there more than once; keep one adapter in a file, or follow the "
          + "factors themselves")
    }
    var configurations: [AdapterConfiguration?] = []
    for snapshot in snapshots { configurations.append(try configuration(of: snapshot)) }
    guard let first = configurations.compactMap({ $0 }).first else { return (.factors, []) }
    if let i = configurations.firstIndex(where: { $0 == nil }) {
      throw .adapter(
        configuration: AdapterConfiguration.name,
        reason: "it is missing beside \(snapshots[i].name), so that the scale of its factors is unknown [missing-scale]"
      )
    }
    let own = origin == .zero ? nil : try configuration(of: base)
    let all = [own ?? first] + configurations.compactMap { $0 }
    var pairs: [AdapterPair] = []
    for module in modules {
      let (down, up) = try factors(module, base.checkpoint)
      var scales: [Double] = []
      for configuration in all { scales.append(try configuration.scale(ofModule: module.path, rank: down.rank)) }
      let type: ElementType = module.infos.contains { $0.type == .f64 } ? .f64 : .f32
      let info = TensorInfo(name: module.path, type: type, shape: [up.length, down.length], byteRange: 0..<0)
      pairs.append(AdapterPair(info: info, down: down, up: up, scales: scales))
    }
    return (.product, pairs)
  }

  private struct Module {
    let path: String
    /// mlx-lm stores both factors transposed.
    let isTransposed: Bool
    let infos: [TensorInfo]
  }

  /// The modules with two factors, in the order of the file.
  private static func modules(of checkpoint: Checkpoint) -> [Module] {
    var found: [Part.Key: (down: TensorInfo?, up: TensorInfo?, order: Int)] = [:]
    for (i, info) in checkpoint.tensors.enumerated() where info.type.isFollowed {
      guard let part = Part(info.name) else { continue }
      var entry = found[part.key] ?? (nil, nil, i)
      if part.isDown { entry.down = info } else { entry.up = info }
      found[part.key] = entry
    }
    return found.sorted { $0.value.order < $1.value.order }.compactMap { key, entry in
      guard let down = entry.down, let up = entry.up else { return nil }
      return Module(path: key.path, isTransposed: key.isTransposed, infos: [down, up])
    }
  }

  /// What the name of a factor says.
  private struct Part {
    /// What the two factors of a pair have in common.
    struct Key: Hashable {
      /// What stands before the factor in both names.
      let stem: String
      /// The name of the adapter, where the file keeps it.
      let adapter: String
      let isTransposed: Bool

      /// The path in the model: PEFT puts one prefix before it.
      var path: String {
        let prefix = "base_model.model."
        return stem.hasPrefix(prefix) ? String(stem.dropFirst(prefix.count)) : stem
      }
    }

    let key: Key
    let isDown: Bool

    init?(_ name: String) {
      if let match = name.wholeMatch(of: /(.+)\.lora_([AB])(\.[^.]+)?\.weight/) {
        self.init(match.1, match.3, isTransposed: false, isDown: match.2 == "A")
      } else if let match = name.wholeMatch(of: /(.+)\.lora_embedding_([AB])(\.[^.]+)?/) {
        self.init(match.1, match.3, isTransposed: false, isDown: match.2 == "A")
      } else if let match = name.wholeMatch(of: /(.+)\.lora_([ab])/) {
        self.init(match.1, nil, isTransposed: true, isDown: match.2 == "a")
      } else {
        return nil
      }
    }

    private init(_ stem: Substring, _ adapter: Substring?, isTransposed: Bool, isDown: Bool) {
      key = Key(stem: String(stem), adapter: String(adapter ?? ""), isTransposed: isTransposed)
      self.isDown = isDown
    }
  }

  private static func factors(
    _ module: Module, _ checkpoint: Checkpoint
  ) throws(TrajectoryError) -> (down: Factor, up: Factor) {
    let (down, up) = (module.infos[0], module.infos[1])
    func matrix(_ info: TensorInfo) -> (rows: Int, columns: Int)? {
      // The factors of a convolution are A[r, in, h, w] and B[out, r, 1, 1].
      guard info.shape.count == 2 || (info.shape.count == 4 && !module.isTransposed) else { return nil }
      return (info.shape[0], info.shape.dropFirst().reduce(1, *))
    }
    if let a = matrix(down), let b = matrix(up) {
      let (ranks, lengths) = module.isTransposed ? ((a.1, b.0), (a.0, b.1)) : ((a.0, b.1), (a.1, b.0))
      let isBounded = ranks.0 <= rankLimit && !lengths.0.multipliedReportingOverflow(by: lengths.1).overflow
      if ranks.0 == ranks.1, ranks.0 > 0, isBounded {
        return (
          Factor(name: down.name, rank: ranks.0, length: lengths.0, hasComponentRows: !module.isTransposed),
          Factor(name: up.name, rank: ranks.1, length: lengths.1, hasComponentRows: module.isTransposed)
        )
      }
    }
    throw .invalidArgument(
      "\(checkpoint.url.lastPathComponent): the factors of \"\(module.path)\" have shapes \(down.shape) and \(up.shape), "
        + "which is no product of two matrices of a rank up to \(rankLimit); follow the factors themselves")
  }

  private static func configuration(
    of snapshot: Trajectory.Snapshot
  ) throws(TrajectoryError) -> AdapterConfiguration? {
    let url = snapshot.checkpoint.url
    let isFile = url.lastPathComponent.hasSuffix(SnapshotName.fileExtension) || url.pathExtension == "json"
    return try AdapterConfiguration(in: isFile ? url.deletingLastPathComponent() : url)
  }
}
