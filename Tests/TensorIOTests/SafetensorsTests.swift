import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

@Suite struct SafetensorsReadingTests {
  @Test func theReferenceFileIsRead() throws {
    let file = try SafetensorsFile(fixture("reference.safetensors"))
    #expect(file.metadata == ["format": "pt"])
    #expect(file.tensors.count == 9)
    #expect(try file.matrix("double") == sampleMatrix)
    #expect(try file.matrix("b.f32") == sampleMatrix.converted(to: Float.self))
    #expect(try file.matrix("half", as: Double.self)[0, 1] == -2.25)
    #expect(try file.vector("a.f32", as: Float.self) == [0, 1, 2])
    #expect(try file.matrix("a.f32", as: Float.self).rows == 3)
    #expect(try file.matrix("scalar", as: Double.self) == Matrix([[2.5]]))
    #expect(try file.vector("long", as: Double.self) == [-1, 1_099_511_627_776])
    #expect(try file.vector("bytes", as: Float.self) == [0, 1, 2, 3, 4])
    #expect(try file.matrix("empty", as: Float.self).rows == 0)
    #expect(try file.matrix("experts", at: .matrix(1), as: Float.self) == Matrix([[6, 7, 8], [9, 10, 11]]))
    #expect(file["experts"]?.shape == [2, 2, 3] && file["nothing"] == nil)
  }

  @Test func ranksAndNamesThatDoNotFit() throws {
    let file = try SafetensorsFile(fixture("reference.safetensors"))
    #expect(throws: TensorFileError.self) { try file.matrix("experts", as: Float.self) }
    #expect(throws: TensorFileError.self) { try file.matrix("double", at: .matrix(0), as: Float.self) }
    #expect(throws: TensorFileError.self) { try file.vector("double", as: Float.self) }
    let error = #expect(throws: TensorFileError.self) { try file.matrix("Double", as: Float.self) }
    #expect("\(try #require(error))".contains("did you mean \"double\"? there are double, "))
  }

  @Test func partsAreReadAcrossBlocks() throws {
    let scratch = try TemporaryFolder()
    // More than two blocks of 1 MiB in each type.
    let count = 700_000
    let values = (0..<count).map { Float($0 % 2048) }
    for type in [ElementType.f64, .f32, .f16, .bf16, .i32, .u16] {
      let wanted = type == .bf16 ? values.map { Float(BFloat16($0)) } : values
      let writer = try SafetensorsWriter(
        to: scratch.file("a.safetensors"), tensors: [TensorLayout("x", type, shape: [count])])
      try values.withUnsafeBufferPointer { try writer.append($0, to: "x") }
      try writer.finish()
      let file = try SafetensorsFile(scratch.file("a.safetensors"))
      #expect(Array(try file.vector("x", as: Float.self)) == wanted, "\(type.rawValue)")
      var part = [Double](repeating: 0, count: 600_000)
      try part.withUnsafeMutableBufferPointer { try file.read("x", elements: 50_001..<650_001, into: $0) }
      #expect(zip(part, wanted[50_001...]).allSatisfy { $0 == Double($1) }, "\(type.rawValue)")
    }
  }

  @Test func aFileThatShrinksIsATypedError() throws {
    let scratch = try TemporaryFolder()
    let url = scratch.file("a.safetensors")
    try SafetensorsFile.write([NamedTensor("x", Vector<Float>(repeating: 1, count: 1000))], to: url)
    let file = try SafetensorsFile(url)
    #expect(truncate(url.path, 500) == 0)
    #expect(throws: TensorFileError.truncated(path: url.relativePath)) { try file.vector("x", as: Float.self) }
  }

  @Test func whatIsNotAFileIsRefused() throws {
    let scratch = try TemporaryFolder()
    #expect(throws: TensorFileError.self) { try SafetensorsFile(scratch.url) }
    #expect(throws: TensorFileError.self) { try SafetensorsFile(URL(filePath: "/dev/zero")) }
    #expect(mkfifo(scratch.file("pipe").path, 0o600) == 0)
    #expect(throws: TensorFileError.self) { try SafetensorsFile(scratch.file("pipe")) }
    #expect(throws: TensorFileError.notFound(path: scratch.file("no").relativePath)) {
      try SafetensorsFile(scratch.file("no"))
    }
  }

  @Test func manyTensorsAreReadInLinearTime() throws {
    let scratch = try TemporaryFolder()
    let entries = (0..<20_000).map { #""t\#($0)":{"dtype":"U8","shape":[1],"data_offsets":[\#($0),\#($0 + 1)]}"# }
    let url = try scratch.write(safetensors("{\(entries.joined(separator: ","))}", data: 20_000))
    #expect(try SafetensorsFile(url).tensors.count == 20_000)
  }
}

