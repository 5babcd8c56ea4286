import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

@Suite struct CheckpointTests {
  private func folder() throws -> TemporaryFolder {
    let scratch = try TemporaryFolder()
    for (shard, name, value) in [(1, "a", Float(1)), (2, "b", 2)] {
      try SafetensorsFile.write(
        [NamedTensor(name, Vector<Float>([value]))], metadata: ["format": "pt"],
        to: scratch.file("model-0000\(shard)-of-00002.safetensors"))
    }
    return scratch
  }

  private func index(_ map: String) -> [UInt8] { Array(#"{"metadata":{"total_size":1e99},"weight_map":\#(map)}"#.utf8) }

  private let good = #"{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}"#

  @Test func aFolderAnIndexAndAFileReadAlike() throws {
    let scratch = try folder()
    let loose = try Checkpoint(scratch.url)
    try scratch.write(index(good), "model.safetensors.index.json")
    for checkpoint in [
      loose, try Checkpoint(scratch.url), try Checkpoint(scratch.file("model.safetensors.index.json")),
    ] {
      #expect(checkpoint.tensors.map(\.name) == ["a", "b"] && checkpoint.metadata == ["format": "pt"])
      #expect(try checkpoint.file(holding: "b").vector("b", as: Float.self) == [2])
      var value: [Double] = [0]
      try value.withUnsafeMutableBufferPointer { try checkpoint.read("a", elements: 0..<1, into: $0) }
      #expect(value == [1])
    }
    let single = try Checkpoint(scratch.file("model-00001-of-00002.safetensors"))
    #expect(single["a"] != nil && single["b"] == nil)
    #expect(throws: TensorFileError.self) { try single.file(holding: "b") }
  }

  @Test func theIndexDecides() throws {
    let scratch = try folder()
    try scratch.write(index(#"{"a":"model-00001-of-00002.safetensors"}"#), "model.safetensors.index.json")
    #expect(try Checkpoint(scratch.url).tensors.map(\.name) == ["a"])
    try SafetensorsFile.write(
      [NamedTensor("a", Vector<Float>([1])), NamedTensor("extra", Vector<Float>([1]))],
      to: scratch.file("model-00001-of-00002.safetensors"))
    #expect(try Checkpoint(scratch.url).unmappedTensors == ["extra"])
  }

  @Test(arguments: [
    #"{"a":"../model-00001-of-00002.safetensors"}"#, #"{"a":"/etc/passwd"}"#, #"{"a":".hidden"}"#, #"{"a":""}"#,
    #"{"a":"sub/model.safetensors"}"#, #"{"a":"sub\\model.safetensors"}"#, #"{"a":"missing.safetensors"}"#,
    #"{"a":"model-00002-of-00002.safetensors"}"#, #"{"a":3}"#, "[]", "{",
    #"{"a":"model-00001-of-00002.safetensors","a":"model-00001-of-00002.safetensors"}"#, #"{"a":"x\u0000"}"#,
  ])
  func brokenIndexes(map: String) throws {
    let scratch = try folder()
    try scratch.write(index(map), "model.safetensors.index.json")
    #expect(throws: TensorFileError.self) { try Checkpoint(scratch.url) }
  }

  @Test func foldersThatAreNoCheckpoint() throws {
    let empty = try TemporaryFolder()
    #expect(throws: TensorFileError.self) { try Checkpoint(empty.url) }
    #expect(throws: TensorFileError.self) { try Checkpoint(empty.file("missing")) }
    let twice = try folder()
    try SafetensorsFile.write([NamedTensor("a", Vector<Float>([1]))], to: twice.file("more.safetensors"))
    #expect(throws: TensorFileError.self) { try Checkpoint(twice.url) }
    let indexes = try folder()
    try indexes.write(index(good), "a.safetensors.index.json")
    try indexes.write(index(good), "b.safetensors.index.json")
    #expect(throws: TensorFileError.self) { try Checkpoint(indexes.url) }
    let noMap = try folder()
    try noMap.write(Array("{}".utf8), "a.safetensors.index.json")
    #expect(throws: TensorFileError.self) { try Checkpoint(noMap.url) }
  }

  /// A snapshot as the hub's cache has it: shards are links to blobs two folders up.
  @Test func linksOfASnapshotAreFollowed() throws {
    let scratch = try folder()
    let repository = scratch.file("models--org--name")
    let (blobs, snapshot) = (repository.appending(path: "blobs"), repository.appending(path: "snapshots/0123abcd"))
    let files = FileManager.default
    for url in [blobs, snapshot] { try files.createDirectory(at: url, withIntermediateDirectories: true) }
    for shard in ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] {
      try files.moveItem(at: scratch.file(shard), to: blobs.appending(path: "blob-\(shard.count)-\(shard.hash)"))
      try files.createSymbolicLink(
        atPath: snapshot.appending(path: shard).path,
        withDestinationPath: "../../blobs/blob-\(shard.count)-\(shard.hash)")
    }
    #expect(try Checkpoint(snapshot).tensors.map(\.name) == ["a", "b"])
    try Data(index(good)).write(to: blobs.appending(path: "index"))
    let link = snapshot.appending(path: "model.safetensors.index.json")
    try files.createSymbolicLink(atPath: link.path, withDestinationPath: "../../blobs/index")
    for opened in [snapshot, link, snapshot.appending(path: "model-00001-of-00002.safetensors")] {
      #expect(try Checkpoint(opened).file(holding: "a").vector("a", as: Float.self) == [1])
    }
    // Through a link to the snapshot, too.
    try files.createSymbolicLink(at: scratch.file("short"), withDestinationURL: snapshot)
    #expect(try Checkpoint(scratch.file("short")).tensors.count == 2)
    // A link that leads out of the repository is refused.
    try SafetensorsFile.write([NamedTensor("a", Vector<Float>([9]))], to: scratch.file("outside.safetensors"))
    let shard = snapshot.appending(path: "model-00001-of-00002.safetensors")
    try files.removeItem(at: shard)
    try files.createSymbolicLink(atPath: shard.path, withDestinationPath: "../../../outside.safetensors")
    let error = #expect(throws: TensorFileError.self) { try Checkpoint(snapshot) }
    #expect("\(try #require(error))".hasSuffix("[link]"))
  }

  @Test func linksInAPlainFolderLeadAnywhere() throws {
    let (scratch, other) = (try folder(), try folder())
    try FileManager.default.removeItem(at: scratch.file("model-00001-of-00002.safetensors"))
    try FileManager.default.createSymbolicLink(
      at: scratch.file("model-00001-of-00002.safetensors"),
      withDestinationURL: other.file("model-00001-of-00002.safetensors"))
    try scratch.write(index(good), "model.safetensors.index.json")
    #expect(try Checkpoint(scratch.url).file(holding: "a").vector("a", as: Float.self) == [1])
  }

  /// Names in a folder, and a word that the error must hold.
  @Test(arguments: [
    (["model.safetensors", "model.fp16.safetensors"], "two variants"),
    (["run-100.safetensors", "run-200.safetensors"], "extrapolate"),
    (["0000100_adapters.safetensors", "0000200_adapters.safetensors"], "extrapolate"),
    (["checkpoint-1/x", "checkpoint-2/x"], "extrapolate"), (["step_10/x", "step_20/x"], "extrapolate"),
    (["a.safetensors.index.json", "b.safetensors.index.json"], "a.safetensors.index.json"),
    (["unet/m.safetensors", "vae/m.safetensors"], "unet, vae"), (["zero_to_fp32.py"], "zero_to_fp32.py"),
    (["x.distcp"], "merge-weights"), (["model_world_size_2_rank_0.pt"], "model_merger"), (["readme.md"], "no index"),
  ])
  func foldersThatAreSomethingElse(names: [String], word: String) throws {
    let scratch = try TemporaryFolder()
    for name in names {
      let url = scratch.file(name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      if name.hasSuffix(".safetensors") {
        try SafetensorsFile.write([NamedTensor("a", Vector<Float>([1]))], to: url)
      } else {
        try Data("{}".utf8).write(to: url)
      }
    }
    let error = #expect(throws: TensorFileError.self) { try Checkpoint(scratch.url) }
    #expect("\(try #require(error))".contains(word), "\(String(describing: error))")
  }
}
