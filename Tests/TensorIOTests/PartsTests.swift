import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// Matrices and layers of tensors with three dimensions, and four dimensions as [out, rest].
@Suite struct PartsTests {
  private let values = (0..<24).map(Double.init)

  /// The entry [i, j, k] of 0 … 23 in the shape [2, 3, 4].
  private func entry(_ i: Int, _ j: Int, _ k: Int) -> Double { Double(12 * i + 4 * j + k) }

  private func file(_ shape: [Int], _ scratch: TemporaryFolder) throws -> SafetensorsFile {
    let url = scratch.file("a.safetensors")
    let writer = try SafetensorsWriter(to: url, tensors: [TensorLayout("x", .f32, shape: shape)])
    try values.withUnsafeBufferPointer { try writer.append($0, to: "x") }
    try writer.finish()
    return try SafetensorsFile(url)
  }

  @Test func matricesAndLayers() throws {
    let scratch = try TemporaryFolder()
    let tensors = try file([2, 3, 4], scratch)
    let fortran = try NumpyFile(fixture("fortran-cube.npy"))
    for e in 0..<2 {
      let wanted = Matrix<Double>(rows: 3, columns: 4) { entry(e, $0, $1) }
      #expect(try tensors.matrix("x", at: .matrix(e)) == wanted && fortran.matrix(at: .matrix(e)) == wanted)
    }
    for l in 0..<3 {
      let wanted = Matrix<Double>(rows: 2, columns: 4) { entry($0, l, $1) }
      #expect(try tensors.matrix("x", at: .layer(l)) == wanted && fortran.matrix(at: .layer(l)) == wanted)
    }
    for selection in [MatrixSelection.matrix(2), .layer(3), .matrix(-1), .layer(.max)] {
      #expect(throws: TensorFileError.self) { try tensors.matrix("x", at: selection, as: Float.self) }
      #expect(throws: TensorFileError.self) { try fortran.matrix(at: selection, as: Float.self) }
    }
    let error = #expect(throws: TensorFileError.self) { try tensors.matrix("x", as: Float.self) }
    #expect("\(try #require(error))".contains("NAME[:,0]"))
  }

  @Test func fourDimensionsAreOutByRest() throws {
    let scratch = try TemporaryFolder()
    let wanted = Matrix<Double>(rows: 2, columns: 12) { Double(12 * $0 + $1) }
    #expect(try file([2, 3, 2, 2], scratch).matrix("x") == wanted)
    #expect(try NumpyFile(fixture("fortran-4d.npy")).matrix() == wanted)
    let convolution = try file([2, 3, 2, 2], scratch)
    #expect(throws: TensorFileError.self) { try convolution.matrix("x", at: .matrix(0), as: Float.self) }
    #expect(throws: TensorFileError.self) { try file([2, 3, 2, 2, 1], scratch).matrix("x", as: Float.self) }
  }

