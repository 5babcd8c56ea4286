public import Foundation
public import Tensor

/// The weights of a model in one file or in a folder of shards: the same calls for both.
///
/// ```swift
/// let model = try Checkpoint("models/small")
/// for tensor in model { print(tensor.name, tensor.type, tensor.shape) }
/// let weights: [String: Matrix<Float>] = try model.matrices()
/// ```
public final class Checkpoint: TensorSource {
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
  /// must not overlap. Links are followed: the shards of a snapshot in the hub's cache are links to its blobs.
  ///
  /// - Throws: ``TensorFileError``, also for an index that names files outside of its folder, for a link that leads out
  ///   of a repository of the hub's cache, and for a folder that holds a run of checkpoints or two variants of a model,
  ///   with the command or the name to use.
  public convenience init(_ location: some FileLocation) throws(TensorFileError) {
    let url = location.fileURL
    let path = SystemPath(url)
    guard path.exists else { throw .notFound(path: url.relativePath) }
    if path.isFolder {
      let folder = try CheckpointFolder(url)
      if let index = try folder.index() {
        try self.init(index: index, in: folder, opened: url)
      } else {
        var files: [SafetensorsFile] = []
        for file in try folder.files() {
          try HubSnapshot.check(file, in: url)
          files.append(try SafetensorsFile(file))
        }
        try self.init(url, files: files, map: nil, folder: folder)
      }
    } else if FileEnding.json.ends(url.lastPathComponent) {
      try self.init(index: url, in: CheckpointFolder(url.deletingLastPathComponent()), opened: url)
    } else {
      try self.init(url, files: [SafetensorsFile(url)], map: nil, folder: nil)
    }
  }

  private convenience init(index: URL, in folder: CheckpointFolder, opened: URL) throws(TensorFileError) {
    let map = try CheckpointIndex(index).shards
    var files: [SafetensorsFile] = []
    for name in Set(map.values.map { ExactName($0) }).sorted() {
      let shard = index.deletingLastPathComponent().appending(path: name.text)
      try HubSnapshot.check(shard, in: folder.url)
      files.append(try SafetensorsFile(shard))
    }
    try self.init(opened, files: files, map: map, folder: folder)
  }

  private init(_ url: URL, files: [SafetensorsFile], map: [ExactName: String]?, folder: CheckpointFolder?)
    throws(TensorFileError)
  {
    self.url = url
    var tensors: [TensorInfo] = []
    var shards: [ExactName: SafetensorsFile] = [:]
    var unmapped: [String] = []
    for file in files {
      for info in file.tensors {
        if let map, map[ExactName(info.name)].map({ ExactName($0) }) != ExactName(file.url.lastPathComponent) {
          unmapped.append(info.name)
          continue
        }
        if let other = shards.updateValue(file, forKey: ExactName(info.name)) {
          let names = (other.url.lastPathComponent, file.url.lastPathComponent)
          throw folder?.refusalOfRepetition(info.name, in: names.0, and: names.1)
            ?? .malformed(path: file.url.relativePath, tensor: info.name, rule: "it is also in \(names.0)")
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

  /// The names of all tensors, in the order of ``tensors``.
  public var names: [String] { tensors.map(\.name) }

  /// The tensor of this name, with what its entries stand for.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``.
  public func tensor(_ name: String) throws(TensorFileError) -> StoredTensor {
    let file = try file(holding: name)
    let info = try file.info(of: name)
    return StoredTensor(info, content: rules?.content(of: info) ?? ContentRules.content(of: info.type), in: file)
  }

  /// What the entries of a tensor stand for: numbers, integers, or the codes of a quantized weight.
  ///
  /// Codes are recognised by their integer or small floating-point type together with the scales, zero points or maps
  /// that stand beside them, in any shard; by names that only packed weights have; and, for matrices of such types, by
  /// a name that ends in `weight` or by a configuration that names a scheme. Sources: the layouts that MLX, GPTQ, AWQ,
  /// bitsandbytes, compressed-tensors, modelopt and the float8 writers document.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``.
  public func content(of name: String) throws(TensorFileError) -> TensorContent { try tensor(name).content }

  /// The file that holds a tensor.
  ///
  /// - Throws: ``TensorFileError/missingTensor(path:name:available:)``.
  public func file(holding name: String) throws(TensorFileError) -> SafetensorsFile {
    if let file = shards[ExactName(name)] { return file }
    throw .missingTensor(
      path: url.relativePath, name: name, available: shortList(of: names, nearestTo: name))
  }

  /// Reads elements of a tensor from its shard: ``TensorSource/read(_:elements:into:)``.
  public func read<Scalar: MatrixScalar>(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableBufferPointer<Scalar>
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
    let isFolder = SystemPath(url).isFolder
    let folder = isFolder ? url : url.deletingLastPathComponent()
    var elsewhere = Set<ExactName>()
    if !isFolder, !isWhole, let names = SystemPath(folder).entries {
      for name in names where FileEnding.index.ends(name) {
        guard let index = try? CheckpointIndex(folder.appending(path: name)),
          index.shards.values.contains(where: { ExactName($0) == ExactName(url.lastPathComponent) })
        else { continue }
        elsewhere.formUnion(index.shards.keys)
      }
    }
    return ContentRules(tensors, elsewhere: elsewhere, scheme: QuantizationConfig.scheme(in: folder))
  }
}
