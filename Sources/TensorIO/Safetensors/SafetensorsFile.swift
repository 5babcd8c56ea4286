public import Foundation
public import Tensor

/// A safetensors file, opened and checked, not loaded.
///
/// Tensors are read when asked for, by positioned reads of about 1 MiB, and widened block by block.
///
/// ```swift
/// let file = try SafetensorsFile("model.safetensors")
/// print(file)  // a table of its tensors
/// let head: Matrix<Float> = try file.matrix("lm_head.weight")
/// ```
public final class SafetensorsFile: TensorSource {
  /// The file.
  public let url: URL
  /// The tensors, in the order of their bytes.
  public let tensors: [TensorInfo]
  /// The text that the header carries, `format` = `pt` for example.
  public let metadata: [String: String]

  private let file: PositionedFile
  private let index: [ExactName: Int]

  /// Opens a file and checks its header against every rule of the format.
  ///
  /// - Throws: ``TensorFileError``; nothing is allocated for sizes that the file only claims.
  /// - Complexity: one pass over the header.
  public init(_ location: some FileLocation) throws(TensorFileError) {
    url = location.fileURL
    file = try PositionedFile(url)
    let header = try SafetensorsHeader(file)
    tensors = header.tensors
    metadata = header.metadata
    index = Dictionary(uniqueKeysWithValues: header.tensors.enumerated().map { (ExactName($1.name), $0) })
  }

  /// The tensor of this name, if there is one.
  public subscript(name: String) -> TensorInfo? { index[ExactName(name)].map { tensors[$0] } }

  /// The names of the tensors, in the order of their bytes.
  public var names: [String] { tensors.map(\.name) }

  /// The tensor of this name. Its content follows from its type alone: a ``Checkpoint`` also looks at what stands
  /// beside it, and so knows the codes of a quantized weight.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``, with the first names that there are.
  public func tensor(_ name: String) throws(TensorFileError) -> StoredTensor {
    let info = try info(of: name)
    return StoredTensor(info, content: ContentRules.content(of: info.type), in: self)
  }

  /// Where a tensor lies.
  func info(of name: String) throws(TensorFileError) -> TensorInfo {
    if let info = self[name] { return info }
    throw .missingTensor(path: file.path, name: name, available: shortList(of: names, nearestTo: name))
  }

  /// Reads elements of a tensor in row-major order, as `Float` or `Double`: ``TensorSource/read(_:elements:into:)``.
  public func read<Scalar: MatrixScalar>(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableBufferPointer<Scalar>
  ) throws(TensorFileError) {
    let info = try info(of: name)
    require(
      elements.lowerBound >= 0 && elements.upperBound <= info.elementCount && elements.count == target.count,
      "elements \(elements) of \(info.elementCount) into \(target.count) entries")
    guard info.type.isReadable else {
      throw .unsupportedType(path: file.path, tensor: name, type: info.type.rawValue)
    }
    let start = info.byteRange.lowerBound + elements.lowerBound * (info.type.bits / 8)
    try file.decode(at: start, info.type, isSwapped: false, into: target, tensor: name, number: elements.lowerBound)
  }

  /// Appends the bytes of a tensor to a writer as they are, block by block.
  func copyBytes(of name: String, to writer: SafetensorsWriter) throws(TensorFileError) {
    let range = try info(of: name).byteRange
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Swift.min(blockBytes, range.count), alignment: 64)
    defer { block.deallocate() }
    for start in stride(from: range.lowerBound, to: range.upperBound, by: blockBytes) {
      let part = UnsafeMutableRawBufferPointer(rebasing: block[..<Swift.min(blockBytes, range.upperBound - start)])
      try file.read(at: start, into: part)
      try writer.append(bytes: UnsafeRawBufferPointer(part), to: name)
    }
  }

  /// Reads bytes of a tensor as they are stored, from an offset in the tensor on.
  func readBytes(
    of name: String, from offset: Int, into target: UnsafeMutableRawBufferPointer
  ) throws(TensorFileError) {
    try file.read(at: try info(of: name).byteRange.lowerBound + offset, into: target)
  }
}
