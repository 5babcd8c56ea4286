/// The checked header of a safetensors file.
///
/// Layout: eight bytes with the header length N, little-endian; N bytes of JSON; then the data, which the ranges of
/// the tensors must tile without gap or overlap up to the last byte of the file.
struct SafetensorsHeader {
  /// In the order of their bytes.
  let tensors: [TensorInfo]
  let metadata: [String: String]

  init(_ file: PositionedFile) throws(TensorFileError) {
    let path = file.path
    func broken(_ rule: String, _ tensor: String? = nil) -> TensorFileError {
      .malformed(path: path, tensor: tensor, rule: rule)
    }
    if let refusal = FileKind(file)?.refusal(path: path, as: .safetensors) { throw refusal }
    guard file.size >= 8 else { throw broken("\(file.size) bytes are too few for a safetensors file") }
    let length = try file.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length > 0 else { throw broken("the header length is 0") }
    guard length <= FormatLimit.headerBytes else {
      throw broken("the header length \(length) exceeds the limit of \(FormatLimit.headerBytes) bytes")
    }
    guard length <= file.size - 8 else {
      throw broken("the header length \(length) exceeds the file of \(file.size) bytes")
    }
    let dataStart = 8 + Int(length)
    guard try file.bytes(at: 8, count: 1) == [UInt8(ascii: "{")] else {
      throw broken("the header does not start with \"{\"")
    }
    let parsed: (entries: [Entry], metadata: [String: String])
    do {
      var scanner = JSONScanner(try file.bytes(at: 8, count: Int(length)))
      parsed = try Self.scan(&scanner)
    } catch let failure as JSONScanner.Failure {
      throw broken("\(failure.rule) (byte \(8 + failure.offset))")
    } catch let error as TensorFileError {
      throw error
    } catch {
      throw broken("\(error)")
    }
    metadata = parsed.metadata
    var checked: [TensorInfo] = []
    checked.reserveCapacity(parsed.entries.count)
    var end = 0
    for entry in parsed.entries.sorted(by: { $0.key < $1.key }) {
      let name = entry.name
      if let rule = brokenNameRule(name) { throw broken(rule, name) }
      guard let type = ElementType(rawValue: entry.type) else {
        throw broken("the dtype \"\(entry.type)\" is unknown", name)
      }
      guard entry.end >= entry.begin else { throw broken("data_offsets run backwards", name) }
      guard let size = byteCount(of: entry.shape, type) else {
        throw broken("the shape \(entry.shape) of \(type.rawValue) has no valid size in bytes", name)
      }
      guard entry.end - entry.begin == size else {
        throw broken(
          "data_offsets span \(entry.end - entry.begin) bytes, the shape \(entry.shape) of \(type.rawValue) needs "
            + "\(size)", name)
      }
      guard entry.begin == end else {
        throw broken(
          "its data start at byte \(entry.begin) where \(end) is due: tensors must follow each other without gap "
            + "or overlap", name)
      }
      end = entry.end
      guard end <= file.size - dataStart else { throw broken("its data end after the file", name) }
      checked.append(
        TensorInfo(
          name: name, type: type, shape: entry.shape,
          byteRange: (dataStart + entry.begin)..<(dataStart + entry.end)))
    }
    guard end == file.size - dataStart else {
      throw broken("\(file.size - dataStart - end) bytes follow the last tensor")
    }
    tensors = checked
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
