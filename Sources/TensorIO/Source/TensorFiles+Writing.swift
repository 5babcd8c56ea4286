import Foundation
public import Tensor

extension TensorFiles {
  /// Writes tensors in the format that the end of the file's name says: `.safetensors`, or `.npy` for a single one.
  ///
  /// The file appears whole or not at all. A `.npy` file holds neither names nor metadata.
  ///
  /// ```swift
  /// try TensorFiles.write([NamedTensor("w", w)], metadata: ["step": "100"], to: "step-100.safetensors")
  /// ```
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)`` for another ending, for several tensors or metadata in a
  ///   `.npy` file, and where writing fails; ``TensorFileError/unsupportedType(path:tensor:type:)``.
  public static func write(
    _ tensors: [NamedTensor], metadata: [String: String] = [:], to location: some FileLocation
  ) throws(TensorFileError) {
    let url = location.fileURL
    func refused(_ reason: String) -> TensorFileError { .cannotWrite(path: url.relativePath, reason: reason) }
    if FileEnding.safetensors.ends(url.lastPathComponent) {
      return try SafetensorsFile.write(tensors, metadata: metadata, to: url)
    }
    guard FileEnding.npy.ends(url.lastPathComponent) else {
      throw refused("its name must end in .safetensors or .npy, which says the format")
    }
    guard let tensor = tensors.first, tensors.count == 1, metadata.isEmpty else {
      throw refused("a .npy file holds one array without metadata; write a .safetensors file")
    }
    try NumpyFile.write(tensor, into: AtomicFile(url))
  }
}

extension TensorSource {
  /// The name that is given, else the name of the only tensor.
  ///
  /// - Throws: ``TensorFileError/malformed(path:tensor:rule:)`` where there are none or several, with their names.
  package func name(_ given: String?) throws(TensorFileError) -> String {
    if let given { return given }
    let names = names
    if let name = names.first, names.count == 1 { return name }
    let known = names.isEmpty ? "" : ", \(shortList(of: names).joined(separator: ", ")); name one of them"
    throw .malformed(path: url.relativePath, tensor: nil, rule: "it holds \(names.count) tensors\(known)")
  }
}

extension Matrix {
  /// Reads a matrix from a file of any kind that ``TensorFiles/open(_:)`` opens.
  ///
  /// ```swift
  /// let rows = try Matrix<Float>(contentsOf: "rows.npy")
  /// ```
  ///
  /// - Parameters:
  ///   - location: the file.
  ///   - name: the tensor, which need not be named where it is the only one.
  ///   - selection: the tensor itself unless one of its matrices or layers is chosen.
  ///   - progress: is told the elements read so far.
  /// - Throws: as ``TensorSource/matrix(_:at:as:progress:)``.
  public init(
    contentsOf location: some FileLocation, tensor name: String? = nil, at selection: MatrixSelection = .whole,
    progress: ProgressHandler? = nil
  ) throws(TensorFileError) {
    let source = try TensorFiles.open(location)
    self = try source.matrix(try source.name(name), at: selection, progress: progress)
  }

  /// Writes the matrix as a file whose ending says the format, whole or not at all: `.npy`, or `.safetensors` with one
  /// tensor.
  ///
  /// - Parameters:
  ///   - location: the file.
  ///   - name: the name of the tensor in a `.safetensors` file.
  ///   - type: the type to round to; by default F32 or F64, that of the entries.
  /// - Throws: as ``TensorFiles/write(_:metadata:to:)``.
  public func write(
    to location: some FileLocation, tensor name: String = "matrix", storedAs type: ElementType? = nil
  ) throws(TensorFileError) {
    try TensorFiles.write([NamedTensor(name, self, storedAs: type)], to: location)
  }
}

extension Vector {
  /// Reads a vector from a file of any kind that ``TensorFiles/open(_:)`` opens.
  ///
  /// - Parameters:
  ///   - location: the file.
  ///   - name: the tensor, which need not be named where it is the only one.
  /// - Throws: as ``TensorSource/vector(_:as:)``.
  public init(contentsOf location: some FileLocation, tensor name: String? = nil) throws(TensorFileError) {
    let source = try TensorFiles.open(location)
    self = try source.vector(try source.name(name))
  }

  /// Writes the vector as a file whose ending says the format, whole or not at all: `.npy`, or `.safetensors` with one
  /// tensor.
  ///
  /// - Parameters:
  ///   - location: the file.
  ///   - name: the name of the tensor in a `.safetensors` file.
  ///   - type: the type to round to; by default F32 or F64, that of the entries.
  /// - Throws: as ``TensorFiles/write(_:metadata:to:)``.
  public func write(
    to location: some FileLocation, tensor name: String = "vector", storedAs type: ElementType? = nil
  ) throws(TensorFileError) {
    try TensorFiles.write([NamedTensor(name, self, storedAs: type)], to: location)
  }
}
