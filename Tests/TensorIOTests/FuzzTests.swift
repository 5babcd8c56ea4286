import Foundation
import Tensor
import TensorIO
import Testing

/// Mutated files: a reader throws a typed error or reads correctly; it never traps, hangs or allocates much.
@Suite struct FuzzTests {
  /// Flips bits, inserts, deletes and repeats bytes, cuts, and swaps tokens, mostly near the start of the file.
  private func mutate(_ original: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    let tokens: [[UInt8]] = [
      "{", "}", "[", "]", ",", ":", "\"", "-", "9999999999", "1e3", "null", "\\u", "(", "'", "0",
    ].map {
      Array($0.utf8)
    }
    for _ in 0...Int.random(in: 0..<4, using: &generator) {
      guard !bytes.isEmpty else { break }
      let reach = Bool.random(using: &generator) ? min(bytes.count, 300) : bytes.count
      let place = Int.random(in: 0..<reach, using: &generator)
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
      case 3: bytes.remove(at: place)
      case 4: bytes.removeSubrange(place...)
      case 5: bytes.insert(contentsOf: tokens.randomElement(using: &generator) ?? [], at: place)
      default:
        let end = min(bytes.count, place + Int.random(in: 1..<40, using: &generator))
        bytes.insert(contentsOf: bytes[place..<end], at: place)
      }
    }
    // Half of the time the header length is made to fit again, so that deeper rules are reached.
    if original.count > 8, original[8] == UInt8(ascii: "{"), bytes.count > 8, Bool.random(using: &generator) {
      let shift = bytes.count - original.count
      let length = original[..<8].reversed().reduce(0) { $0 << 8 | Int($1) } + shift
      for i in 0..<8 { bytes[i] = UInt8(truncatingIfNeeded: length >> (8 * i)) }
    }
    return bytes
  }

  private func attack(_ original: URL, _ name: String, rounds: Int, seed: UInt64, _ read: (URL) throws -> Void) throws {
    let scratch = try Scratch()
    let bytes = Array(try Data(contentsOf: original))
    var generator = SeededGenerator(seed: seed)
    let before = try peakMemory()
    var refused = 0
    for _ in 0..<rounds {
      let url = try scratch.write(mutate(bytes, &generator), name)
      do { try read(url) } catch is TensorFileError { refused += 1 }
    }
    #expect(refused > rounds / 4, "mutations should mostly be noticed")
    #expect(try peakMemory() - before < 256 << 20)
  }

  @Test(arguments: 0..<4) func safetensors(seed: UInt64) throws {
    try attack(fixture("reference.safetensors"), "a.safetensors", rounds: 1500, seed: seed) { url in
      let file = try SafetensorsFile(url)
      for info in file.tensors where info.type.isReadable {
        var values = [Double](repeating: 0, count: info.elementCount)
        try values.withUnsafeMutableBufferPointer { try file.read(info.name, elements: 0..<$0.count, into: $0) }
      }
    }
  }

  @Test(arguments: ["fortran.npy", "big-i4.npy", "version-2.npy"]) func npy(name: String) throws {
    try attack(fixture(name), "a.npy", rounds: 1000, seed: 9) { url in _ = try NumpyFile(url).matrix(as: Float.self) }
  }

  @Test func npz() throws {
    try attack(fixture("stored.npz"), "a.npz", rounds: 1500, seed: 10) { url in
      let archive = try NumpyArchive(url)
      for name in archive.names { _ = try archive.array(name).matrix(as: Double.self) }
    }
  }

  @Test func indexes() throws {
    let scratch = try Scratch()
    try SafetensorsFile.write([NamedTensor("a", Vector<Float>([1]))], to: scratch.file("m.safetensors"))
    let index = scratch.file("m.safetensors.index.json")
    let text = Array(#"{"metadata": {"total_size": 4}, "weight_map": {"a": "m.safetensors"}}"#.utf8)
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<1000 {
      try Data(mutate(text, &generator)).write(to: index)
      _ = try? Checkpoint(index)
    }
  }

  @Test func manyNamesForOneRange() throws {
    // The amplification attack: thousands of names, each claiming the same bytes.
    let scratch = try Scratch()
    let entries = (0..<5000).map { #""t\#($0)":{"dtype":"F32","shape":[40000],"data_offsets":[0,160000]}"# }
    let url = try scratch.write(TensorIOTests.safetensors("{\(entries.joined(separator: ","))}", data: 160_000))
    #expect(throws: TensorFileError.self) { try SafetensorsFile(url) }
  }
}
