import Tensor

/// Bytes that are read at positions: a file, or a part of one that was unpacked.
protocol ByteSource: Sendable {
  /// The path of the file, for messages.
  var path: String { get }
  var size: Int { get }

  /// Fills `target` with the bytes from `offset` on.
  ///
  /// - Throws: ``TensorFileError/truncated(path:)`` where there are fewer.
  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(TensorFileError)
}

extension ByteSource {
  /// The bytes of a range, which must lie in the source.
  func bytes(at offset: Int, count: Int) throws(TensorFileError) -> [UInt8] {
    var problem: TensorFileError?
    let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(TensorFileError) {
        try read(
          at: offset, into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
        filled = count
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    return result
  }

  /// Reads numbers from `start` on, block by block.
  ///
  /// - Parameters:
  ///   - type: their type, which must be readable.
  ///   - isSwapped: whether the bytes of each number are in big-endian order.
  ///   - target: as many entries as are to be read.
  ///   - tensor: their name, for messages.
  ///   - number: the position of the first one in its tensor, for messages.
  /// - Throws: ``TensorFileError/truncated(path:)``; ``TensorFileError/malformed(path:tensor:rule:)`` for a boolean
  ///   that is neither 0 nor 1.
  func decode<Element: MatrixScalar>(
    at start: Int, _ type: ElementType, isSwapped: Bool, into target: UnsafeMutableBufferPointer<Element>,
    tensor: String?, number: Int
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
      if type == .bool, let place = part.firstIndex(where: { $0 > 1 }) {
        throw .malformed(
          path: path, tensor: tensor,
          rule: "the boolean \(number + first + place) is stored as \(part[place]), not as 0 or 1 [bool-value]")
      }
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

/// Bytes in memory, for what was unpacked.
struct UnpackedBytes: ByteSource {
  let path: String
  let content: [UInt8]

  var size: Int { content.count }

  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(TensorFileError) {
    guard offset >= 0, offset <= size, target.count <= size - offset else { throw .truncated(path: path) }
    content.withUnsafeBytes {
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<(offset + target.count)]))
    }
  }
}
