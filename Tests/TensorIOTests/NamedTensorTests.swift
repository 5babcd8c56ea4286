import Foundation
import Tensor
import TensorIO
import Testing
import _TestSupport

/// Tensors of mixed types and any number of dimensions, and what a matrix or a decomposition writes and reads itself.
@Suite struct NamedTensorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func mixedTypesInOneFile() throws {
    let path = folder.file("a.safetensors").path
    let exact = Matrix<Double>([[1, 0.1], [3, 4]])
    try TensorFiles.write(
      [
        NamedTensor("single", exact.converted(to: Float.self)), NamedTensor("double", exact),
        NamedTensor("rounded", exact, storedAs: .bf16), NamedTensor("ids", integers: [1 << 60 + 1, -3]),
        NamedTensor("grid", integers: [1, 2, 3, 4], shape: [2, 2]),
        NamedTensor("cube", Vector((0..<24).map(Double.init)), shape: [2, 3, 4]),
        NamedTensor("stack", [exact, 2 * exact]), NamedTensor("empty", [Matrix<Float>]()),
      ], metadata: ["step": "3"], to: path)
    let file = try SafetensorsFile(path)
    #expect(file.metadata == ["step": "3"])
    let types = Dictionary(uniqueKeysWithValues: file.map { ($0.name, $0.type) })
    #expect(
      types == [
        "single": .f32, "double": .f64, "rounded": .bf16, "ids": .i64, "grid": .i64, "cube": .f64, "stack": .f64,
        "empty": .f32,
      ])
    #expect(try file.matrix("double") == exact)
    #expect(try file.matrix("single", as: Float.self) == exact.converted())
    #expect(try file.matrix("rounded", as: Double.self) == Matrix([[1, 0.10009765625], [3, 4]]))
    #expect(try file.matrix("grid", as: Double.self) == Matrix([[1, 2], [3, 4]]))
    #expect(try file.matrix("cube", at: .layer(2), as: Float.self) == Matrix([[8, 9, 10, 11], [20, 21, 22, 23]]))
    #expect(try file.matrix("stack", at: .matrix(1)) == 2 * exact)
    #expect(try file.tensor("empty").shape == [0, 0, 0])
    // Integers are exact, which no conversion to a floating-point number would show.
    let bytes = try Array(Data(contentsOf: URL(filePath: path)))
    let ids = try #require(file["ids"]).byteRange
    #expect(Array(bytes[ids]) == [1, 0, 0, 0, 0, 0, 0, 0x10, 0xFD] + [UInt8](repeating: 0xFF, count: 7))
  }

  @Test func whatCannotBeWritten() throws {
    let before = folder.names
    let x = NamedTensor("x", Vector<Float>([1.5]), storedAs: .i32)
    for (tensors, name) in [
      ([x], "a.safetensors"), ([x, x], "a.safetensors"), ([x], "a.npy"), ([x], "a.txt"), ([], "a.npy"),
      ([NamedTensor("x", Vector<Float>([1]), storedAs: .f8e4m3)], "a.safetensors"),
      ([NamedTensor("x", Vector<Float>([1]), storedAs: .bf16)], "a.npy"),
      ([NamedTensor("x", Vector<Float>([1])), NamedTensor("y", Vector<Float>([1]))], "a.npy"),
    ] {
      #expect(throws: TensorFileError.self, "\(name)") { try TensorFiles.write(tensors, to: folder.file(name)) }
    }
    #expect(folder.names == before)
  }

  @Test(arguments: [ElementType.f64, .f32, .f16, .i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8, .bool])
  func everyTypeOfNumpy(type: ElementType) throws {
    let cube = NamedTensor("x", Vector<Double>([0, 1, 1, 0, 1, 1]), shape: [1, 2, 3], storedAs: type)
    try TensorFiles.write([cube], to: folder.file("a.npy"))
    let array = try NumpyFile(folder.file("a.npy"))
    #expect(array.type == type && array.shape == [1, 2, 3])
    #expect(try array.matrix(at: .matrix(0), as: Float.self) == Matrix([[0, 1, 1], [0, 1, 1]]))
  }

  @Test func matricesAndVectorsWriteThemselves() throws {
    let (matrix, vector) = (Matrix<Float>([[1, 2], [3, 4]]), Vector<Double>([1, 0.1]))
    for name in ["m.npy", "m.safetensors"] {
      try matrix.write(to: folder.file(name).path)
      #expect(try Matrix<Float>(contentsOf: folder.file(name).path) == matrix)
      try vector.write(to: folder.file(name))
      #expect(try Vector<Double>(contentsOf: folder.file(name)) == vector)
    }
    try TensorFiles.write([NamedTensor("a", matrix), NamedTensor("b", vector)], to: folder.file("two.safetensors"))
    #expect(try Matrix<Float>(contentsOf: folder.file("two.safetensors"), tensor: "a") == matrix)
    let error = #expect(throws: TensorFileError.self) { try Matrix<Float>(contentsOf: folder.file("two.safetensors")) }
    #expect("\(try #require(error))".contains("name one of them"))
    try folder.write("cube.safetensors", TensorValues("x", [2, 1, 2], [1, 2, 3, 4]))
    #expect(try Matrix<Float>(contentsOf: folder.file("cube.safetensors"), at: .layer(0)) == matrix)
  }

  private func decompositions<Element: MatrixScalar>(_ type: Element.Type) throws {
    let file = folder.file("svd.safetensors")
    let a = normal(7, 4, seed: 3).converted(to: Element.self)
    let (svd, full, top) = (try a.svd(), try a.svd(vectors: .full), try a.svd(rank: 2))
    try svd.write(to: file)
    #expect(try SVD<Element>(contentsOf: file) == svd)
    let cut = svd.truncated(to: 2)
    try cut.write(to: file)
    #expect(try SVD<Element>(contentsOf: file) == cut)
    #expect(try SVD<Element>(contentsOf: file).spectrum == svd.spectrum)
    try full.write(to: file.path)
    #expect(try SVD<Element>(contentsOf: file.path) == full)
    #expect(throws: TensorFileError.self) { try TruncatedSVD<Element>(contentsOf: file) }
    try top.write(to: file)
    #expect(try TruncatedSVD<Element>(contentsOf: file) == top)
    #expect(throws: TensorFileError.self) { try SVD<Element>(contentsOf: file) }
  }

  @Test func decompositionsReadWhatTheyWrote() throws {
    try decompositions(Float.self)
    try decompositions(Double.self)
  }

  @Test func whatIsNoDecomposition() throws {
    let (u, s, vt) = (Matrix<Float>([[1, 0], [0, 1]]), Vector<Float>([2, 1]), Matrix<Float>([[1, 0], [0, 1]]))
    let method = try u.svd().method.rawValue
    func attempt(_ u: Matrix<Float>, _ s: Vector<Float>, _ vt: Matrix<Float>, _ method: String) throws {
      try SafetensorsFile.write(
        [NamedTensor("u", u), NamedTensor("singular_values", s), NamedTensor("vt", vt)], metadata: ["method": method],
        to: folder.file("a.safetensors"))
      _ = try SVD<Float>(contentsOf: folder.file("a.safetensors"))
    }
    try attempt(u, s, vt, method)
    #expect(throws: TensorFileError.self) { try attempt(u, s, vt, "magic") }
    for values: Vector<Float> in [[1, 2], [1, -1], [.nan, 1], [.infinity, 1], [1]] {
      #expect(throws: TensorFileError.self) { try attempt(u, values, vt, method) }
    }
    #expect(throws: TensorFileError.self) { try attempt(Matrix([[1], [0]]), s, vt, method) }
    #expect(throws: TensorFileError.self) { try attempt(u, s, Matrix([[1, 0], [0, 1], [0, 0]]), method) }
  }
}
