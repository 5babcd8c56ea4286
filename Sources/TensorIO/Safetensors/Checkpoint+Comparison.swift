import Foundation

extension Checkpoint {
  /// Whether a tensor has the same bytes in another checkpoint, whatever its type.
  ///
  /// - Throws: ``TensorFileError`` where either does not hold it, and from reading.
  /// - Complexity: one read of the tensor in both, block by block, up to the first difference.
  public func holdsTheBytes(of name: String, in other: Checkpoint) throws(TensorFileError) -> Bool {
    let (mine, theirs) = (try file(holding: name), try other.file(holding: name))
    let size = try mine.info(of: name).byteRange.count
    guard try theirs.info(of: name).byteRange.count == size else { return false }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * Swift.min(blockBytes, size), alignment: 64)
    defer { buffer.deallocate() }
    for start in stride(from: 0, to: size, by: blockBytes) {
      let count = Swift.min(blockBytes, size - start)
      let (first, second) = (
        UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]),
        UnsafeMutableRawBufferPointer(rebasing: buffer[count..<2 * count])
      )
      try mine.readBytes(of: name, from: start, into: first)
      try theirs.readBytes(of: name, from: start, into: second)
      guard let left = first.baseAddress, let right = second.baseAddress, memcmp(left, right, count) == 0 else {
        return false
      }
    }
    return true
  }
}
