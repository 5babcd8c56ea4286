public import Foundation
public import Tensor

/// A safetensors file, opened and checked, not loaded.
///
/// Tensors are read when asked for, by positioned reads of about 1 MiB, and widened block by block.
public final class SafetensorsFile: Sendable {
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
  public init(_ url: URL) throws(TensorFileError) {
    self.url = url
    file = try PositionedFile(url)
    let header = try SafetensorsHeader(file)
    tensors = header.tensors
    metadata = header.metadata
    index = Dictionary(uniqueKeysWithValues: header.tensors.enumerated().map { (ExactName($1.name), $0) })
  }

  /// The tensor of this name, if there is one.
  public subscript(name: String) -> TensorInfo? { index[ExactName(name)].map { tensors[$0] } }

  /// The tensor of this name.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``, with the first names that there are.
  public func tensor(_ name: String) throws(TensorFileError) -> TensorInfo {
    if let info = self[name] { return info }
    throw .missingTensor(path: file.path, name: name, available: shortList(of: tensors.map(\.name), nearestTo: name))
  }

  /// Reads elements of a tensor in row-major order, as `Float` or `Double`.
  ///
  /// float16 and bfloat16 widen exactly; integers beyond 2⁵³ and float64 read as `Float` are rounded to nearest.
  /// NaN and infinities are read as they are.
  ///
  /// - Parameters:
  ///   - name: the tensor.
  ///   - elements: which elements, within 0 ..< `elementCount`; traps outside.
  ///   - target: as many entries as elements; traps otherwise.
  /// - Throws: ``TensorFileError/unsupportedType(path:tensor:type:)`` for types that are not numbers to us;
  ///   ``TensorFileError/truncated(path:)`` where the file has shrunk.
  public func read<Element: MatrixScalar>(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableBufferPointer<Element>
  ) throws(TensorFileError) {
    let info = try tensor(name)
    require(
      elements.lowerBound >= 0 && elements.upperBound <= info.elementCount && elements.count == target.count,
      "elements \(elements) of \(info.elementCount) into \(target.count) entries")
    guard info.type.isReadable else {
      throw .unsupportedType(path: file.path, tensor: name, type: info.type.rawValue)
    }
    let width = info.type.bits / 8
    let start = info.byteRange.lowerBound + elements.lowerBound * width
    try file.decode(at: start, info.type, isSwapped: false, into: target, tensor: name)
  }

  /// A tensor as a matrix, or a matrix of a tensor with three dimensions.
  ///
  /// - Parameters:
  ///   - name: the tensor.
  ///   - selection: the tensor itself unless one of its matrices or layers is chosen.
  ///   - type: the element type of the result.
  /// - Throws: ``TensorFileError/wrongRank(path:tensor:shape:needed:)`` for other ranks,
  ///   ``TensorFileError/noSuchPart(path:tensor:part:count:)``, ``TensorFileError/exceedsMemory(path:tensor:bytes:limit:)``
  ///   before anything is allocated; what reading throws.
  public func matrix<Element: MatrixScalar>(
    _ name: String, _ selection: MatrixSelection = .whole, as type: Element.Type = Element.self
  ) throws(TensorFileError) -> Matrix<Element> {
    let info = try tensor(name)
    let place = try MatrixPlacement(selection, of: info.shape, path: file.path, tensor: name)
    try MemoryLimit.check(place.count, width: MemoryLayout<Element>.stride, path: file.path, tensor: name)
    return try Matrix(rows: place.rows, columns: place.columns) { (buffer) throws(TensorFileError) in
      // Without entries there may be any number of rows.
      guard !buffer.isEmpty else { return }
      if place.stride == place.columns {
        return try read(name, elements: place.start..<(place.start + place.count), into: buffer)
      }
      for i in 0..<place.rows {
        let row = UnsafeMutableBufferPointer(rebasing: buffer[(i * place.columns)..<((i + 1) * place.columns)])
        let first = place.start + i * place.stride
        try read(name, elements: first..<(first + place.columns), into: row)
      }
    }
  }

  /// A tensor of rank 1, or of rank 2 with one row or one column, as a vector.
  ///
  /// - Throws: ``TensorFileError/wrongRank(path:tensor:shape:needed:)`` for other shapes; what reading throws.
  public func vector<Element: MatrixScalar>(
    _ name: String, as type: Element.Type = Element.self
  ) throws(TensorFileError) -> Vector<Element> {
    let info = try tensor(name)
    guard info.shape.count <= 2, info.shape.count(where: { $0 != 1 }) <= 1 else {
      throw .wrongRank(path: file.path, tensor: name, shape: info.shape, needed: "a vector")
    }
    try MemoryLimit.check(info.elementCount, width: MemoryLayout<Element>.stride, path: file.path, tensor: name)
    return try Vector(count: info.elementCount) { (buffer) throws(TensorFileError) in
      try read(name, elements: 0..<info.elementCount, into: buffer)
    }
  }

  /// Appends the bytes of a tensor to a writer as they are, block by block.
  func copyBytes(of name: String, to writer: SafetensorsWriter) throws(TensorFileError) {
    let range = try tensor(name).byteRange
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: min(blockBytes, range.count), alignment: 64)
    defer { block.deallocate() }
    for start in stride(from: range.lowerBound, to: range.upperBound, by: blockBytes) {
      let part = UnsafeMutableRawBufferPointer(rebasing: block[..<min(blockBytes, range.upperBound - start)])
      try file.read(at: start, into: part)
      try writer.append(bytes: UnsafeRawBufferPointer(part), to: name)
    }
  }

  /// Reads bytes of a tensor as they are stored, from an offset in the tensor on.
  func readBytes(
    of name: String, from offset: Int, into target: UnsafeMutableRawBufferPointer
  ) throws(TensorFileError) {
    try file.read(at: try tensor(name).byteRange.lowerBound + offset, into: target)
  }
}