  @Test(arguments: [
    [0, 1_000_000_000], [1 << 48, 0], [1_000_000_000, 0, 0], [0, 1 << 40, 1 << 7], [1 << 48, 0, 1 << 8], [0],
    [1 << 20, 0, 1 << 20, 1 << 7],
  ])
  func sizesThatOnlyAHeaderClaims(shape: [Int]) throws {
    let scratch = try TemporaryFolder()
    let text = shape.map(String.init).joined(separator: ",")
    let url = try scratch.write(safetensors(#"{"a":{"dtype":"F32","shape":[\#(text)],"data_offsets":[0,0]}}"#))
    let file = try SafetensorsFile(url)
    let before = try peakMemory()
    #expect(file.tensors[0].elementCount == 0)
    if shape.count != 3 {
      let matrix = try file.matrix("a", as: Double.self)
      #expect(matrix.rows == shape[0] && matrix.count == 0)
    } else if shape[0] > 0 {
      #expect(try file.matrix("a", at: .matrix(shape[0] - 1), as: Float.self).count == 0)
    }
    if shape.count == 1 { #expect(try file.vector("a", as: Float.self).count == 0) }
    let header = "{'descr': '<f8', 'fortran_order': True, 'shape': (\(text),)}"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    let array = try NumpyFile(scratch.write(bytes, "a.npy"))
    if shape.count != 3 { #expect(try array.matrix(as: Float.self).count == 0) }
    #expect(try peakMemory() - before < 20 << 20)
  }

  @Test(arguments: [[1 << 48, 1 << 48, 0], [0, 1 << 48, 1 << 48], [1 << 32, 0, 1 << 31], [0, 1 << 49]])
  func productsOfTheOtherSizesMustFitToo(shape: [Int]) throws {
    let scratch = try TemporaryFolder()
    let text = shape.map(String.init).joined(separator: ",")
    #expect(throws: TensorFileError.self) {
      try SafetensorsFile(
        scratch.write(safetensors(#"{"a":{"dtype":"F32","shape":[\#(text)],"data_offsets":[0,0]}}"#)))
    }
  }

  @Test func numbersThatCannotFitIntoMemory() throws {
    let scratch = try TemporaryFolder()
    // A file of 4 TB that takes no room on the disk: its size does not bound what may be allocated.
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000)}"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    let array = try scratch.write(bytes, "a.npy")
    let tensor = try scratch.write(
      safetensors(#"{"a":{"dtype":"U8","shape":[1000000,1000000],"data_offsets":[0,1000000000000]}}"#))
    let size = [array: bytes.count + 4_000_000_000_000, tensor: try Data(contentsOf: tensor).count + 1_000_000_000_000]
    for (url, size) in size {
      // Some file systems cannot hold such files; there is nothing to test then.
      guard truncate(url.path, size) == 0 else { return }
    }
    for read in [
      { _ = try NumpyFile(array).matrix(as: Double.self) },
      { _ = try SafetensorsFile(tensor).matrix("a", as: Float.self) },
      { _ = try SafetensorsFile(tensor).matrix("a", as: Double.self) },
    ] {
      let error = #expect(throws: TensorFileError.self) { try read() }
      #expect("\(try #require(error))".hasSuffix("[memory]"))
    }
  }

  @Test(arguments: [UInt8(2), 128, 255]) func booleansThatAreNeither(value: UInt8) throws {
    let scratch = try TemporaryFolder()
    var bytes = safetensors(#"{"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}"#, data: 3)
    let header = "{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}"
    var array = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + [1, 0, 1]
    #expect(try NumpyFile(scratch.write(array, "a.npy")).matrix(as: Float.self) == Matrix([[1], [0], [1]]))
    bytes[bytes.count - 2] = value
    array[array.count - 1] = value
    for read in [
      { _ = try SafetensorsFile(scratch.write(bytes)).vector("a", as: Float.self) },
      { _ = try NumpyFile(scratch.write(array, "a.npy")).matrix(as: Double.self) },
    ] {
      let error = #expect(throws: TensorFileError.self) { try read() }
      #expect("\(try #require(error))".contains("\(value)"))
    }
  }
}

/// What a file is that cannot be read, and what to do with it.
@Suite struct FileKindTests {
  static let others: [(String, [UInt8], FileKind)] = [
    ("model.gguf", Array("GGUF".utf8) + [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], .gguf),
    (
      "pytorch_model.bin", [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E],
      .legacyTorch
    ),
    ("data.pkl", [0x80, 0x04, 0x95, 0, 0, 0, 0, 0, 0, 0, 0, 0x2E], .pickle),
    (
      "model.safetensors", Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n".utf8),
      .lfsPointer
    ),
    ("model.safetensors", Array("<!DOCTYPE html><html></html>".utf8), .html), ("x.npy", Array("<html>".utf8), .html),
    ("old.pt", [UInt8](repeating: 0x61, count: 257) + Array("ustar\u{0}00".utf8) + [0], .tar),
  ]

  @Test(arguments: others) func isNamed(name: String, bytes: [UInt8], kind: FileKind) throws {
    let scratch = try TemporaryFolder()
    let url = try scratch.write(bytes, name)
    #expect(FileKind(of: url) == kind)
    for open in [{ _ = try Checkpoint(url) }, { _ = try NumpyFile(url) }, { _ = try NumpyArchive(url) }] {
      let error = #expect(throws: TensorFileError.self) { try open() }
      let text = "\(try #require(error))"
      #expect(text.contains(kind.rawValue) && text.hasSuffix("]") && text.hasPrefix(url.relativePath), "\(text)")
    }
  }

  @Test func archivesByTheirMembers() throws {
    #expect(FileKind(of: fixture("stored.npz")) == .npz && FileKind(of: fixture("scalar.npy")) == .npy)
    #expect(FileKind(of: fixture("reference.safetensors")) == .safetensors)
    let scratch = try TemporaryFolder()
    // Members are renamed in place: names of the same length.
    let bytes = Array(try Data(contentsOf: fixture("stored.npz")))
    func renamed(_ name: String) throws -> URL {
      var copy = bytes
      for i in 0..<(copy.count - 5) where Array(copy[i..<(i + 5)]) == Array("a.npy".utf8) {
        copy.replaceSubrange(i..<(i + 5), with: Array(name.utf8))
      }
      for i in 0..<(copy.count - 5) where Array(copy[i..<(i + 5)]) == Array("b.npy".utf8) {
        copy.replaceSubrange(i..<(i + 5), with: Array("b.txt".utf8))
      }
      return try scratch.write(copy, "x.npz")
    }
    #expect(try FileKind(of: renamed("a.npy")) == .npz)
    #expect(try FileKind(of: renamed("a.txt")) == .zip)
  }

  /// A safetensors header of 640 or 1408 bytes starts as a pickle does, one of 60 as a page.
  @Test(arguments: [60, 640, 896, 1152, 1408]) func headersThatLookLikeSomethingElse(length: Int) throws {
    let scratch = try TemporaryFolder()
    let text = "{}" + String(repeating: " ", count: length - 2)
    #expect(try SafetensorsFile(scratch.write(safetensors(text))).tensors.isEmpty)
  }
}
