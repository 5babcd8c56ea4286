public import Foundation
import Synchronization
public import Tensor

/// A `.npz` archive, as `numpy.savez` and `numpy.savez_compressed` write them.
///
/// Sizes come from the central directory: numpy's local headers leave them to an extra field. Every member that is read
/// is checked against its CRC-32. A compressed member is unpacked once to check it and only then held, until another
/// array is read.
///
/// ```swift
/// let archive = try NumpyArchive("activations.npz")
/// for array in archive { print(array.name, array.type, array.shape) }
/// let rows: Matrix<Float> = try archive.matrix("hidden", at: .layer(12))
/// ```
public final class NumpyArchive: TensorSource {
  /// The file.
  public let url: URL
  /// The names of the arrays, without `.npy`, in the order of the archive.
  public let names: [String]

  private let file: PositionedFile
  private let members: [ExactName: ZipMember]
  /// The array that was read last, so that reading it in parts checks and unpacks it once.
  private let lastArray = Mutex<(name: ExactName, array: NumpyFile)?>(nil)

  /// Opens an archive and checks its directory.
  ///
  /// - Throws: ``TensorFileError`` for a broken, encrypted or split archive and for member names that lead out of it.
  public init(_ location: some FileLocation) throws(TensorFileError) {
    url = location.fileURL
    file = try PositionedFile(url)
    if let refusal = FileKind(file)?.refusal(path: file.path, as: .npz) { throw refusal }
    let directory = try ZipDirectory(file).members
    var members: [ExactName: ZipMember] = [:]
    var names: [String] = []
    for member in directory where FileEnding.npy.ends(member.name) {
      let name = FileEnding.npy.removed(from: member.name)
      guard members.updateValue(member, forKey: ExactName(name)) == nil else {
        throw .malformed(path: file.path, tensor: name, rule: "the archive has it twice [duplicate-name]")
      }
      names.append(name)
    }
    self.members = members
    self.names = names
  }

  /// The array of this name: what its header says. Its numbers are checked when they are read.
  ///
  /// - Throws: as ``array(_:)``, but not for a damaged array whose header is sound.
  public func tensor(_ name: String) throws(TensorFileError) -> StoredTensor {
    let header: NumpyHeader
    do {
      header = try self.header(of: try member(name), name)
    } catch {
      // Where the bytes are damaged, that is the reason, and not what they seem to say.
      _ = try array(name)
      throw error
    }
    return StoredTensor(
      name: name, type: header.type, shape: header.shape, content: ContentRules.content(of: header.type), in: self)
  }

  /// Reads elements of an array in row-major order: ``TensorSource/read(_:elements:into:)``.
  public func read<Scalar: MatrixScalar>(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableBufferPointer<Scalar>
  ) throws(TensorFileError) {
    try heldArray(name).read(name, elements: elements, into: target)
  }

  /// Reads a matrix of an array: ``TensorSource/matrix(_:at:as:progress:)``.
  public func readMatrix<Scalar: MatrixScalar>(
    _ name: String, at selection: MatrixSelection, progress: ProgressHandler?
  ) throws(TensorFileError) -> Matrix<Scalar> {
    try heldArray(name).readMatrix(name, at: selection, progress: progress)
  }

  /// One array of the archive, checked and unpacked.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``;
  ///   ``TensorFileError/malformed(path:tensor:rule:)`` for a member that fails its check sum, breaks the rules of
  ///   deflate (RFC 1951) or is compressed in another way.
  /// - Complexity: one pass over the bytes of a stored member, two over those of a compressed one, which is then held.
  public func array(_ name: String) throws(TensorFileError) -> NumpyFile {
    let member = try member(name)
    let range = try ZipDirectory.dataRange(of: member, in: file)
    let damaged = TensorFileError.malformed(
      path: file.path, tensor: name, rule: "its CRC-32 does not match: the file is damaged [crc]")
    guard member.isCompressed else {
      guard try checksum(of: range) == member.checksum else { throw damaged }
      return try NumpyFile(file, at: url, in: range, label: name)
    }
    let content = try unpack(member, name, from: range, .all(orFailing: damaged))
    return try NumpyFile(
      UnpackedBytes(path: file.path, content: content), at: url, in: 0..<content.count, label: name)
  }

  private func header(of member: ZipMember, _ name: String) throws(TensorFileError) -> NumpyHeader {
    let range = try ZipDirectory.dataRange(of: member, in: file)
    guard member.isCompressed else { return try NumpyHeader(file, in: range, label: name) }
    let start = UnpackedBytes(path: file.path, content: try unpack(member, name, from: range, .header))
    return try NumpyHeader(start, in: 0..<member.size, label: name)
  }

  private func heldArray(_ name: String) throws(TensorFileError) -> NumpyFile {
    if let held = lastArray.withLock({ $0 }), held.name == ExactName(name) { return held.array }
    // The one before is given up first: two would need twice the memory.
    lastArray.withLock { $0 = nil }
    let array = try array(name)
    lastArray.withLock { $0 = (ExactName(name), array) }
    return array
  }

  private func member(_ name: String) throws(TensorFileError) -> ZipMember {
    guard let member = members[ExactName(name)] else {
      throw .missingTensor(path: file.path, name: name, available: shortList(of: names, nearestTo: name))
    }
    guard [0, 8].contains(member.method) else {
      throw .malformed(
        path: file.path, tensor: name,
        rule: "it is compressed by method \(member.method); save with numpy.savez_compressed [compressed]")
    }
    return member
  }

  /// How much of a compressed member is unpacked.
  private enum Extent {
    /// As much as a header can take, unchecked.
    case header
    /// All of it, unless its check sum is wrong.
    case all(orFailing: TensorFileError)
  }

  private func unpack(
    _ member: ZipMember, _ name: String, from range: Range<Int>, _ extent: Extent
  ) throws(TensorFileError) -> [UInt8] {
    func broken(_ rule: String) -> TensorFileError { .malformed(path: file.path, tensor: name, rule: rule) }
    // A byte of deflate data unpacks to less than 1033.
    guard member.size / 1033 <= member.storedSize else {
      throw broken("\(member.storedSize) compressed bytes cannot unpack to the \(member.size) declared ones")
    }
    var content: [UInt8] = []
    var inflater = Inflater(file, in: range, size: member.size)
    guard case .all(let damaged) = extent else {
      try inflater.run(broken, first: NumpyHeader.longest) {
        // A block may unpack to any number of bytes, which nobody asked for.
        if content.count < NumpyHeader.longest { content.append(contentsOf: $0) }
      }
      return content
    }
    var crc = CRC32()
    try inflater.run(broken) { crc.update($0) }
    guard crc.value == member.checksum else { throw damaged }
    try MemoryLimit.check(member.size, width: 1, path: file.path, tensor: name)
    content.reserveCapacity(member.size)
    inflater = Inflater(file, in: range, size: member.size)
    try inflater.run(broken) { content.append(contentsOf: $0) }
    // The file may have changed between the two passes.
    guard content.count == member.size else { throw .truncated(path: file.path) }
    return content
  }

  private func checksum(of range: Range<Int>) throws(TensorFileError) -> UInt32 {
    var crc = CRC32()
    for start in stride(from: range.lowerBound, to: range.upperBound, by: blockBytes) {
      let block = try file.bytes(at: start, count: Swift.min(blockBytes, range.upperBound - start))
      block.withUnsafeBytes { crc.update($0) }
    }
    return crc.value
  }
}
