import Tensor
public import TensorIO

extension Direction {
  /// Writes the direction with all that is known of it, whole or not at all.
  ///
  /// A safetensors file with the tensors `direction` and `midpoint` in the type of the entries, and in its metadata the
  /// verdict, method, samples and row fingerprints, as far as they are known. The same direction gives the same bytes.
  ///
  /// ```swift
  /// try axis.write(to: "axis.safetensors")
  /// let same = try Direction<Double>(contentsOf: "axis.safetensors")
  /// ```
  ///
  /// - Throws: ``SteeringError/file(_:)``.
  public func write(to location: some FileLocation) throws(SteeringError) {
    try file { () throws(TensorFileError) in try write(into: AtomicFile(location)) }
  }

  /// Writes the direction into a file that was opened before, and makes it appear.
  ///
  /// - Throws: `TensorFileError.cannotWrite`.
  public func write(into file: AtomicFile) throws(TensorFileError) {
    var tensors = [NamedTensor(DirectionKeys.direction, vector)]
    if let midpoint { tensors.append(NamedTensor(DirectionKeys.midpoint, midpoint)) }
    var metadata = rowFingerprints.metadata
    metadata[DirectionKeys.verdict] = verdict?.rawValue
    metadata[DirectionKeys.method] = method?.rawValue
    metadata[DirectionKeys.samples] = samples?.description
    try SafetensorsFile.write(tensors, metadata: metadata, into: file)
  }

  /// Reads a direction that ``write(to:)`` wrote, or one from elsewhere: a safetensors file or checkpoint with a tensor
  /// `direction`, or an array of numpy with one row or one column.
  ///
  /// Of a file from elsewhere, what is not there is `nil`. Words for method, samples or verdict that are not known are
  /// left out.
  ///
  /// - Throws: ``SteeringError/file(_:)`` for what is wrong with the file, also a list of fingerprints that is none:
  ///   then it is not known which rows made the direction; ``SteeringError/linearAlgebra(_:)`` with `notFinite`;
  ///   ``SteeringError/unequalWidths(_:)``.
  public init(contentsOf location: some FileLocation) throws(SteeringError) {
    let source = try file { () throws(TensorFileError) in try TensorFiles.open(location) }
    guard let checkpoint = source as? Checkpoint else {
      let name = source.names.count == 1 ? source.names[0] : DirectionKeys.direction
      try self.init(try file { () throws(TensorFileError) in try source.vector(name) })
      return
    }
    let stored = try file { () throws(TensorFileError) in try checkpoint.file(holding: DirectionKeys.direction) }
    let rows = try file { () throws(TensorFileError) in try RowFingerprints(of: stored) }
    let midpoint: Vector<Element>? = try file { () throws(TensorFileError) in
      stored[DirectionKeys.midpoint] == nil ? nil : try stored.vector(DirectionKeys.midpoint)
    }
    let vector: Vector<Element> = try file { () throws(TensorFileError) in
      try stored.vector(DirectionKeys.direction)
    }
    try Self.check(vector, midpoint)
    let metadata = stored.metadata
    self.init(
      vector, midpoint,
      provenance: Provenance(
        method: metadata[DirectionKeys.method].flatMap { DirectionMethod(rawValue: $0) },
        samples: metadata[DirectionKeys.samples].flatMap { SampleCounts($0) }, rowFingerprints: rows,
        verdict: metadata[DirectionKeys.verdict].flatMap { DirectionVerdict(rawValue: $0) }))
  }
}

/// The names of the parts of a direction in a file.
private enum DirectionKeys {
  static let direction = "direction"
  static let midpoint = "midpoint"
  static let verdict = "verdict"
  static let method = "method"
  static let samples = "samples"
}
