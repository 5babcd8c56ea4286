public import Foundation
public import Runs
public import Tensor
import TensorIO

/// A checkpoint that is to hold a forecast: begun before the long work, so that a place that cannot be written to is an
/// error at once, and there under its name only when it is whole.
public final class ForecastFile {
  let writer: SafetensorsWriter

  /// Begins a file with the names, shapes, types and metadata of a run's base.
  ///
  /// - Parameters:
  ///   - url: one file, whatever the base was.
  ///   - trajectory: the run.
  /// - Throws: ``TrajectoryError/invalidArgument(_:)`` for a run of products, which no checkpoint holds; file errors.
  public init(_ url: URL, for trajectory: Trajectory) throws(TrajectoryError) {
    if trajectory.adapters == .product {
      throw .invalidArgument(
        "a forecast of the products B·A cannot be written, because an adapter holds factors; follow the factors to "
          + "forecast and write them")
    }
    let base = trajectory.base.checkpoint
    writer = try file { () throws(TensorFileError) in
      try SafetensorsWriter(
        to: url, tensors: base.tensors.map { TensorLayout($0.name, $0.type, shape: $0.shape) },
        metadata: base.metadata)
    }
  }
}

extension Forecast {
  /// Writes the forecast as a checkpoint with the base's names, shapes, types and metadata, whole or not at all.
  ///
  /// Each weight is θ₀ + Σ wᵢ(θᵢ − θ₀) in float64, rounded once. Tensors that did not move, and those that are not
  /// followed, are copied from the base bit for bit.
  ///
  /// - Parameters:
  ///   - url: one file, whatever the base was.
  ///   - progress: called after each block.
  /// - Throws: ``TrajectoryError/overflow(tensor:type:step:)`` where a weight does not fit into its type, and other
  ///   ``TrajectoryError``; errors leave what was there before.
  /// - Complexity: T + 1 reads of every weight; memory of a few blocks.
  public func write(to url: URL, progress: ProgressHandler? = nil) throws(TrajectoryError) {
    try write(to: try ForecastFile(url, for: fit.trajectory), progress: progress)
  }

  /// Writes the forecast into a file that was begun for its run, and makes it appear under its name.
  ///
  /// - Parameters:
  ///   - output: begun for the trajectory of ``fit``, and written to once.
  ///   - progress: called after each block.
  /// - Throws: as ``write(to:progress:)-(URL,_)`` does.
  /// - Complexity: T + 1 reads of every weight; memory of a few blocks.
  public func write(to output: ForecastFile, progress: ProgressHandler? = nil) throws(TrajectoryError) {
    let base = fit.trajectory.base.checkpoint
    let writer = output.writer
    let fits = Dictionary(uniqueKeysWithValues: fit.tensors.map { ($0.info.name, $0) })
    let total = base.tensors.reduce(0) { $0 + $1.elementCount }
    var done = 0
    for info in writer.tensors {
      if let tensor = fits[info.name], !tensor.gram.prefix(fit.observed).isStill {
        try append(tensor, weights(tensor), to: writer) { count in progress?(done + count, total) }
      } else {
        try file { () throws(TensorFileError) in
          try base.copyBytes(of: info.name, to: writer)
        }
      }
      done += info.elementCount
      progress?(done, total)
    }
    try file { () throws(TensorFileError) in try writer.finish() }
  }

  private func append(
    _ tensor: TrajectoryFit.TensorFit, _ weights: [Double], to writer: SafetensorsWriter, _ progress: (Int) -> Void
  ) throws(TrajectoryError) {
    let trajectory = fit.trajectory
    let (name, count) = (tensor.info.name, tensor.info.elementCount)
    let bound = tensor.info.type.overflowBound
    for start in stride(from: 0, to: count, by: 1 << 18) {
      if Cancellation.isRequested { throw .cancelled }
      let range = start..<min(start + 1 << 18, count)
      let origin = try trajectory.originNumbers(name, range)
      var values = origin
      for (i, weight) in weights.enumerated() where weight != 0 {
        values.add(try trajectory.numbers(trajectory.snapshots[i], name, range) - origin, scaledBy: weight)
      }
      // A NaN is the difference of two infinities, and fails the comparison too.
      guard values.allSatisfy({ abs($0) < bound }) else {
        throw .overflow(tensor: name, type: tensor.info.type, step: step)
      }
      try file { () throws(TensorFileError) in
        try values.withUnsafeBase { (base) throws(TensorFileError) in
          try writer.append(UnsafeBufferPointer(start: base, count: range.count), to: name)
        }
      }
      progress(range.upperBound)
    }
  }
}

extension ElementType {
  /// The smallest magnitude that is rounded to infinity: the largest number and half a step more.
  fileprivate var overflowBound: Double {
    switch self {
    case .f16: 65520
    case .bf16: 0x1.FFp127
    case .f32: 0x1.FFFFFFp127
    default: .infinity
    }
  }
}
