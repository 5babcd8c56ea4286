import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

@Suite struct SVDCommandTests {
  @Test func theFactorsRebuildTheMatrix() throws {
    let scratch = try TemporaryFolder()
    let a = normal(7, 4, seed: 1)
    let path = try scratch.npy("a", a)
    let run = try linstruct("svd", path, "--json", "--output", scratch.file("f.safetensors").path)
    let json = try run.json()
    #expect(json["method"] as? String == "QR iteration" && json["shape"] as? [Int] == [7, 4])
    #expect(try #require(json["residual"] as? Double) < 1e-13)
    #expect((json["seconds"] as? [Double])?.count == 1)
    let file = try SafetensorsFile(scratch.file("f.safetensors"))
    #expect(Set(file.tensors.map(\.name)) == ["u", "singular_values", "vt"])
    #expect(file.tensors.allSatisfy { $0.type == .f64 })
    let values = try file.vector("singular_values", as: Double.self)
    let rebuilt = try file.matrix("u", as: Double.self) * (Matrix.diagonal(values) * file.matrix("vt", as: Double.self))
    #expect((rebuilt - a).norm(.maximum) < 1e-13)
  }

  @Test func leadingTripletsAndValuesOnly() throws {
    let scratch = try TemporaryFolder()
    let path = try scratch.npy("a", normal(30, 20, seed: 2).converted(to: Float.self))
    let output = scratch.file("f.safetensors")
    let leading = try linstruct("svd", path, "--rank", "3", "--json", "--output", output.path).json()
    #expect(try #require(leading["residual"] as? Double) <= 1e-2)
    let file = try SafetensorsFile(output)
    #expect(file["u"]?.shape == [30, 3] && file["vt"]?.shape == [3, 20] && file["u"]?.type == .f32)
    let values = try linstruct("svd", path, "--values-only", "--json", "--output", output.path).json()
    // The library does not record the method here, so the executable does not name one.
    #expect(values["residual"] is NSNull && values["method"] is NSNull)
    let written = try SafetensorsFile(output)
    #expect(written.tensors.map(\.name) == ["singular_values"] && written.metadata.isEmpty)
    #expect(try linstruct("svd", path, "--values-only").output.contains("30x20 Float\n"))
    #expect((values["singular_values"] as? [Double])?.count == 20)
  }

  @Test func oddShapes() throws {
    let scratch = try TemporaryFolder()
    let vector = scratch.file("v.safetensors")
    try SafetensorsFile.write([NamedTensor("v", Vector<Float>([3, 4]))], to: vector)
    let column = try linstruct("svd", vector.path, "--json").json()
    #expect(column["shape"] as? [Int] == [2, 1] && column["singular_values"] as? [Double] == [5])
    let empty = try linstruct("svd", scratch.npy("e", Matrix<Double>.zeros(rows: 0, columns: 3)), "--json").json()
    #expect(empty["shape"] as? [Int] == [0, 3] && empty["residual"] as? Double == 0)
    #expect(try linstruct("svd", scratch.npy("z", Matrix<Double>.zeros(rows: 2, columns: 3))).status == 0)
  }
}

