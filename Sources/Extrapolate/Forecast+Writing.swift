public import Runs
public import Tensor
public import TensorIO

extension Forecast {
  /// Writes the forecast as a checkpoint with the base's names, shapes, types and metadata, whole or not at all.
  ///
  /// Each weight is θ₀ + Σ wᵢ(θᵢ − θ₀) in float64, rounded once. Tensors that did not move, and those that are not
  /// followed, are copied from the base bit for bit.
  ///
  /// - Parameters:
  ///   - location: a path or a `URL` of one file, whatever the base was.
  ///   - run: the run that it continues, whose weights are read.
  ///   - progress: called after each block with the number of elements that were written and are to be written.
  /// - Throws: `TrajectoryError.overflow(tensor:type:step:)` where a weight does not fit into its type;
  ///   `TrajectoryError.invalidArgument(_:)` for another run than that of the forecast; file errors;
  ///   `TrajectoryError.cancelled`. Errors leave what was there before.
  /// - Complexity: T + 1 reads of every weight; memory of a few blocks.
  public func write(
    to location: some FileLocation, from run: Trajectory, progress: ProgressHandler? = nil
  ) throws(TrajectoryError) {
    try write(to: try ForecastFile(location, for: run), progress: progress)
  }

  /// `write(to:from:progress:)` on a thread of its own, while the calling task waits; it stops
  /// when that task is cancelled.
  ///
  /// - Throws: as the synchronous form does.
  public func write(
    to location: some FileLocation, from run: Trajectory, progress: ProgressHandler? = nil
  ) async throws(TrajectoryError) {
    try await onWorkerThread { () throws(TrajectoryError) in try write(to: location, from: run, progress: progress) }
  }

  /// Writes the forecast into a file that was begun for its run, and makes it appear under its name.
  ///
  /// - Parameters:
  ///   - output: begun for the run of the forecast, and written to once.
  ///   - progress: called after each block with the number of elements that were written and are to be written.
  /// - Throws: as `write(to:from:progress:)` does.
  /// - Complexity: T + 1 reads of every weight; memory of a few blocks.
  public func write(to output: ForecastFile, progress: ProgressHandler? = nil) throws(TrajectoryError) {
    let (run, writer) = (output.run, output.writer)
    try checkThatItContinues(run)
    let base = run.base.checkpoint
    let weights = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.weights) })
    let total = base.tensors.reduce(0) { $0 + $1.elementCount }
    var done = 0
    for info in writer.tensors {
      if Cancellation.isRequested { throw .cancelled }
      if let weights = weights[info.name] ?? nil {
        try append(info, weights, of: run, to: writer) { count in progress?(done + count, total) }
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

  private func checkThatItContinues(_ run: Trajectory) throws(TrajectoryError) {
    guard run.base.step == baseStep, run.steps.starts(with: observedSteps),
      tensors.map(\.name) == run.tensors.map(\.name)
    else {
      throw .invalidArgument(
        "the forecast (\(self)) continues another run than this one (\(run)); give the run whose Gram matrices were "
          + "fitted")
    }
  }

  private func append(
    _ info: TensorInfo, _ weights: [Double], of run: Trajectory, to writer: SafetensorsWriter,
    _ progress: (Int) -> Void
  ) throws(TrajectoryError) {
    let bound = info.type.overflowBound
    for start in stride(from: 0, to: info.elementCount, by: 1 << 18) {
      if Cancellation.isRequested { throw .cancelled }
      let range = start..<min(start + 1 << 18, info.elementCount)
      let origin = try run.originNumbers(info.name, range)
      var values = origin
      for (i, weight) in weights.enumerated() where weight != 0 {
        values.add(try run.numbers(run.snapshots[i], info.name, range) - origin, scaledBy: weight)
      }
      // A NaN is the difference of two infinities, and fails the comparison too.
      guard values.allSatisfy({ abs($0) < bound }) else {
        throw .overflow(tensor: info.name, type: info.type, step: step)
      }
      try file { () throws(TensorFileError) in
        try values.withUnsafeBase { (base) throws(TensorFileError) in
          try writer.append(UnsafeBufferPointer(start: base, count: range.count), to: info.name)
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
