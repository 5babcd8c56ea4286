/// The checked header of a safetensors file.
///
/// Layout: eight bytes with the header length N, little-endian; N bytes of JSON; then the data, which the ranges of
/// the tensors must tile without gap or overlap up to the last byte of the file.
struct SafetensorsHeader {
  /// The tensors in the order of their bytes.
  let tensors: [TensorInfo]
  let metadata: [String: String]

  init(_ file: PositionedFile) throws(TensorFileError) {
    if let refusal = FileKind(file)?.refusal(path: file.path, as: .safetensors) { throw refusal }
    let length = try Self.headerLength(file)
    let header = try Self.parse(file, length)
    metadata = header.metadata
    tensors = try Self.place(header.entries, from: 8 + length, in: file)
  }

  private static func broken(_ file: PositionedFile, _ rule: String, _ tensor: String? = nil) -> TensorFileError {
    .malformed(path: file.path, tensor: tensor, rule: rule)
  }

  /// N, checked against the size of the file.
  private static func headerLength(_ file: PositionedFile) throws(TensorFileError) -> Int {
    guard file.size >= 8 else { throw broken(file, "\(file.size) bytes are too few for a safetensors file") }
    let length = try file.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length > 0 else { throw broken(file, "the header length is 0") }
    guard length <= FormatLimit.headerBytes else {
      throw broken(file, "the header length \(length) exceeds the limit of \(FormatLimit.headerBytes) bytes")
    }
    guard length <= file.size - 8 else {
      throw broken(file, "the header length \(length) exceeds the file of \(file.size) bytes")
    }
    guard try file.bytes(at: 8, count: 1) == [UInt8(ascii: "{")] else {
      throw broken(file, "the header does not start with \"{\"")
    }
    return Int(length)
  }

  /// The entries of the JSON, not checked against the file.
  private static func parse(
    _ file: PositionedFile, _ length: Int
  ) throws(TensorFileError) -> (entries: [Entry], metadata: [String: String]) {
    var scanner = JSONScanner(try file.bytes(at: 8, count: length))
    do throws(JSONScanner.Failure) { return try scan(&scanner) } catch {
      throw broken(file, "\(error.rule) (byte \(8 + error.offset))")
    }
  }

  /// The tensors by the order of their bytes, which must tile the data.
  private static func place(
    _ entries: [Entry], from dataStart: Int, in file: PositionedFile
  ) throws(TensorFileError) -> [TensorInfo] {
    var placed: [TensorInfo] = []
    placed.reserveCapacity(entries.count)
    var end = 0
    for entry in entries.sorted(by: { $0.key < $1.key }) {
      let type = try checkedType(entry, file)
      guard entry.begin == end else {
        throw broken(
          file,
          "its data start at byte \(entry.begin) where \(end) is due: tensors must follow each other without gap "
            + "or overlap", entry.name)
      }
      end = entry.end
      guard end <= file.size - dataStart else { throw broken(file, "its data end after the file", entry.name) }
      placed.append(
        TensorInfo(
          name: entry.name, type: type, shape: entry.shape,
          byteRange: (dataStart + entry.begin)..<(dataStart + entry.end)))
    }
    guard end == file.size - dataStart else {
      throw broken(file, "\(file.size - dataStart - end) bytes follow the last tensor")
    }
    return placed
  }

  /// The type of an entry whose name, shape and bytes are checked to go together.
  private static func checkedType(_ entry: Entry, _ file: PositionedFile) throws(TensorFileError) -> ElementType {
    let name = entry.name
    if let rule = brokenNameRule(name) { throw broken(file, rule, name) }
    guard let type = ElementType(rawValue: entry.type) else {
      throw broken(file, "the dtype \"\(entry.type)\" is unknown", name)
    }
    guard entry.end >= entry.begin else { throw broken(file, "data_offsets run backwards", name) }
    guard let size = byteCount(of: entry.shape, type) else {
      throw broken(file, "the shape \(entry.shape) of \(type.rawValue) has no valid size in bytes", name)
    }
    guard entry.end - entry.begin == size else {
      throw broken(
        file,
        "data_offsets span \(entry.end - entry.begin) bytes, the shape \(entry.shape) of \(type.rawValue) needs "
          + "\(size)", name)
    }
    return type
  }

  private struct Entry {
    var name: String
    var type = ""
    var shape: [Int] = []
    var begin = 0
    var end = 0

    /// The order of the bytes, and of the names where tensors without entries share a place.
    var key: (Int, Int, ExactName) { (begin, end, ExactName(name)) }
  }

  private static func scan(
    _ scanner: inout JSONScanner
  ) throws(JSONScanner.Failure) -> (entries: [Entry], metadata: [String: String]) {
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    try scanner.object { (key, scanner) throws(JSONScanner.Failure) in
      if ExactName(key) == "__metadata__" {
        if scanner.peek() == UInt8(ascii: "n") { return try scanner.word("null") }
        try scanner.object { (key, scanner) throws(JSONScanner.Failure) in
          guard key.utf8.count <= FormatLimit.nameBytes else {
            throw scanner.failure("a key of the metadata is too long")
          }
          metadata[key] = try scanner.string()
        }
      } else {
        entries.append(try scanEntry(key, &scanner))
      }
    }
    try scanner.end()
    return (entries, metadata)
  }

  private static func scanEntry(
    _ name: String, _ scanner: inout JSONScanner
  ) throws(JSONScanner.Failure) -> Entry {
    var entry = Entry(name: name)
    var offsets: [Int] = []
    var seen = Set<ExactName>()
    try scanner.object { (key, scanner) throws(JSONScanner.Failure) in
      seen.insert(ExactName(key))
      switch ExactName(key) {
      case "dtype": entry.type = try scanner.string()
      case "shape":
        try scanner.array { (scanner) throws(JSONScanner.Failure) in
          entry.shape.append(try scanner.count())
          if entry.shape.count > FormatLimit.rank {
            throw scanner.failure("tensor \"\(name)\" has more than \(FormatLimit.rank) dimensions")
          }
        }
      case "data_offsets":
        try scanner.array { (scanner) throws(JSONScanner.Failure) in offsets.append(try scanner.count()) }
      default: try scanner.skipValue()
      }
    }
    for field in ["dtype", "shape", "data_offsets"] where !seen.contains(ExactName(field)) {
      throw scanner.failure("tensor \"\(name)\" has no \(field)")
    }
    guard offsets.count == 2 else {
      throw scanner.failure("tensor \"\(name)\" has \(offsets.count) data_offsets, not 2")
    }
    (entry.begin, entry.end) = (offsets[0], offsets[1])
    return entry
  }
}
