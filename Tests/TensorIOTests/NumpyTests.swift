import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

@Suite struct NumpyTests {
  @Test(arguments: ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"], ["little", "big"])
  func everyTypeAndOrder(code: String, order: String) throws {
    guard order == "little" || !code.hasSuffix("1") else { return }
    let file = try NumpyFile(fixture("\(order)-\(code).npy"))
    #expect(file.shape == [2, 3])
    let expected = code.hasPrefix("f") ? sampleMatrix : Matrix([[1, 2, 3], [4, 5, 100]])
    let found = try file.matrix(as: Double.self)
    #expect((found - expected).norm(.maximum) <= (code == "f2" ? 1e-6 : code == "f4" ? 1e-10 : 0))
    #expect(try file.matrix(as: Float.self) == found.converted(to: Float.self))
  }

  @Test func otherShapesVersionsAndOrders() throws {
    #expect(try NumpyFile(fixture("bool.npy")).matrix(as: Float.self) == Matrix([[1, 0], [0, 1]]))
    #expect(try NumpyFile(fixture("fortran.npy")).matrix() == sampleMatrix)
    #expect(try NumpyFile(fixture("scalar.npy")).matrix(as: Double.self) == Matrix([[7]]))
    #expect(try NumpyFile(fixture("vector.npy")).matrix(as: Float.self) == Matrix([[0], [1], [2], [3], [4]]))
    #expect(try NumpyFile(fixture("empty.npy")).matrix(as: Float.self).columns == 3)
    #expect(try NumpyFile(fixture("version-2.npy")).matrix() == sampleMatrix)
    #expect(try NumpyFile(fixture("version-3.npy")).matrix() == sampleMatrix)
    let cube = try NumpyFile(fixture("cube.npy"))
    #expect(cube.shape == [2, 3, 4])
    #expect(throws: TensorFileError.self) { try cube.matrix(as: Float.self) }
  }

  @Test func theSameBytesAsNumpySave() throws {
    let scratch = try TemporaryFolder()
    func same(_ name: String, _ write: (URL) throws -> Void) throws {
      try write(scratch.file(name))
      #expect(try Data(contentsOf: scratch.file(name)) == Data(contentsOf: fixture(name)), "\(name)")
    }
    try same("little-f8.npy") { try NumpyFile.write(sampleMatrix, to: $0) }
    try same("little-f4.npy") { try NumpyFile.write(sampleMatrix.converted(to: Float.self), to: $0) }
    try same("vector.npy") { try NumpyFile.write(Vector<Float>([0, 1, 2, 3, 4]), to: $0) }
    try same("empty.npy") { try NumpyFile.write(Matrix<Float>.zeros(rows: 0, columns: 3), to: $0) }
  }

  @Test func archives() throws {
    let archive = try NumpyArchive(fixture("stored.npz"))
    #expect(archive.names == ["a", "b"])
    #expect(try archive.array("a").matrix() == sampleMatrix)
    #expect(try archive.array("b").matrix(as: Double.self) == Matrix([[0], [1], [2], [3]]))
    #expect(throws: TensorFileError.self) { try archive.array("c") }
    #expect(throws: TensorFileError.self) { try NumpyArchive(fixture("vector.npy")) }
  }

  @Test func damagedMembersFailTheirCheckSum() throws {
    let scratch = try TemporaryFolder()
    var bytes = Array(try Data(contentsOf: fixture("stored.npz")))
    bytes[200] ^= 1
    let archive = try NumpyArchive(scratch.write(bytes, "a.npz"))
    #expect(throws: TensorFileError.self) { try archive.array("a") }
  }

  /// A `.npy` file with this header text.
  private func npy(_ header: String, data: Int = 8, version: [UInt8] = [1, 0]) -> [UInt8] {
    let text = Array(header.utf8)
    let length = (0..<(version[0] == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    return [0x93] + Array("NUMPY".utf8) + version + length + text + [UInt8](repeating: 0, count: data)
  }

  @Test(arguments: [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
    "   {\"descr\": \"<f8\", \"fortran_order\": False, \"shape\": (1,)}",
    "{'shape': (1L,), 'fortran_order': True, 'descr': '>f8'}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': ()}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (8,)}",
  ])
  func accepted(header: String) throws {
    let scratch = try TemporaryFolder()
    _ = try NumpyFile(scratch.write(npy(header), "a.npy")).matrix(as: Double.self)
  }

  @Test(arguments: [
    "", "{", "{}", "[]", "{'descr': '<f8', 'fortran_order': False}",
    "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': [1]}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (0x1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1_0,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
    "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'extra': 1}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x",
    "{'descr': 'float64', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '=f8', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': 'f8', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<V2', 'fortran_order': False, 'shape': (4,)}",
    "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}",
  ])
  func rejected(header: String) throws {
    let scratch = try TemporaryFolder()
    #expect(throws: TensorFileError.self) { try NumpyFile(scratch.write(npy(header), "a.npy")) }
  }

  @Test func versionsAndLengths() throws {
    let scratch = try TemporaryFolder()
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}"
    for version: [UInt8] in [[1, 1], [4, 0], [0, 0]] {
      #expect(throws: TensorFileError.self) { try NumpyFile(scratch.write(npy(header, version: version), "a.npy")) }
    }
    let good = npy(header)
    for count in 0..<good.count {
      #expect(throws: TensorFileError.self) { try NumpyFile(scratch.write(Array(good[..<count]), "a.npy")) }
    }
    let padded = header + String(repeating: " ", count: 70_000)
    let error = #expect(throws: TensorFileError.self) {
      try NumpyFile(scratch.write(npy(padded, version: [2, 0]), "a.npy"))
    }
    #expect("\(try #require(error))".contains("64 KiB"))
  }
}
