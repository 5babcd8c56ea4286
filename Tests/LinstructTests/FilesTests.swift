import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// Files and names as people have them, through the executable.
@Suite struct FilesTests {
  private let grid = Matrix<Double>([[3, 1], [0, 2], [1, 1]])

  /// A checkpoint with a plain weight, plain integers, and a quantized weight with its scales.
  private func model(_ scratch: TemporaryFolder) throws -> String {
    let codes = (0..<6).map(Double.init)
    return try scratch.write(
      "m.safetensors",
      [
        TensorValues("w", grid, .f32), TensorValues("ids", .i64, [3, 2], codes),
        TensorValues("q.weight", .u32, [3, 2], codes),
        TensorValues("q.scales", .f16, [3, 2], codes), TensorValues("q.biases", .f16, [3, 2], codes),
      ]
    ).path
  }

  @Test func codesAreRefusedByEveryCommandThatTakesAMatrix() throws {
    let scratch = try TemporaryFolder()
    let path = try model(scratch)
    let (codes, plain, output) = ("\(path)#q.weight", "\(path)#w", scratch.file("o.safetensors").path)
    for more in [[], ["--integers"]] {
      for words in [
        ["svd", codes], ["spectrum", codes], ["spectrum", path, "--tensor", "q.weight"], ["angles", codes, plain],
        ["capture", "--basis", plain, "--displacement", codes],
        ["direction", "--positive", plain, "--negative", codes, "--method", "difference-in-means", "--output", output],
        ["transfer", "--source", codes, "--target", plain, "--lambda", "1", "--output", output],
      ] {
        try expectRefusal(
          words + more, status: 1, saying: "q.weight", "U32 codes", "q.scales", "[unsupported-quantization]")
      }
    }
    #expect(!FileManager.default.fileExists(atPath: output))
    // The scales of a quantized weight are read as numbers where they are asked for by name.
    #expect(try linstruct("svd", "\(path)#q.scales").status == 0)
  }

