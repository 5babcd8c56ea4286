import Foundation
import Synchronization
import Tensor
import TensorIO
import Testing
import _TestSupport

/// What every kind of file answers alike.
@Suite struct SourceTests {
  private func entries(_ count: Int) -> [Double] { (0..<count).map(Double.init) }

  @Test func contentDecidesWhatIsOpened() throws {
    let folder = try TemporaryFolder()
    let matrix = Matrix<Double>([[1, 2], [3, 4]])
    try folder.write("a.npy", TensorValues("w", matrix))
    try NumpyFile.write(matrix, to: folder.file("b.safetensors"))
    try FileManager.default.copyItem(at: fixture("stored.npz"), to: folder.file("c.bin"))
    #expect(try TensorFiles.open(folder.file("a.npy")) is Checkpoint)
    #expect(try TensorFiles.open(folder.file("b.safetensors").path) is NumpyFile)
    #expect(try TensorFiles.open(folder.file("c.bin")) is NumpyArchive)
    #expect(try TensorFiles.open(folder.file("a.npy").path).matrix("w") == matrix)
    #expect(try TensorFiles.open(folder.file("b.safetensors")).matrix("b") == matrix)
    // What is no file of any kind is opened by its name, so that the reader of that format says what is wrong.
    for (name, word) in [("d.npy", ".npy"), ("d.npz", ".npz"), ("d.x", "safetensors")] {
      let error = #expect(throws: TensorFileError.self) { try TensorFiles.open(folder.write([1, 2, 3], name)) }
      #expect("\(try #require(error))".contains(word), "\(name)")
    }
  }

  @Test func textAndAddressOpenTheSame() throws {
    let folder = try TemporaryFolder()
    let url = try folder.write("a.safetensors", [TensorValues("w", [2], [1, 2])])
    #expect(try SafetensorsFile(url.path).tensors == SafetensorsFile(url).tensors)
    #expect(try Checkpoint(folder.url.path).names == ["w"])
    #expect(FileKind(of: url.path) == .safetensors && SystemPath(url.path) == SystemPath(url))
  }

  @Test(arguments: ["stored.npz", "deflated.npz", "blocks.npz"]) func anArchiveReadsAsItsArraysDo(name: String) throws {
    let archive = try NumpyArchive(fixture(name))
    #expect(archive.map(\.name) == archive.names)
    for tensor in archive {
      let array = try archive.array(tensor.name)
      #expect(array.shape == tensor.shape && array.type == tensor.type && array.content == tensor.content)
      guard tensor.shape.count != 3 else { continue }
      let wanted = try array.matrix(as: Double.self)
      #expect(try archive.matrix(tensor.name, as: Double.self) == wanted)
      var found = [Double](repeating: -1, count: tensor.elementCount)
      try found.withUnsafeMutableBufferPointer { try tensor.read(elements: 0..<tensor.elementCount, into: $0) }
      #expect(found == Array(wanted.flattened))
    }
    #expect(throws: TensorFileError.self) { try archive.matrix("none", as: Float.self) }
  }

  @Test func elementsOfAnArrayInFortranOrder() throws {
    // The fixture holds 0 … 23 in row-major order.
    let cube = try NumpyFile(fixture("fortran-cube.npy"))
    for range in [0..<24, 5..<6, 7..<19, 3..<3] {
      var found = [Double](repeating: -1, count: range.count)
      try found.withUnsafeMutableBufferPointer { try cube.read("fortran-cube", elements: range, into: $0) }
      #expect(found == range.map(Double.init))
    }
    #expect(throws: TensorFileError.self) { try cube.tensor("other") }
    let layers = try cube.tensor("fortran-cube").layers.map { try $0.read(as: Float.self) }
    #expect(layers.count == 3 && layers[1] == Matrix([[4, 5, 6, 7], [16, 17, 18, 19]]))
  }

