/// A member of a ZIP archive, as the central directory describes it.
struct ZipMember: Sendable {
  let name: String
  let method: Int
  let checksum: UInt32
  /// Bytes of the array.
  let size: Int
  /// Bytes in the archive, fewer where they are compressed.
  let storedSize: Int
  let headerOffset: Int

  /// Whether the bytes are deflate data; the only other method that is read stores them as they are.
  var isCompressed: Bool { method == 8 }
}

/// The central directory of a ZIP archive.
struct ZipDirectory {
  let members: [ZipMember]

  init(_ file: PositionedFile) throws(TensorFileError) {
    func broken(_ rule: String, _ member: String? = nil) -> TensorFileError {
      .malformed(path: file.path, tensor: member, rule: rule)
    }
    // The end record is 22 bytes and a comment of at most 64 KiB.
    let tailStart = max(0, file.size - 22 - 0xFFFF)
    let tail = LittleEndian(try file.bytes(at: tailStart, count: file.size - tailStart))
    guard let end = tail.lastIndex(of: 0x0605_4B50, trailing: 22) else { throw broken("it is not a .npz archive") }
    guard tail.integer(end + 4, 2) == 0, tail.integer(end + 6, 2) == 0 else {
      throw broken("archives in several parts are not read")
    }
    var count = tail.integer(end + 10, 2)
    var size = tail.integer(end + 12, 4)
    var start = tail.integer(end + 16, 4)
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
      guard end >= 20, tail.integer(end - 20, 4) == 0x0706_4B50 else { throw broken("the zip64 locator is missing") }
      let position = tail.integer(end - 12, 8)
      guard position >= 0, position <= file.size - 56 else { throw broken("the zip64 record lies outside the file") }
      let record = LittleEndian(try file.bytes(at: position, count: 56))
      guard record.integer(0, 4) == 0x0606_4B50 else { throw broken("the zip64 record is missing") }
      (count, size, start) = (record.integer(32, 8), record.integer(40, 8), record.integer(48, 8))
    }
    guard start >= 0, size >= 0, start <= file.size, size <= file.size - start, count >= 0, count <= size / 46 else {
      throw broken("the directory lies outside the file")
    }
    let directory = LittleEndian(try file.bytes(at: start, count: size))
    var members: [ZipMember] = []
    var names = Set<ExactName>()
    var offset = 0
    for _ in 0..<count {
      guard offset + 46 <= size, directory.integer(offset, 4) == 0x0201_4B50 else {
        throw broken("an entry of the directory is broken")
      }
      let (nameLength, extraLength) = (directory.integer(offset + 28, 2), directory.integer(offset + 30, 2))
      let next = offset + 46 + nameLength + extraLength + directory.integer(offset + 32, 2)
      guard next <= size else { throw broken("an entry of the directory is cut off") }
      let nameBytes = directory.bytes[(offset + 46)..<(offset + 46 + nameLength)]
      guard let name = String(validating: nameBytes, as: UTF8.self) else { throw broken("a member name is not UTF-8") }
      if let rule = Self.brokenRule(of: name) { throw broken(rule, name) }
      guard names.insert(ExactName(name)).inserted else { throw broken("the archive has it twice", name) }
      guard directory.integer(offset + 8, 2) & 1 == 0 else { throw broken("it is encrypted", name) }
      let extra = directory.bytes[(offset + 46 + nameLength)..<(offset + 46 + nameLength + extraLength)]
      members.append(
        try Self.member(name, directory, offset, extra: LittleEndian(Array(extra)), file: file))
      offset = next
    }
    var free = 0
    for member in members.sorted(by: { $0.headerOffset < $1.headerOffset }) {
      guard member.headerOffset >= free else { throw broken("it overlaps another member", member.name) }
      free = member.headerOffset + 30 + member.name.utf8.count + member.storedSize
    }
    self.members = members
  }

  /// The rule that a member's name breaks: it may hold folders, as the names of arrays do, but not lead out of one.
  private static func brokenRule(of name: String) -> String? {
    if let rule = brokenNameRule(name) { return rule }
    if name.utf8.contains(UInt8(ascii: "\\")) { return "a member name holds a backslash [name]" }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let leadsOut = parts.first == "" || parts.contains("..")
    return leadsOut ? "a member name leads out of the archive [name]" : nil
  }

  private static func member(
    _ name: String, _ directory: LittleEndian, _ offset: Int, extra: LittleEndian, file: PositionedFile
  ) throws(TensorFileError) -> ZipMember {
    var compressed = directory.integer(offset + 20, 4)
    var size = directory.integer(offset + 24, 4)
    var header = directory.integer(offset + 42, 4)
    // The zip64 field holds, in this order, only what is all ones in the entry.
    if var field = extra.field(1) {
      if size == 0xFFFF_FFFF { size = field.next() }
      if compressed == 0xFFFF_FFFF { compressed = field.next() }
      if header == 0xFFFF_FFFF { header = field.next() }
    }
    let method = directory.integer(offset + 10, 2)
    func broken(_ rule: String) -> TensorFileError { .malformed(path: file.path, tensor: name, rule: rule) }
    guard header >= 0, header <= file.size - 30 else { throw broken("its local header lies outside the file") }
    // Sizes that do not fit into 63 bits arrive as -1.
    guard compressed >= 0, compressed <= file.size - 30 - header else { throw broken("its bytes end after the file") }
    guard size >= 0, method != 0 || compressed == size else {
      throw broken("its sizes in the directory contradict each other")
    }
    return ZipMember(
      name: name, method: method, checksum: UInt32(directory.integer(offset + 16, 4)), size: size,
      storedSize: compressed, headerOffset: header)
  }

  /// Where the bytes of a member lie, compressed where it is, after its local header.
  static func dataRange(of member: ZipMember, in file: PositionedFile) throws(TensorFileError) -> Range<Int> {
    func broken(_ rule: String) -> TensorFileError { .malformed(path: file.path, tensor: member.name, rule: rule) }
    let header = LittleEndian(try file.bytes(at: member.headerOffset, count: 30))
    guard header.integer(0, 4) == 0x0403_4B50 else { throw broken("its local header is missing") }
    let nameStart = member.headerOffset + 30
    let nameLength = header.integer(26, 2)
    guard nameLength <= file.size - nameStart,
      try file.bytes(at: nameStart, count: nameLength) == Array(member.name.utf8)
    else { throw broken("its local header has another name") }
    let start = nameStart + nameLength + header.integer(28, 2)
    guard start <= file.size, member.storedSize <= file.size - start else {
      throw broken("its bytes end after the file")
    }
    return start..<(start + member.storedSize)
  }
}

