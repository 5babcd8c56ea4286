import Foundation
import Tensor
import TensorIO
import Testing

@Suite struct CheckpointTests {
  private func folder() throws -> Scratch {
    let scratch = try Scratch()
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
    let empty = try Scratch()
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
}
