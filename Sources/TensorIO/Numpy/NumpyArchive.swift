public import Foundation

/// A `.npz` archive, as `numpy.savez` and `numpy.savez_compressed` write them.
///
/// Sizes come from the central directory: numpy's local headers leave them to an extra field. Every member that is
/// opened is checked against its CRC-32. A compressed member is unpacked once to check it and only then held.
public final class NumpyArchive: Sendable {
  /// The names of the arrays, without `.npy`, in the order of the archive.
  public let names: [String]

  private let file: PositionedFile
  private let members: [ExactName: ZipMember]

  /// Opens an archive and checks its directory.
  ///
  /// - Throws: ``TensorFileError`` for a broken, encrypted or split archive and for member names that lead out of it.
  public init(_ url: URL) throws(TensorFileError) {
    file = try PositionedFile(url)
    if let refusal = FileKind(file)?.refusal(path: file.path, as: .npz) { throw refusal }
    let directory = try ZipDirectory(file).members
    var members: [ExactName: ZipMember] = [:]
    var names: [String] = []
    for member in directory where member.name.hasExactSuffix(".npy") {
      let name = member.name.dropLastBytes(4)
      guard members.updateValue(member, forKey: ExactName(name)) == nil else {
        throw .malformed(path: file.path, tensor: name, rule: "the archive has it twice [duplicate-name]")
      }
      names.append(name)
    }
    self.members = members
    self.names = names
  }

  /// One array of the archive.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``;
  ///   ``TensorFileError/malformed(path:tensor:rule:)`` for a member that fails its check sum, breaks the rules of
  ///   deflate (RFC 1951) or is compressed in another way.
  /// - Complexity: one pass over the bytes of a stored member, two over those of a compressed one, which is then held.
  public func array(_ name: String) throws(TensorFileError) -> NumpyFile {
    func broken(_ rule: String) -> TensorFileError { .malformed(path: file.path, tensor: name, rule: rule) }
    guard let member = members[ExactName(name)] else {
      throw .missingTensor(path: file.path, name: name, available: shortList(of: names, nearestTo: name))
    }
    let damaged = "its CRC-32 does not match: the file is damaged [crc]"
    let range = try ZipDirectory.dataRange(of: member, in: file)
    switch member.method {
    case 0:
      guard try checksum(of: range) == member.checksum else { throw broken(damaged) }
      return try NumpyFile(file, in: range, label: name)
    case 8:
      // A byte of deflate data unpacks to less than 1033.
      guard member.size / 1033 <= member.storedSize else {
        throw broken("\(member.storedSize) compressed bytes cannot unpack to the \(member.size) declared ones")
      }
      var crc = CRC32()
      var first = Inflater(file, in: range, size: member.size)
      try first.run(broken) { crc.update($0) }
      guard crc.value == member.checksum else { throw broken(damaged) }
      try MemoryLimit.check(member.size, width: 1, path: file.path, tensor: name)
      var content: [UInt8] = []
      content.reserveCapacity(member.size)
      var second = Inflater(file, in: range, size: member.size)
      try second.run(broken) { content.append(contentsOf: $0) }
      // The file may have changed between the two passes.
      guard content.count == member.size else { throw .truncated(path: file.path) }
      return try NumpyFile(UnpackedBytes(path: file.path, content: content), in: 0..<content.count, label: name)
    default:
      throw broken("it is compressed by method \(member.method); save with numpy.savez_compressed [compressed]")
    }
  }

  private func checksum(of range: Range<Int>) throws(TensorFileError) -> UInt32 {
    var crc = CRC32()
    for start in stride(from: range.lowerBound, to: range.upperBound, by: blockBytes) {
      let block = try file.bytes(at: start, count: min(blockBytes, range.upperBound - start))
      block.withUnsafeBytes { crc.update($0) }
    }
    return crc.value
  }
}

/// The cyclic redundancy check of ZIP, polynomial 0xEDB88320.
struct CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  private var state: UInt32 = .max

  var value: UInt32 { ~state }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    state = Self.table.withUnsafeBufferPointer { table in
      bytes.reduce(state) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    }
  }
}