  @Test func integersAreNumbersWhereTheyAreAskedFor() throws {
    let scratch = try TemporaryFolder()
    let path = try model(scratch)
    for words in [["svd", "\(path)#ids"], ["angles", "\(path)#ids", "\(path)#w"], ["spectrum", "\(path)#ids"]] {
      try expectRefusal(words, status: 1, saying: "ids", "I64", "--integers", "[codes]")
      #expect(try linstruct(words + ["--integers"]).status == 0)
    }
    let array = scratch.file("i.npy")
    let header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 1)}"
    let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    try Data(start + Array(header.utf8) + [3, 0, 4, 0]).write(to: array)
    try expectRefusal(["svd", array.path], status: 1, saying: "I16")
    #expect(try linstruct("svd", array.path, "--integers", "--json").json()["singular_values"] as? [Double] == [5])
  }

  @Test func whatIsSkippedHasNameTypeAndReason() throws {
    let scratch = try TemporaryFolder()
    let url = scratch.file("m.safetensors")
    let layouts: [(String, ElementType, [Int])] = [
      ("w", .f32, [2, 2]), ("v", .f32, [4]), ("five", .f32, [1, 1, 1, 1, 4]), ("none", .f32, [0, 1_000_001]),
      ("many", .f32, [1_000_000_000, 0, 0]), ("f8", .f8e4m3, [2, 2]), ("f4", .f4, [2, 2]), ("c", .c64, [2, 2]),
      ("mask", .bool, [2, 2]), ("ids", .i32, [2, 2]), ("p.qweight", .i32, [2, 2]), ("p.scales", .f16, [2, 2]),
      ("conv", .f32, [2, 3, 1, 2]),
    ]
    let writer = try SafetensorsWriter(to: url, tensors: layouts.map { TensorLayout($0.0, $0.1, shape: $0.2) })
    for info in writer.tensors where !info.byteRange.isEmpty {
      let bytes = [UInt8](repeating: 0, count: info.byteRange.count)
      try bytes.withUnsafeBytes { try writer.append(bytes: $0, to: info.name) }
    }
    try writer.finish()
    let json = try linstruct("spectrum", url.path, "--json").json()
    let found = try #require(json["tensors"] as? [[String: Any]])
    #expect(Set(found.compactMap { $0["name"] as? String }) == ["w", "conv"])
    #expect(found.first { $0["name"] as? String == "conv" }?["shape"] as? [Int] == [2, 6])
    let skipped = try #require(json["skipped"] as? [[String: Any]])
    var reasons: [String: String] = [:]
    for entry in skipped {
      let name = try #require(entry["name"] as? String)
      reasons[name] = try #require(entry["reason"] as? String)
      #expect(entry["type"] as? String == layouts.first { $0.0 == name }?.1.rawValue)
      #expect(entry["shape"] as? [Int] == layouts.first { $0.0 == name }?.2)
    }
    #expect(Set(reasons.keys) == Set(layouts.map(\.0)).subtracting(["w", "conv"]))
    for (name, word) in [
      ("v", "1 dimension"), ("five", "5 dimensions"), ("none", "no entries"), ("many", "no entries"),
      ("f8", "F8_E4M3"), ("f4", "F4"), ("c", "C64"), ("mask", "--integers"), ("ids", "[codes]"),
      ("p.qweight", "p.scales"), ("p.scales", "p.qweight"),
    ] {
      #expect(reasons[name]?.contains(word) == true, "\(name): \(reasons[name] ?? "")")
    }
    let text = try linstruct("spectrum", url.path)
    #expect(text.status == 0 && text.output.contains("skipped") && text.output.contains("F8_E4M3"))
    try expectRefusal(["svd", "\(url.path)#f8"], status: 1, saying: "F8_E4M3")
    try expectRefusal(["svd", "\(url.path)#none"], status: 1, saying: "holds no numbers")
  }

  @Test func anOutputThatIsAnInputIsRefusedBeforeTheWork() throws {
    let scratch = try TemporaryFolder()
    let path = try model(scratch)
    let before = try Data(contentsOf: URL(filePath: path))
    let files = FileManager.default
    try files.createSymbolicLink(atPath: scratch.file("soft.safetensors").path, withDestinationPath: "m.safetensors")
    try files.linkItem(atPath: path, toPath: scratch.file("hard.safetensors").path)
    try files.createSymbolicLink(at: scratch.file("folder"), withDestinationURL: scratch.url)
    for output in ["m.safetensors", "./m.safetensors", "soft.safetensors", "hard.safetensors", "folder/m.safetensors"] {
      let place = scratch.url.path + "/" + output
      try expectRefusal(["svd", "\(path)#w", "--output", place], status: 64, saying: "is the input")
      try expectRefusal(
        ["svd", "\(scratch.file("soft.safetensors").path)#w", "--output", place], status: 64, saying: "is the input")
    }
    // A shard in an input folder is an input as well.
    try expectRefusal(
      ["svd", "\(scratch.file("folder").path)#w", "--output", path], status: 64, saying: "is the input")
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    let new = scratch.file("new.safetensors")
    for _ in 0..<2 { #expect(try linstruct("svd", "\(path)#w", "--output", new.path).status == 0) }
  }

  @Test func outputsAreOpenedBeforeTheWork() throws {
    let scratch = try TemporaryFolder()
    let missing = scratch.file("no/folder/o.safetensors").path
    // The input does not exist either, but the output comes first.
    try expectRefusal(
      ["svd", scratch.file("none.npy").path, "--output", missing], status: 1, saying: "cannot be written")
  }

  @Test func archivesWhereverAMatrixIsTaken() throws {
    let scratch = try TemporaryFolder()
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "TensorIOTests/Fixtures")
    for name in ["stored.npz", "deflated.npz"] {
      let archive = fixtures.appending(path: name).path
      let a = "\(archive)#a"
      #expect(try linstruct("svd", a, "--json").json()["shape"] as? [Int] == [2, 3])
      #expect(try linstruct("angles", a, a, "--json").json()["overlap"] as? Double == 1)
      let spectra = try linstruct("spectrum", archive, "--json").json()
      #expect((spectra["tensors"] as? [[String: Any]])?.map { $0["name"] as? String } == ["a"])
    }
    // An archive without its ending is recognised by its content.
    try FileManager.default.copyItem(
      at: fixtures.appending(path: "stored.npz"), to: scratch.file("activations"))
    #expect(try linstruct("svd", "\(scratch.file("activations").path)#a").status == 0)
  }

  @Test func matricesAndLayersOfThreeDimensions() throws {
    let scratch = try TemporaryFolder()
    let values = (0..<24).map { Double($0 * $0 % 7) }
    let path = try scratch.write(
      "m.safetensors", [TensorValues("e", .f64, [2, 3, 4], values), TensorValues("e[0]", .f64, [1, 1], [5])]
    ).path
    func shape(_ argument: String) throws -> [Int]? {
      try linstruct("svd", argument, "--json").json()["shape"] as? [Int]
    }
    #expect(
      try shape("\(path)#e[1]") == [3, 4] && shape("\(path)#e[:,2]") == [2, 4] && shape("\(path)#e[:, 2]") == [2, 4])
    #expect(try shape("\(path)#e[0]") == [1, 1], "a name that stands in the file wins")
    for argument in ["e[2]", "e[:,3]", "e[-1]", "e[]", "e"] {
      try expectRefusal(["svd", "\(path)#\(argument)"], status: 1, saying: "e")
    }
    let layer = try linstruct("spectrum", "\(path)#e[:,2]", "--json").json()
    #expect((layer["tensors"] as? [[String: Any]])?.first?["name"] as? String == "e[:,2]")
    let one = try linstruct("spectrum", path, "--tensor", "e[1]", "--json").json()
    #expect((one["tensors"] as? [[String: Any]])?.count == 1)
    let array = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "TensorIOTests/Fixtures/fortran-cube.npy").path
    #expect(
      try shape("\(array)[:,0]") == [2, 4] && shape("\(array)#[:,0]") == [2, 4] && shape("\(array)[1]") == [3, 4])
    try expectRefusal(["svd", array], status: 1, saying: "[:,0]")
    try expectRefusal(["svd", "\(array)#x"], status: 1, saying: "without a name")
  }

  @Test func theHashIsLookedForFromTheRight() throws {
    let scratch = try TemporaryFolder()
    let odd = try scratch.write("a#b.safetensors", [TensorValues("x#y", grid), TensorValues("z", grid)]).path
    for argument in ["\(odd)#x#y", "\(odd)#z"] { #expect(try linstruct("svd", argument).status == 0) }
    // A path that exists as it stands wins over a name.
    _ = try scratch.write("m.safetensors", [TensorValues("w.npy", grid)])
    try NumpyFile.write(Matrix<Double>([[1]]), to: scratch.file("m.safetensors#w.npy"))
    let json = try linstruct("svd", scratch.file("m.safetensors#w.npy").path, "--json").json()
    #expect(json["shape"] as? [Int] == [1, 1])
    try expectRefusal(["spectrum", "\(odd)#z", "--tensor", "z"], status: 64, saying: "--tensor")
  }

  @Test func namesThatDifferByNormalizationOnlyAndPathsThatAreNoText() throws {
    let scratch = try TemporaryFolder()
    let url = scratch.file("m.safetensors")
    try SafetensorsFile.write(
      [NamedTensor("\u{E9}", Matrix<Double>([[1]])), NamedTensor("e\u{301}", Matrix<Double>([[2]]))], to: url)
    for (name, value) in [("\u{E9}", 1.0), ("e\u{301}", 2)] {
      let json = try linstruct("svd", "\(url.path)#\(name)", "--json").json()
      #expect(json["singular_values"] as? [Double] == [value])
    }
    #expect((try linstruct("spectrum", url.path, "--json").json()["tensors"] as? [Any])?.count == 2)
    // A shell gives the bytes, which Process cannot.
    let runner = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "linstruct").path
    let script =
      "cd '\(scratch.url.path)' && cp m.safetensors \"$(printf 'a\\377b.safetensors')\" && "
      + "'\(runner)' spectrum \"$(printf 'a\\377b.safetensors')\" && "
      + "'\(runner)' svd \"$(printf 'a\\377b.safetensors#e\\314\\201')\" --output \"$(printf '\\376.safetensors')\" && "
      + "test -f \"$(printf '\\376.safetensors')\""
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func aSnapshotOfTheHubIsOpenedThroughItsLinks() throws {
    let scratch = try TemporaryFolder()
    _ = try scratch.write("models--a--b/blobs/0f", [TensorValues("w", grid)])
    let snapshot = scratch.file("models--a--b/snapshots/1234")
    try FileManager.default.createDirectory(at: snapshot, withIntermediateDirectories: true)
    let link = snapshot.appending(path: "model.safetensors").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../../blobs/0f")
    for argument in [snapshot.path, "\(snapshot.path)#w", link, "\(link)#w"] {
      #expect(try linstruct("spectrum", argument).status == 0)
    }
    let blob = scratch.file("models--a--b/blobs/0f.safetensors")
    try FileManager.default.linkItem(at: scratch.file("models--a--b/blobs/0f"), to: blob)
    for output in [link, blob.path] {
      try expectRefusal(["svd", "\(snapshot.path)#w", "--output", output], status: 64, saying: "is the input")
    }
  }

  @Test func aWriteBeyondTheLimitOfFileSizesIsAnError() throws {
    let scratch = try TemporaryFolder()
    let path = try scratch.npy("a", normal(60, 60, seed: 1))
    let output = scratch.file("o.safetensors")
    try Data([1]).write(to: output)
    let runner = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "linstruct").path
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "ulimit -f 8; exec '\(runner)' svd '\(path)' --output '\(output.path)'"]
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    #expect(try Array(Data(contentsOf: output)) == [1])
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
    #expect(Set(left) == ["a.npy", "o.safetensors"])
  }
}
