import Foundation

/// The index of a sharded checkpoint: which file holds which tensor.
///
/// Its `total_size` is not read: writers disagree on what it counts.
struct CheckpointIndex {
  /// Tensor name to file name, each a plain name in the folder of the index.
  let shards: [ExactName: String]

  init(_ url: URL) throws(TensorFileError) {
    let file = try PositionedFile(url)
    guard file.size <= FormatLimit.indexBytes else {
      throw .malformed(path: file.path, tensor: nil, rule: "the index exceeds \(FormatLimit.indexBytes) bytes")
    }
    var scanner = JSONScanner(try file.bytes(at: 0, count: file.size))
    var map: [ExactName: String]?
    do {
      try scanner.object { (key, scanner) throws(JSONScanner.Failure) in
        guard ExactName(key) == "weight_map" else { return try scanner.skipValue() }
        var entries: [ExactName: String] = [:]
        try scanner.object { (name, scanner) throws(JSONScanner.Failure) in
          entries[ExactName(name)] = try scanner.string()
        }
        map = entries
      }
      try scanner.end()
    } catch {
      throw .malformed(path: file.path, tensor: nil, rule: "\(error.rule) (byte \(error.offset))")
    }
    guard let map else { throw .malformed(path: file.path, tensor: nil, rule: "the index has no weight_map") }
    for (tensor, name) in map.sorted(by: { $0.key < $1.key }) where !Self.isPlainName(name) {
      throw .malformed(
        path: file.path, tensor: tensor.text, rule: "the shard name \"\(name)\" is not a plain file name in the folder")
    }
    shards = map
  }

  private static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= FormatLimit.nameBytes && !name.hasPrefix(".") && !name.contains("..")
      && !name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0.value < 0x20 || $0.value == 0x7F }
  }
}
