public import Foundation
public import Tensor

/// The weights of a model in one file or in a folder of shards: the same calls for both.
public final class Checkpoint: Sendable {
  /// The file, folder or index that was opened.
  public let url: URL
  /// All tensors, by shard name and then in the order of their bytes.
  public let tensors: [TensorInfo]
  /// The metadata of the shards, the first shard winning where they differ.
  public let metadata: [String: String]
  /// Tensors that a shard holds but the index does not name: they are not listed.
  public let unmappedTensors: [String]

  private let shards: [ExactName: SafetensorsFile]
  /// `nil` where every tensor is of a type that holds numbers.
  private let rules: ContentRules?

  /// Opens a `.safetensors` file, an `*.index.json`, or a folder with either.
  ///
  /// In a folder an index decides which shards are read; without one every `.safetensors` file is, and their names
  /// must not overlap.
  ///
  /// - Throws: ``TensorFileError``, also for an index that names files outside of its folder.
  public convenience init(_ url: URL) throws(TensorFileError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw .notFound(path: url.relativePath)
    }
    if isFolder.boolValue {
      try self.init(folder: url)
    } else if url.lastPathComponent.hasSuffix(".json") {
      try self.init(index: url, opened: url)
    } else {
      try self.init(url, files: [SafetensorsFile(url)], map: nil)
    }
  }

  private convenience init(folder: URL) throws(TensorFileError) {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } catch {
      throw .cannotRead(path: folder.relativePath, reason: "the folder cannot be listed")
    }
    let visible = names.filter { !$0.hasPrefix(".") }
    let indexes = visible.filter { $0.hasSuffix(".safetensors.index.json") }
    if indexes.count > 1 {
      throw .malformed(
        path: folder.relativePath, tensor: nil, rule: "there are \(indexes.count) index files; name the one to open")
    }
    if let index = indexes.first {
      try self.init(index: folder.appending(path: index), opened: folder)
      return
    }
    var files: [SafetensorsFile] = []
    for name in visible where name.hasSuffix(".safetensors") {
      files.append(try SafetensorsFile(folder.appending(path: name)))
    }
    guard !files.isEmpty else {
      throw .malformed(
        path: folder.relativePath, tensor: nil, rule: "the folder holds no .safetensors file and no index")
    }
    try self.init(folder, files: files, map: nil)
  }

  private convenience init(index: URL, opened: URL) throws(TensorFileError) {
    let map = try CheckpointIndex(index).shards
    let folder = index.deletingLastPathComponent()
    let root = folder.resolvingSymlinksInPath().path
    var files: [SafetensorsFile] = []
    for name in Set(map.values).sorted(by: { ExactName($0) < ExactName($1) }) {
      let file = folder.appending(path: name)
      guard file.resolvingSymlinksInPath().deletingLastPathComponent().path == root else {
        throw .malformed(path: index.relativePath, tensor: nil, rule: "the shard \"\(name)\" leads out of the folder")
      }
      files.append(try SafetensorsFile(file))
    }
    try self.init(opened, files: files, map: map)
  }

  private init(_ url: URL, files: [SafetensorsFile], map: [ExactName: String]?) throws(TensorFileError) {
    self.url = url
    var tensors: [TensorInfo] = []
    var shards: [ExactName: SafetensorsFile] = [:]
    var unmapped: [String] = []
    for file in files {
      for info in file.tensors {
        if let map, map[ExactName(info.name)].map(ExactName.init) != ExactName(file.url.lastPathComponent) {
          unmapped.append(info.name)
          continue
        }
        if let other = shards.updateValue(file, forKey: ExactName(info.name)) {
          throw .malformed(
            path: file.url.relativePath, tensor: info.name, rule: "it is also in \(other.url.lastPathComponent)")
        }
        tensors.append(info)
      }
    }
    if let missing = map?.keys.filter({ shards[$0] == nil }).min() {
      throw .malformed(
        path: url.relativePath, tensor: missing.text, rule: "the shard that the index names does not hold it")
    }
    self.tensors = tensors
    self.shards = shards
    unmappedTensors = unmapped.filter { shards[ExactName($0)] == nil }
    rules = tensors.contains { $0.type.mayBeCodes } ? Self.rules(for: tensors, at: url, isWhole: map != nil) : nil
    metadata = files.reversed().reduce(into: [:]) { $0.merge($1.metadata) { $1 } }
  }

  /// The tensor of this name, if there is one.
  public subscript(name: String) -> TensorInfo? { shards[ExactName(name)]?[name] }

  /// What the entries of a tensor stand for: numbers, integers, or the codes of a quantized weight.
  ///
  /// Codes are recognised by their integer or small floating-point type together with the scales, zero points or maps
  /// that stand beside them, in any shard; by names that only packed weights have; and, for matrices of such types, by
  /// a name that ends in `weight` or by a configuration that names a scheme. Sources: the layouts that MLX, GPTQ, AWQ,
  /// bitsandbytes, compressed-tensors, modelopt and the float8 writers document.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``.
  public func content(of name: String) throws(TensorFileError) -> TensorContent {
    let info = try file(holding: name).tensor(name)
    return rules?.content(of: info) ?? ContentRules.content(of: info.type)
  }

  /// The file that holds a tensor.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``.
  public func file(holding name: String) throws(TensorFileError) -> SafetensorsFile {
    if let file = shards[ExactName(name)] { return file }
    throw .missingTensor(
      path: url.relativePath, name: name, available: shortList(of: tensors.map(\.name), nearestTo: name))
  }

  /// Reads elements of a tensor: ``SafetensorsFile/read(_:elements:into:)`` of its shard.
  public func read<Element: MatrixScalar>(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableBufferPointer<Element>
  ) throws(TensorFileError) {
    try file(holding: name).read(name, elements: elements, into: target)
  }

  /// Appends the bytes of a tensor to a writer as they are, whatever its type.
  ///
  /// - Throws: ``TensorFileError`` from reading or writing.
  public func copyBytes(of name: String, to writer: SafetensorsWriter) throws(TensorFileError) {
    try file(holding: name).copyBytes(of: name, to: writer)
  }
}

extension Checkpoint {
  /// The rules for the codes of a model: with the configuration of its folder, and where one shard was opened with the
  /// names that the index beside it lists.
  private static func rules(for tensors: [TensorInfo], at url: URL, isWhole: Bool) -> ContentRules {
    let isFolder = (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
    let folder = isFolder ? url : url.deletingLastPathComponent()
    var elsewhere = Set<ExactName>()
    if !isFolder, !isWhole, let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) {
      for name in names where name.hasSuffix(".safetensors.index.json") {
        guard let index = try? CheckpointIndex(folder.appending(path: name)),
          index.shards.values.contains(where: { ExactName($0) == ExactName(url.lastPathComponent) })
        else { continue }
        elsewhere.formUnion(index.shards.keys)
      }
    }
    return ContentRules(tensors, elsewhere: elsewhere, scheme: QuantizationConfig.scheme(in: folder))
  }
}
