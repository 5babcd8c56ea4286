import Foundation
import LinearStructures
import Testing

private let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

@Suite struct ReadmeTests {
  let readme: String
  let sample = root.appending(path: "Sources/CSample/data")

  init() throws { readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8) }

  private func contrast(_ name: String, _ range: Range<Int>) throws -> Contrast<Double> {
    let file = try SafetensorsFile(sample.appending(path: "activations.safetensors"))
    return try Contrast(
      positive: file.matrix("\(name)positive")[rows: range], negative: file.matrix("\(name)negative")[rows: range])
  }

  /// The rows of a gradient of the sample: its columns, which span the plane of the outputs.
  private func gradient(_ name: String) throws -> Matrix<Double> {
    Matrix(try SafetensorsFile(sample.appending(path: "gradients.safetensors")).matrix(name).transposed)
  }

  @Test func theExampleIsTheOneThatCompiles() throws {
    let blocks = readme.components(separatedBy: "```swift\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "ReadmeExample.swift")
    let compiled = try String(contentsOf: source, encoding: .utf8)
    #expect(compiled.hasSuffix(try #require(blocks.first)))
  }

  @Test func theExampleRuns() throws {
    try spectrum(of: sample.appending(path: "model.safetensors"))
    try planes(gradient("step-0000"), gradient("step-0100"))
    try direction(of: contrast("", 0..<168), heldOut: contrast("", 168..<240))
    let file = try SafetensorsFile(sample.appending(path: "activations.safetensors"))
    let other = try contrast("other.", 84..<168)
    try transfer(
      file.matrix("neutral")[rows: 0..<480], file.matrix("other.neutral")[rows: 0..<480],
      of: contrast("", 0..<84),
      against: Direction(.contrastiveActivationAddition, of: other))
    let output = FileManager.default.temporaryDirectory.appending(path: "readme-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: output) }
    let run = sample.appending(path: "run")
    try forecast(base: run.appending(path: "step-0000.safetensors"), checkpoints: run, output: output)
    #expect(try SafetensorsFile(output).tensors.map(\.name) == ["model.layers.1.self_attn.v_proj.weight"])
  }

  /// What the comments of the example say is what the sample gives.
  @Test func theFiguresOfTheExample() throws {
    let w: Matrix<Float> = try SafetensorsFile(sample.appending(path: "model.safetensors"))
      .matrix("model.layers.1.self_attn.v_proj.weight")
    let measured = try w.spectrum()
    #expect(abs(try #require(measured.participationRatio) - 31.4) < 0.05)
    #expect(measured.rank(capturing: 0.99) == 72)
    // The leading triplets alone, not the full decomposition cut short.
    #expect(try w.svd(rank: 2).method == .blockKrylov)
    #expect(readme.contains("w.svd(rank: 2)"))

    let planes = try ["step-0000", "step-0100"].map {
      try Basis(leadingDirectionsOf: gradient($0), count: 8, centering: .none)
    }
    #expect(readme.contains("// \(try planes[0].overlap(with: planes[1]))\n"))

    let (found, heldOut) = (try contrast("", 0..<168), try contrast("", 168..<240))
    let axis = try Direction(.contrastiveActivationAddition, of: found)
    let score = try axis.evaluate(on: heldOut, exchanging: .pairs)
    #expect(try abs(#require(score.accuracy) - 0.993) < 5e-4 && score.permutation?.p == 0.001)

    let folder = sample.appending(path: "run")
    let run = try Trajectory(base: folder.appending(path: "step-0000.safetensors"), checkpoints: folder)
    let grams = try run.grams()
    #expect(readme.contains("// \(try grams.prefix(10).capture(of: .full))\n"))
    let fit = try grams.fit(rank: 1, observing: 90)
    #expect(fit.verdict == .line)
    #expect(abs(try #require(fit.skill(of: .shrunkDrift)) - 0.577) < 5e-4)
  }

  /// The table of commands names those of the executable, each once.
  @Test func theCommandsAreThoseOfTheExecutable() throws {
    let folder = root.appending(path: "Sources/linstruct/Commands")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
    for file in files {
      let type = URL(filePath: file).deletingPathExtension().lastPathComponent
      let name = type.replacing("Command", with: "").lowercased()
      #expect(readme.contains("| `\(name)` |"), "\(name)")
    }
    #expect(readme.components(separatedBy: "\n").count { $0.contains(/^\| `[a-z]+` \|/) } == files.count)
  }

  /// A module and a type of one name cannot be told apart: `Tensor.Tensor` does not compile.
  @Test func noTypeBearsTheNameOfAModule() throws {
    let sources = root.appending(path: "Sources")
    let modules = try FileManager.default.contentsOfDirectory(atPath: sources.path).joined(separator: "|")
    let declaration = try Regex("\\b(struct|class|enum|protocol|actor|typealias) (\(modules))\\b")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.firstMatch(of: declaration) == nil, "\(file.lastPathComponent)")
    }
  }
}