@Suite struct SpectrumCommandTests {
  @Test func everyKindOfTensor() throws {
    let scratch = try TemporaryFolder()
    let url = scratch.file("m.safetensors")
    let writer = try SafetensorsWriter(
      to: url,
      tensors: [
        TensorLayout("matrix", .f64, shape: [2, 2]), TensorLayout("experts", .bf16, shape: [2, 2, 2]),
        TensorLayout("bias", .f32, shape: [3]), TensorLayout("nan", .f32, shape: [1, 2]),
        TensorLayout("zero", .f32, shape: [2, 2]), TensorLayout("counts", .i32, shape: [1, 2]),
        TensorLayout("small", .f8e4m3, shape: [2, 2]),
      ])
    let contents: [String: [Double]] = [
      "matrix": [3, 0, 0, 4], "experts": [1, 0, 0, 1, 2, 0, 0, 0], "bias": [1, 2, 3], "nan": [.nan, 1],
      "zero": [0, 0, 0, 0], "counts": [3, 4],
    ]
    for info in writer.tensors {
      if let values = contents[info.name] {
        try values.withUnsafeBufferPointer { try writer.append($0, to: info.name) }
      } else {
        try [UInt8](repeating: 1, count: 4).withUnsafeBytes { try writer.append(bytes: $0, to: info.name) }
      }
    }
    try writer.finish()
    let json = try linstruct("spectrum", url.path, "--json").json()
    let list = try #require(json["tensors"] as? [[String: Any]])
    let byName = Dictionary(uniqueKeysWithValues: list.map { ($0["name"] as? String ?? "", $0) })
    #expect(Set(byName.keys) == ["matrix", "experts[0]", "experts[1]", "nan", "zero"])
    let skipped = try #require(json["skipped"] as? [[String: Any]])
    #expect(Set(skipped.compactMap { $0["name"] as? String }) == ["bias", "small", "counts"])
    #expect(skipped.allSatisfy { ($0["reason"] as? String)?.isEmpty == false && $0["type"] is String })
    let matrix = try #require(byName["matrix"])
    #expect(matrix["stable_rank"] as? Double == 25.0 / 16)
    #expect(abs(try #require(matrix["participation_ratio"] as? Double) - 625.0 / 337) < 1e-12)
    #expect(matrix["numerical_rank"] as? Int == 2)
    #expect(byName["experts[1]"]?["numerical_rank"] as? Int == 1)
    #expect(byName["experts[0]"]?["entropy_rank"] as? Double == 2)
    let counted = try linstruct("spectrum", "\(url.path)#counts", "--integers", "--json").json()
    #expect((counted["tensors"] as? [[String: Any]])?.first?["energy"] as? [Double] == [1])
    #expect(byName["nan"]?["error"] is String && byName["nan"]?["stable_rank"] is NSNull)
    #expect(byName["zero"]?["stable_rank"] is NSNull && byName["zero"]?["numerical_rank"] as? Int == 0)
    let one = try linstruct("spectrum", url.path, "--tensor", "matrix", "--json").json()
    #expect((one["tensors"] as? [Any])?.count == 1)
    let some = try linstruct("spectrum", url.path, "--include", "^(matrix|zero)$", "--json").json()
    #expect((some["tensors"] as? [Any])?.count == 2)
  }

  @Test func centringIsAsked() throws {
    let scratch = try TemporaryFolder()
    let path = try scratch.npy("a", Matrix<Double>([[10, 1], [10, -1]]))
    func rank(_ words: String...) throws -> Int? {
      let json = try linstruct(["spectrum", path, "--json"] + words).json()
      return (json["tensors"] as? [[String: Any]])?.first?["numerical_rank"] as? Int
    }
    #expect(try rank() == 2)
    #expect(try rank("--centered") == 1)
  }
}

@Suite struct PlaneCommandTests {
  @Test func anglesOfAKnownRotation() throws {
    let scratch = try TemporaryFolder()
    let angle = 1e-9
    let a = try scratch.npy("a", Matrix<Double>([[1, 0], [0, 1], [0, 0]]))
    let b = try scratch.npy("b", Matrix<Double>([[cos(angle), 0], [0, 7], [sin(angle), 0]]))
    let json = try linstruct("angles", a, b, "--json").json()
    let angles = try #require(json["angles"] as? [Double])
    #expect(angles.count == 2 && abs(angles[0]) < 1e-15 && abs(angles[1] / angle - 1) < 1e-6)
    #expect(json["overlap"] as? Double == 1 && json["chance"] as? Double == 2.0 / 3)
    #expect(json["geodesic"] is Double && json["chordal"] is Double)
    let zero = try scratch.npy("z", Matrix<Double>.zeros(rows: 3, columns: 1))
    let undefined = try linstruct("angles", a, zero, "--json").json()
    #expect(undefined["overlap"] is NSNull && (undefined["angles"] as? [Double])?.isEmpty == true)
  }

  @Test func captureInBothOrientations() throws {
    let scratch = try TemporaryFolder()
    let basis = try scratch.npy("b", Matrix<Float>([[2, 0], [0, 0], [0, 5], [0, 0]]))
    let row = try scratch.npy("r", Matrix<Double>([[3, 4, 0, 0]]))
    let column = try scratch.npy("c", Matrix<Float>([[3], [4], [0], [0]]))
    for path in [row, column] {
      let json = try linstruct("capture", "--basis", basis, "--displacement", path, "--json").json()
      #expect(abs(try #require(json["energy"] as? Double) - 0.36) < 1e-15)
      #expect(abs(try #require(json["cosine"] as? Double) - 0.6) < 1e-15)
      #expect(json["chance"] as? Double == 0.5)
    }
    let zero = try scratch.npy("z", Matrix<Double>.zeros(rows: 4, columns: 1))
    #expect(try linstruct("capture", "--basis", basis, "--displacement", zero, "--json").json()["energy"] is NSNull)
  }
}
