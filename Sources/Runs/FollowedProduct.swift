import Foundation
import Tensor
import TensorIO

/// A low-rank adapter whose two factors are followed through a run as their product ΔW = s·B·A.
struct FollowedProduct: Sendable {
  /// The product: the path of its module, and the shape [out, in]. No file holds it, so its range of bytes is empty.
  let info: TensorInfo
  /// The factors, by their names and sizes in the base.
  let pair: AdapterPair
  /// The factor s of the base and of every snapshot, in this order.
  let scales: [Double]
}

extension FollowedProduct {
  /// Finds the pairs of factors in a run and reads the configurations that scale them.
  ///
  /// - Returns: the products that are followed, in the order of the file, and which view of the adapters that is:
  ///   `nil` where there are no pairs, ``Trajectory/AdapterView/factors`` where no snapshot has a configuration.
  static func all(
    of base: Trajectory.Snapshot, _ snapshots: [Trajectory.Snapshot], origin: Trajectory.Origin,
    as view: Trajectory.AdapterView
  ) throws(TrajectoryError) -> (view: Trajectory.AdapterView?, products: [FollowedProduct]) {
    let names = AdapterPair.names(in: base.checkpoint)
    if names.isEmpty {
      try checkThatNoneIsAdapter(snapshots)
      return (nil, [])
    }
    if view == .factors { return (.factors, []) }
    try adapter(in: base.name) { () throws(AdapterError) in
      try AdapterPair.checkNoneRepeats(names, in: base.checkpoint)
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
    // The base's own scale; an origin of zero has no factors, so any scale does.
    let own = origin == .zero ? nil : try configuration(of: base)
    let all = [own ?? first] + configurations.compactMap { $0 }
    var products: [FollowedProduct] = []
    for pair in names {
      products.append(
        try adapter(in: base.checkpoint.url.lastPathComponent) { () throws(AdapterError) in
          try FollowedProduct(AdapterPair(pair), scaledBy: all)
        })
    }
    return (.product, products)
  }

  private init(_ pair: AdapterPair, scaledBy configurations: [AdapterConfiguration]) throws(AdapterError) {
    var scales: [Double] = []
    for configuration in configurations {
      scales.append(try configuration.scale(ofModule: pair.module, rank: pair.rank))
    }
    info = TensorInfo(name: pair.module, type: pair.resultType, shape: pair.shape, byteRange: 0..<0)
    self.pair = pair
    self.scales = scales
  }

  private static func checkThatNoneIsAdapter(_ snapshots: [Trajectory.Snapshot]) throws(TrajectoryError) {
    guard let found = snapshots.first(where: { !AdapterPair.names(in: $0.checkpoint).isEmpty }) else { return }
    throw .invalidArgument(
      "\(found.name) is a low-rank adapter and the base is none; count displacements from zero, or from the first "
        + "adapter of the run")
  }

  private static func configuration(
    of snapshot: Trajectory.Snapshot
  ) throws(TrajectoryError) -> AdapterConfiguration? {
    try adapter(in: snapshot.name) { () throws(AdapterError) in
      try AdapterConfiguration(beside: snapshot.checkpoint.url)
    }
  }

  /// Reads adapters of a checkpoint, with their errors in the words of a run.
  private static func adapter<Result>(
    in checkpoint: String, _ body: () throws(AdapterError) -> Result
  ) throws(TrajectoryError) -> Result {
    do { return try body() } catch {
      throw switch error {
      case .configuration(let path, let reason): .adapter(configuration: path, reason: reason)
      case .repeatedModule(let module):
        .invalidArgument(
          "\(checkpoint): the factors of \"\(module)\" are there more than once; keep one adapter in a file, or follow "
            + "the factors themselves")
      case .shapes(let module, let down, let up):
        .invalidArgument(
          "\(checkpoint): the factors of \"\(module)\" have shapes \(down) and \(up), which is no product of two "
            + "matrices of a rank up to \(AdapterPair.rankLimit); follow the factors themselves")
      }
    }
  }
}
