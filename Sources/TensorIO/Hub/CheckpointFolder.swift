import Foundation

/// What a folder holds, as far as a checkpoint is looked for in it.
struct CheckpointFolder {
  let url: URL
  /// The names in the folder that are not hidden, in the order of their bytes.
  let names: [String]

  init(_ url: URL) throws(TensorFileError) {
    self.url = url
    guard let entries = SystemPath(url).entries else {
      throw .cannotRead(path: url.relativePath, reason: "the folder cannot be listed")
    }
    names = entries.filter { !$0.hasPrefix(".") }
  }

  /// The index of the shards, `nil` where there is none.
  ///
  /// - Throws: ``TensorFileError/malformed(path:tensor:rule:)`` for more than one.
  func index() throws(TensorFileError) -> URL? {
    let found = names.filter(FileEnding.index.ends)
    guard found.count <= 1 else {
      throw refusal("it holds the indexes of \(found.count) variants, \(listed(found)); name the one to open")
    }
    return found.first.map { url.appending(path: $0) }
  }

  /// The tensor files of a folder without an index.
  ///
  /// - Throws: ``TensorFileError/malformed(path:tensor:rule:)`` where there are none, with what is there instead.
  func files() throws(TensorFileError) -> [URL] {
    let found = names.filter(FileEnding.safetensors.ends)
    guard found.isEmpty else { return found.map { url.appending(path: $0) } }
    throw refusal("the folder holds no .safetensors file and no index" + (hint.map { "; \($0)" } ?? ""))
  }

  /// Two files of the folder hold the same tensor: it is no sharded model.
  func refusalOfRepetition(_ tensor: String, in first: String, and second: String) -> TensorFileError {
    let files = names.filter(FileEnding.safetensors.ends)
    let advice =
      if Self.isSeries(files) {
        "the files look like the checkpoints of a run: give the folder to a command that follows runs, such as "
          + "`linstruct extrapolate --checkpoints`, or name one file"
      } else {
        "the folder holds two variants of one model, or two models; name the file to open, such as "
          + url.appending(path: first).relativePath
      }
    return .malformed(path: url.relativePath, tensor: tensor, rule: "it is in \(first) and in \(second): \(advice)")
  }

  // MARK: What else it may be

  private var hint: String? {
    let folders = names.filter { SystemPath(url.appending(path: $0)).isFolder }
    if names.contains("zero_to_fp32.py") {
      return "it is a DeepSpeed checkpoint: run its zero_to_fp32.py first [refused-folder]"
    }
    if names.contains(where: FileEnding.distcp.ends) {
      return "it is an FSDP checkpoint: run `accelerate merge-weights` first [refused-folder]"
    }
    if names.contains("fsdp_config.json") || names.contains(where: { $0.hasPrefix("model_world_size_") }) {
      return "it is a verl checkpoint: run verl.model_merger first [refused-folder]"
    }
    if Self.isSeries(folders) {
      return "its folders look like the checkpoints of a run: give it to a command that follows runs, such as "
        + "`linstruct extrapolate --checkpoints`, or name one of \(listed(folders))"
    }
    let filled = folders.filter { name in
      SystemPath(url.appending(path: name)).entries?.contains(where: FileEnding.safetensors.ends) == true
    }
    if !filled.isEmpty { return "name one of its folders: \(listed(filled))" }
    for name in names where FileEnding.foreign.contains(where: { $0.ends(name) }) {
      guard let kind = FileKind(of: url.appending(path: name)), let advice = kind.advice else { continue }
      return "\(name) is \(kind.rawValue): \(advice)"
    }
    return nil
  }

  /// Whether at least two names differ in their last number only, and are not the shards of one model.
  private static func isSeries(_ names: [String]) -> Bool {
    var seen = Set<String>()
    for name in names where !name.contains(/[0-9]+-of-[0-9]+/) {
      guard let number = name.matches(of: /[0-9]+/).last else { continue }
      let pattern = name.replacingCharacters(in: number.range, with: "#")
      guard seen.insert(pattern).inserted else { return true }
    }
    return false
  }

  private func refusal(_ rule: String) -> TensorFileError {
    .malformed(path: url.relativePath, tensor: nil, rule: rule)
  }

  private func listed(_ names: [String]) -> String { shortList(of: names).joined(separator: ", ") }
}
