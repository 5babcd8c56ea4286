import Tensor

extension SafetensorsFile {
  /// Writes tensors, whole or not at all.
  ///
  /// ```swift
  /// try SafetensorsFile.write([NamedTensor("w", w)], metadata: ["step": "100"], to: "step-100.safetensors")
  /// ```
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``, also for a number that its integer type cannot hold;
  ///   ``TensorFileError/unsupportedType(path:tensor:type:)``.
  public static func write(
    _ tensors: [NamedTensor], metadata: [String: String] = [:], to location: some FileLocation
  ) throws(TensorFileError) {
    try write(tensors, metadata: metadata, into: AtomicFile(location))
  }

  /// Writes tensors into a file that was opened before, and makes it appear.
  ///
  /// - Throws: as ``write(_:metadata:to:)``.
  public static func write(
    _ tensors: [NamedTensor], metadata: [String: String] = [:], into file: AtomicFile
  ) throws(TensorFileError) {
    let writer = try SafetensorsWriter(
      into: file, tensors: tensors.map { TensorLayout($0.name, $0.type, shape: $0.shape) }, metadata: metadata)
    // The writer has refused names that are there twice.
    let byName = Dictionary(uniqueKeysWithValues: tensors.map { (ExactName($0.name), $0) })
    for info in writer.tensors {
      try byName[ExactName(info.name)]?.bytes(file.path) { (bytes) throws(TensorFileError) in
        try writer.append(bytes: bytes, to: info.name)
      }
    }
    try writer.finish()
  }
}
