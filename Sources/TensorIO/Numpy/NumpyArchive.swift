public import Foundation

/// A `.npz` archive whose members are stored without compression, as `numpy.savez` writes them.
///
/// Sizes come from the central directory: numpy's local headers leave them to an extra field. Every member that is
/// opened is checked against its CRC-32.
public final class NumpyArchive: Sendable {
  /// The names of the arrays, without `.npy`, in the order of the archive.
  public let names: [String]

  private let file: PositionedFile
  private let members: [String: ZipMember]

  /// Opens an archive and checks its directory.
  ///
  /// - Throws: ``TensorFileError`` for a broken, encrypted or split archive and for member names that are paths.
  public init(_ url: URL) throws(TensorFileError) {
    file = try PositionedFile(url)
    let directory = try ZipDirectory(file).members
    var members: [String: ZipMember] = [:]
    var names: [String] = []
    for member in directory where member.name.hasSuffix(".npy") {
      let name = String(member.name.dropLast(4))
      guard members.updateValue(member, forKey: name) == nil else {
        throw .malformed(path: file.path, tensor: name, rule: "the archive has it twice")
      }
      names.append(name)
    }
    self.members = members
    self.names = names
  }

  /// One array of the archive.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``;
  ///   ``TensorFileError/malformed(path:tensor:rule:)`` for a compressed member or one that fails its check sum.
  /// - Complexity: one pass over the bytes of the member.
  public func array(_ name: String) throws(TensorFileError) -> NumpyFile {
    guard let member = members[name] else {
      throw .missingTensor(path: file.path, name: name, available: shortList(of: names, nearestTo: name))
    }
    guard member.method == 0 else {
      throw .malformed(
        path: file.path, tensor: name, rule: "it is compressed; save with numpy.savez, not savez_compressed")
    }
    let range = try ZipDirectory.dataRange(of: member, in: file)
    guard try checksum(of: range) == member.checksum else {
      throw .malformed(path: file.path, tensor: name, rule: "its CRC-32 does not match: the file is damaged")
    }
    return try NumpyFile(file, in: range, label: name)
  }

  private func checksum(of range: Range<Int>) throws(TensorFileError) -> UInt32 {
    var crc = CRC32()
    for start in stride(from: range.lowerBound, to: range.upperBound, by: blockBytes) {
      crc.update(try file.bytes(at: start, count: min(blockBytes, range.upperBound - start)))
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

  mutating func update(_ bytes: [UInt8]) {
    state = Self.table.withUnsafeBufferPointer { table in
      bytes.reduce(state) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    }
  }
}
