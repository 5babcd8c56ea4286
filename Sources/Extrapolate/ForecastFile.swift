public import Runs
public import TensorIO

/// A checkpoint that is to hold a forecast. It is begun before the long work, so that a place that cannot be written
/// to is an error at once, and it appears under its name only when it is whole.
///
/// ```swift
/// let file = try ForecastFile("forecast.safetensors", for: run)
/// try run.grams().fit().forecast(step: 500).write(to: file)
/// ```
public final class ForecastFile {
  let writer: SafetensorsWriter
  let run: Trajectory

  /// Begins a file with the names, shapes, types and metadata of a run's base.
  ///
  /// - Parameters:
  ///   - location: a path or a `URL` of one file, whatever the base was.
  ///   - run: the run that is forecast.
  /// - Throws: `TrajectoryError.invalidArgument(_:)` for a run of products, which no checkpoint holds; file errors.
  public init(_ location: some FileLocation, for run: Trajectory) throws(TrajectoryError) {
    if run.adapters == .product {
      throw .invalidArgument(
        "a forecast of the products B·A cannot be written, because an adapter holds factors; follow the factors to "
          + "forecast and write them")
    }
    let base = run.base.checkpoint
    writer = try file { () throws(TensorFileError) in
      try SafetensorsWriter(
        to: location, tensors: base.tensors.map { TensorLayout($0.name, $0.type, shape: $0.shape) },
        metadata: base.metadata)
    }
    self.run = run
  }
}