/// Every row of odd input that the format's reference reader was tried on, and what we do with it.
@Suite struct SafetensorsRulesTests {
  static let one = #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#

  static let accepted: [(String, Int)] = [
    ("{}", 0),
    ("{}   ", 0),
    ("{}\n\t ", 0),
    ("{\(one)}", 4),
    (#"{"__metadata__":null,\#(one)}"#, 4),
    (#"{"__metadata__":{"a":"b","ключ":"\u00e9\ud83d\ude00"},\#(one)}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"extra":{"x":[1,-2.5e3,null,true,"s"]}}}"#, 4),
    (#"{"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]},\#(one)}"#, 8),
    (#"{"e":{"dtype":"F32","shape":[0,5],"data_offsets":[4,4]},\#(one)}"#, 4),
    (#"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"f":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"#, 5),
    (#"{"q":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}"#, 2),
  ]

  @Test(arguments: accepted) func isAccepted(header: String, data: Int) throws {
    let scratch = try TemporaryFolder()
    _ = try SafetensorsFile(scratch.write(safetensors(header, data: data)))
  }

  static let rejected: [(String, Int)] = [
    ("", 0), (" {}", 0), ("{}\0", 0), ("[]", 0), ("{", 0), ("{}{}", 0), ("\u{FEFF}{}", 0),
    ("{\(one)}", 5), ("{\(one)}", 3), ("{\(one)}", 0),
    (#"{\#(one),\#(one)}"#, 4),
    (#"{\#(one),"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8),
    (#"{\#(one),"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#, 12),
    (#"{\#(one),"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, 6),
    (#"{\#(one),"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (
      #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"e":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#, 8
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":["0","4"]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4),
    (#"{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4),
    (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}"#, 2),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0),
    (#"{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,0]}}"#, 0),
    (#"{"a":{"dtype":"F32","shape":[0,9999999999999999],"data_offsets":[0,0]}}"#, 0),
    (
      #"{"a":{"dtype":"F32","shape":[\#(Array(repeating: "1", count: 33).joined(separator: ","))],"data_offsets":[0,4]}}"#,
      4
    ),
    (#"{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a\u0000b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a\u009b2J":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a\u007f":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"__metadata__":{"a":"1","a":"2"}}"#, 0),
    (#"{"__metadata__":{},"__metadata__":{}}"#, 0),
    (#"{"__metadata__":{"a":1}}"#, 0), (#"{"__metadata__":{"a":{}}}"#, 0), (#"{"__metadata__":[]}"#, 0),
    (#"{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":\#(String(repeating: "[", count: 100_000))"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":nul}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":-}}"#, 4),
    (#"{"a\q":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4),
    ("{\"a\nb\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4),
  ]

  @Test(arguments: rejected) func isRejected(header: String, data: Int) throws {
    let scratch = try TemporaryFolder()
    let url = try scratch.write(safetensors(header, data: data))
    let error = #expect(throws: TensorFileError.self) { try SafetensorsFile(url) }
    #expect("\(try #require(error))".hasPrefix(url.relativePath))
  }

  @Test func bytesThatAreNotTextAreRejected() throws {
    let scratch = try TemporaryFolder()
    var bytes = safetensors(#"{"a_":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: 4)
    bytes[11] = 0xFF
    #expect(throws: TensorFileError.self) { try SafetensorsFile(scratch.write(bytes)) }
  }

  @Test(arguments: [UInt64(0), 9, 100_000_001, .max, 1 << 63, 1 << 40]) func headerLengthsBeyondTheFile(
    length: UInt64
  ) throws {
    let scratch = try TemporaryFolder()
    let before = try peakMemory()
    #expect(throws: TensorFileError.self) {
      try SafetensorsFile(scratch.write(safetensors("{}      ", length: length)))
    }
    #expect(try peakMemory() - before < 64 << 20)
  }

  @Test(arguments: 0..<8) func filesTooShort(count: Int) throws {
    let scratch = try TemporaryFolder()
    #expect(throws: TensorFileError.self) {
      try SafetensorsFile(scratch.write([UInt8](repeating: 2, count: count)))
    }
  }

  @Test func typesThatAreNotNumbersAreListedButNotRead() throws {
    let scratch = try TemporaryFolder()
    let header = #"{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}"#
    let file = try SafetensorsFile(scratch.write(safetensors(header, data: 4)))
    let error = #expect(throws: TensorFileError.self) { try file.vector("a", as: Float.self) }
    #expect(
      error == .unsupportedType(path: scratch.file("file.safetensors").relativePath, tensor: "a", type: "F8_E4M3"))
  }
}
