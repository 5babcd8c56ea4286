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
    try file.decode(at: start, info.type, isSwapped: false, into: target)
  }

  /// A tensor as a matrix: rank 2 as it is, rank 1 as a column, rank 0 as 1×1.
  ///
  /// - Throws: ``TensorFileError/wrongRank(path:tensor:shape:needed:)`` for other ranks; what reading throws.
  public func matrix<Element: MatrixScalar>(
    _ name: String, as type: Element.Type = Element.self
  ) throws(TensorFileError) -> Matrix<Element> {
    let info = try tensor(name)
    guard info.shape.count <= 2 else {
      throw .wrongRank(path: file.path, tensor: name, shape: info.shape, needed: "a matrix or a vector")
    }
    let (rows, columns) = (info.shape.first ?? 1, info.shape.count == 2 ? info.shape[1] : 1)
    return try Matrix(rows: rows, columns: columns) { (buffer) throws(TensorFileError) in
      try read(name, elements: 0..<info.elementCount, into: buffer)
    }
  }

  /// One matrix of a tensor of rank 3, such as the weights of one expert: [E, m, n] holds E matrices m×n.
  ///
  /// - Parameters:
  ///   - name: the tensor.
  ///   - position: 0 ..< E. Traps outside.
  ///   - type: the element type of the result.
  /// - Throws: ``TensorFileError/wrongRank(path:tensor:shape:needed:)`` for another rank; what reading throws.
  public func matrix<Element: MatrixScalar>(
    _ name: String, at position: Int, as type: Element.Type = Element.self
  ) throws(TensorFileError) -> Matrix<Element> {
    let info = try tensor(name)
    guard info.shape.count == 3 else {
      throw .wrongRank(path: file.path, tensor: name, shape: info.shape, needed: "three dimensions")
    }
    require(position >= 0 && position < info.shape[0], "matrix \(position) of \(info.shape[0])")
    let size = info.shape[1] * info.shape[2]
    return try Matrix(rows: info.shape[1], columns: info.shape[2]) { (buffer) throws(TensorFileError) in
      try read(name, elements: (position * size)..<((position + 1) * size), into: buffer)
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
}

extension PositionedFile {
  /// Reads numbers from `start` on, block by block.
  ///
  /// - Parameter isSwapped: whether the bytes of each number are in big-endian order.
  func decode<Element: MatrixScalar>(
    at start: Int, _ type: ElementType, isSwapped: Bool, into target: UnsafeMutableBufferPointer<Element>
  ) throws(TensorFileError) {
    guard let base = target.baseAddress, !target.isEmpty else { return }
    let width = type.bits / 8
    let step = blockBytes / width
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: min(step, target.count) * width, alignment: 64)
    defer { block.deallocate() }
    for first in stride(from: 0, to: target.count, by: step) {
      let count = min(step, target.count - first)
      let part = UnsafeMutableRawBufferPointer(rebasing: block[..<(count * width)])
      try read(at: start + first * width, into: part)
      if isSwapped { reverseBytes(part, width: width) }
      guard let source = part.baseAddress else { return }
      NumberCoding.decode(source, type, count: count, into: base + first)
    }
  }
}

private func reverseBytes(_ bytes: UnsafeMutableRawBufferPointer, width: Int) {
  for start in stride(from: 0, to: bytes.count, by: width) {
    for i in 0..<(width / 2) { bytes.swapAt(start + i, start + width - 1 - i) }
  }
}
