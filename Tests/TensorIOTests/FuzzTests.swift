import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// A reader under attack: the files that it reads, one of which is mutated.
enum AttackedReader: String, CaseIterable, Sendable {
  case tensors, quantized, index, configuration, fortranArray, bigEndianArray, oldArray, storedArchive
  case deflatedArchive, longArchive

  /// The name of the mutated file.
  var name: String {
    switch self {
    case .tensors, .quantized: "m.safetensors"
    case .index: "m.safetensors.index.json"
    case .configuration: "config.json"
    case .fortranArray, .bigEndianArray, .oldArray: "a.npy"
    case .storedArchive, .deflatedArchive, .longArchive: "a.npz"
    }
  }

  /// The file as it should be, and what must stand beside it.
  func original() throws -> (bytes: [UInt8], beside: [String: [UInt8]]) {
    let codes = safetensors(
      #"{"l.weight":{"dtype":"U32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"BOOL","shape":[2],"data_offsets":"#
        + #"[16,18]},"l.scales":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#, data: 18)
    func fixed(_ name: String) throws -> ([UInt8], [String: [UInt8]]) {
      (Array(try Data(contentsOf: fixture(name))), [:])
    }
    switch self {
    case .tensors: return try fixed("reference.safetensors")
    case .quantized: return (codes, ["config.json": Array(#"{"quantization":{"bits":4}}"#.utf8)])
    case .index:
      let map = #"{"l.weight":"m.safetensors","l.scales":"m.safetensors","b":"m.safetensors"}"#
      return (Array(#"{"metadata": {"total_size": 4}, "weight_map": \#(map)}"#.utf8), ["m.safetensors": codes])
    case .configuration:
      let text = #"{"model_type":"x","text_config":{"quantization_config":{"quant_method":"fp8","a":[1,-2.5e3,null]}}}"#
      return (Array(text.utf8), ["m.safetensors": codes])
    case .fortranArray: return try fixed("fortran-cube.npy")
    case .bigEndianArray: return try fixed("big-i4.npy")
    case .oldArray: return try fixed("version-2.npy")
    case .storedArchive: return try fixed("stored.npz")
    case .deflatedArchive: return try fixed("deflated.npz")
    case .longArchive: return try fixed("blocks.npz")
    }
  }

  /// Reads everything that the file holds, in every way.
  func read(_ url: URL) throws {
    _ = FileKind(of: url)
    switch self {
    case .tensors, .quantized: try read(Checkpoint(url))
    case .index:
      try read(Checkpoint(url))
      try read(Checkpoint(url.deletingLastPathComponent()))
    case .configuration: try read(Checkpoint(url.deletingLastPathComponent()))
    case .fortranArray, .bigEndianArray, .oldArray: try read(NumpyFile(url))
    case .storedArchive, .deflatedArchive, .longArchive:
      let archive = try NumpyArchive(url)
      for name in archive.names { try read(archive.array(name)) }
    }
  }

  private func read(_ checkpoint: Checkpoint) throws {
    for info in checkpoint.tensors {
      _ = try checkpoint.content(of: info.name)
      let file = try checkpoint.file(holding: info.name)
      guard info.type.isReadable else { continue }
      if info.shape.count == 3, !info.shape.contains(0) {
        _ = try file.matrix(info.name, at: .layer(info.shape[1] - 1), as: Float.self)
        _ = try file.matrix(info.name, at: .matrix(info.shape[0] - 1), as: Double.self)
      } else if info.shape.count <= 4, info.shape.count != 3 {
        _ = try file.matrix(info.name, as: Float.self)
      }
    }
  }

  private func read(_ array: NumpyFile) throws {
    if array.shape.count == 3, !array.shape.contains(0) {
      _ = try array.matrix(at: .layer(array.shape[1] - 1), as: Float.self)
      _ = try array.matrix(at: .matrix(array.shape[0] - 1), as: Double.self)
    } else {
      _ = try array.matrix(as: Float.self)
    }
  }
}

/// Mutated files: a reader throws a typed error or reads correctly; it never traps, hangs or allocates much.
///
/// The environment variable LINEARSTRUCTURES_FUZZ_RUNS sets how many files are read in all; each has a seed of its own,
/// which a failure names.
@Suite(.serialized) struct FuzzTests {
  private static let runs = ProcessInfo.processInfo.environment["LINEARSTRUCTURES_FUZZ_RUNS"].flatMap { Int($0) }

  /// Flips bits, inserts, deletes and repeats bytes, cuts, swaps tokens, and plants extreme integers, mostly near the
  /// start of the file.
  private func mutate(_ original: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0...Int.random(in: 0..<4, using: &generator) {
      guard !bytes.isEmpty else { break }
      let reach = Bool.random(using: &generator) ? min(bytes.count, 300) : bytes.count
      let place = Int.random(in: 0..<reach, using: &generator)
      switch Int.random(in: 0..<9, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
      case 3: bytes.remove(at: place)
      case 4: bytes.removeSubrange(place...)
      case 5: bytes.insert(contentsOf: Self.tokens.randomElement(using: &generator) ?? [], at: place)
      case 6: plant(Self.extremes.randomElement(using: &generator) ?? 0, at: place, in: &bytes, &generator)
      case 7: plant(UInt64(bytes.count), at: place, in: &bytes, &generator)
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

  private static let tokens: [[UInt8]] = [
    "{", "}", "[", "]", ",", ":", "\"", "-", "9999999999", "1e3", "null", "\\u", "(", "'", "0", "0,", "281474976710656",
    "9223372036854775807", "\\ud800", "/", "..", "e\u{301}",
  ].map { Array($0.utf8) }

  private static let extremes: [UInt64] = [
    0, 1, 0xFFFF, 0xFFFF_FFFF, 1 << 32, 1 << 48, 1 << 62, 1 << 63 - 1, 1 << 63, .max, .max - 30,
  ]

  /// Writes a little-endian integer of two, four or eight bytes over what is there.
  private func plant(_ value: UInt64, at place: Int, in bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    let width = 2 << Int.random(in: 0..<3, using: &generator)
    for i in 0..<min(width, bytes.count - place) { bytes[place + i] = UInt8(truncatingIfNeeded: value >> (8 * i)) }
  }

  @Test(arguments: AttackedReader.allCases) func mutatedFiles(reader: AttackedReader) throws {
    let runs = Self.runs.map { $0 / AttackedReader.allCases.count } ?? 1000
    let scratch = try TemporaryFolder()
    let (original, beside) = try reader.original()
    for (name, bytes) in beside { try scratch.write(bytes, name) }
    let url = scratch.file(reader.name)
    let index = UInt64(AttackedReader.allCases.firstIndex(of: reader) ?? 0)
    var refused = 0
    var (slowest, most) = (Duration.zero, 0)
    for run in 0..<runs {
      let seed = index << 32 + UInt64(run)
      var generator = SeededGenerator(seed: seed)
      let bytes = mutate(original, &generator)
      try Data(bytes).write(to: url)
      // Memory is measured one run at a time in the long form only, which has the process to itself.
      let before = Self.runs == nil ? 0 : try startOfPeak()
      let start = ContinuousClock.now
      do { try reader.read(url) } catch is TensorFileError { refused += 1 }
      let elapsed = ContinuousClock.now - start
      #expect(elapsed < .seconds(2), "\(reader) with seed \(seed)")
      slowest = max(slowest, elapsed)
      if Self.runs != nil {
        let used = try peakMemory() - before
        #expect(used < 10 * bytes.count + 50 << 20, "\(reader) with seed \(seed)")
        most = max(most, used)
      }
    }
    // A configuration that cannot be read says nothing; what is wrong with other files is an error.
    #expect(refused > runs / 20 || reader == .configuration, "mutations should be noticed")
    if Self.runs != nil {
      print("\(reader): \(runs) runs, \(refused) refused, slowest \(slowest), most memory \(most) bytes")
    }
  }

  /// Forgets the largest size so far, and returns the size now.
  private func startOfPeak() throws -> Int {
    let file = open("/proc/self/clear_refs", O_WRONLY)
    if file >= 0 {
      _ = withUnsafeBytes(of: UInt8(ascii: "5")) { write(file, $0.baseAddress, 1) }
      close(file)
    }
    return try peakMemory()
  }

  @Test func manyNamesForOneRange() throws {
    // The amplification attack: thousands of names, each claiming the same bytes.
    let scratch = try TemporaryFolder()
    let entries = (0..<5000).map { #""t\#($0)":{"dtype":"F32","shape":[40000],"data_offsets":[0,160000]}"# }
    let url = try scratch.write(TensorIOTests.safetensors("{\(entries.joined(separator: ","))}", data: 160_000))
    #expect(throws: TensorFileError.self) { try SafetensorsFile(url) }
  }
}