/// Little-endian integers at positions of a byte string.
private struct LittleEndian {
  let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The integer in `count` bytes at `offset`, -1 where they lie outside or do not fit.
  func integer(_ offset: Int, _ count: Int) -> Int {
    guard offset >= 0, offset + count <= bytes.count else { return -1 }
    let value = bytes[offset..<(offset + count)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value) ?? -1
  }

  /// The next eight-byte integer.
  mutating func next() -> Int {
    defer { position += 8 }
    return integer(position, 8)
  }

  /// The position of the last four-byte signature with at least `trailing` bytes from it on.
  func lastIndex(of signature: Int, trailing: Int) -> Int? {
    guard bytes.count >= trailing else { return nil }
    return (0...(bytes.count - trailing)).last { bytes[$0] == UInt8(signature & 0xFF) && integer($0, 4) == signature }
  }

  /// The content of the extra field with this number.
  func field(_ number: Int) -> LittleEndian? {
    var offset = 0
    while offset + 4 <= bytes.count {
      let length = integer(offset + 2, 2)
      guard offset + 4 + length <= bytes.count else { return nil }
      if integer(offset, 2) == number { return LittleEndian(Array(bytes[(offset + 4)..<(offset + 4 + length)])) }
      offset += 4 + length
    }
    return nil
  }
}