  @Test func everyMatrixAndWhyOthersAreNone() throws {
    let folder = try TemporaryFolder()
    let url = try folder.write(
      "a.safetensors",
      [
        TensorValues("m.10", [2, 3], entries(6)), TensorValues("m.9", .bf16, [2, 2], entries(4)),
        TensorValues("experts", [2, 1, 3], entries(6)), TensorValues("kernel", [2, 2, 1, 2], entries(8)),
        TensorValues("bias", [3], entries(3)), TensorValues("ids", .i64, [2, 2], entries(4)),
        TensorValues("none", [0, 3], []),
      ])
    let listing = try TensorFiles.open(url).matrixListing()
    #expect(listing.map(\.name) == ["experts[0]", "experts[1]", "kernel", "m.9", "m.10"])
    #expect(listing.skipped.map(\.tensor.name) == ["bias", "ids", "none"])
    #expect(listing.skipped.map(\.reason) == [.dimensions(.f32, count: 1), .integers(.i64), .noEntries])
    let matrices: [String: Matrix<Float>] = try SafetensorsFile(url).matrices()
    #expect(matrices.count == 5 && matrices["experts[1]"] == Matrix([[3, 4, 5]]))
    #expect(matrices["kernel"] == Matrix([[0, 1, 2, 3], [4, 5, 6, 7]]))
    let chosen = try Checkpoint(url).matrixListing(of: ["ids", "m.9"], integers: .asNumbers)
    #expect(chosen.map(\.name) == ["ids", "m.9"] && chosen.skipped.isEmpty)
  }

  @Test func descriptionsAreShortTables() throws {
    let folder = try TemporaryFolder()
    let tensors = (0..<10).map { TensorValues("layer.\($0)", .f32, [1, 2], [1, 2]) }
    let url = try folder.write("a.safetensors", tensors + [TensorValues("b", [3], [1, 2, 3])])
    let lines = "\(try SafetensorsFile(url))".split(separator: "\n")
    #expect(lines.count == 10 && lines[0] == "a.safetensors: 11 tensors" && lines[9] == "  … and 3 more")
    #expect(lines[1] == "  b        F32 [3]" && lines[2] == "  layer.0  F32 [1, 2]")
    #expect("\(try Checkpoint(url))" == "\(try SafetensorsFile(url))")
    #expect("\(try NumpyFile(fixture("fortran-cube.npy")))".hasPrefix("fortran-cube.npy: 1 tensor\n  fortran-cube  "))
    #expect("\(try SafetensorsFile(url).tensors[0])" == "b F32 [3]")
  }

  @Test func namesThatADictionaryCannotTellApart() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("a.safetensors")
    try SafetensorsFile.write(
      [NamedTensor("\u{E9}", Matrix<Float>([[1]])), NamedTensor("e\u{301}", Matrix<Float>([[2]]))], to: url)
    let file = try SafetensorsFile(url)
    #expect(throws: TensorFileError.self) { try file.matrices(as: Float.self) }
    #expect(try file.matrixListing().map { try $0.read(as: Float.self)[0, 0] }.sorted() == [1, 2])
  }

  @Test func progressEndsAtTheCountAndCancellationStops() async throws {
    let folder = try TemporaryFolder()
    let shape = [3, 700, 600]
    let url = try folder.write("a.safetensors", [TensorValues("x", shape, .init(repeating: 1, count: 1_260_000))])
    let file = try SafetensorsFile(url)
    let last = Mutex((done: 0, total: 0))
    let progress: ProgressHandler = { done, total in
      last.withLock { state in
        #expect(done > state.done)
        state = (done, total)
      }
    }
    for (selection, count) in [(MatrixSelection.layer(5), 1800), (.matrix(2), 420_000)] {
      last.withLock { $0 = (0, 0) }
      _ = try file.matrix("x", at: selection, as: Float.self, progress: progress)
      #expect(last.withLock { $0.done == count && $0.total == count })
    }
    for selection in [MatrixSelection.layer(0), .matrix(0)] {
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try file.matrix("x", at: selection, as: Double.self)
      }
      await #expect(throws: TensorFileError.cancelled) { try await task.value }
    }
  }
}
