import Foundation
import Nulls
import Steering
import Tensor
import TensorIO
import Testing
import _TestSupport

/// Directions and maps in files.
@Suite struct FileTests {
  private let folder: TemporaryFolder
  private let contrast: Contrast<Double>

  init() throws {
    folder = try TemporaryFolder()
    let rows = normal(14, 4, seed: 1)
    contrast = try Contrast(positive: rows[rows: 0..<6], negative: rows[rows: 6..<14])
  }

  @Test func aDirectionComesBackWhole() throws {
    let axis = try Direction(.differenceInMeans, of: contrast).judged(by: contrast.normTest(exchanging: .rows))
    let url = folder.file("axis.safetensors")
    try axis.write(to: url)
    #expect(try Direction(contentsOf: url) == axis)
    #expect(axis.method != nil && axis.samples != nil && axis.verdict != nil && !axis.rowFingerprints.isEmpty)
    let file = try SafetensorsFile(url)
    #expect(file.metadata["samples"] == "6 positive, 8 negative" && file.metadata["method"] == "difference-in-means")
    // The same direction gives the same bytes, and in another precision the file has its type.
    let bytes = try Data(contentsOf: url)
    try axis.write(to: url)
    #expect(try Data(contentsOf: url) == bytes)
    let single = axis.converted(to: Float.self)
    try single.write(to: url)
    #expect(try Direction(contentsOf: url) == single && SafetensorsFile(url).tensors.allSatisfy { $0.type == .f32 })
    #expect(try Direction<Double>(contentsOf: url).vector == single.vector.converted())
    let bare = try Direction(Vector<Double>([1, 2]))
    try bare.write(to: url)
    #expect(try Direction(contentsOf: url) == bare && SafetensorsFile(url).metadata.isEmpty)
  }

  @Test func directionsFromElsewhere() throws {
    let vector = Vector<Double>([1, 2, 3])
    let array = folder.file("v.npy")
    for matrix in [Matrix(row: vector), Matrix(column: vector)] {
      try NumpyFile.write(matrix, to: array)
      #expect(try Direction<Double>(contentsOf: array) == Direction(vector))
    }
    try NumpyFile.write(normal(2, 3, seed: 2), to: array)
    #expect {
      try Direction<Double>(contentsOf: array)
    } throws: {
      "\($0)".hasPrefix("\(array.relativePath): ") && "\($0)".contains("[2, 3] where a vector is needed")
    }
    let url = folder.file("d.safetensors")
    let tensor = [NamedTensor("direction", vector)]
    try SafetensorsFile.write(tensor, metadata: ["method": "median", "samples": "3 of 4", "verdict": "maybe"], to: url)
    let found = try Direction<Double>(contentsOf: url)
    #expect(found.method == nil && found.samples == nil && found.verdict == nil && found.vector == vector)
  }

  @Test func filesThatHoldNoDirection() throws {
    let url = folder.file("d.safetensors")
    func refusal(_ tensors: [NamedTensor], _ metadata: [String: String] = [:]) throws -> SteeringError? {
      try SafetensorsFile.write(tensors, metadata: metadata, to: url)
      do {
        _ = try Direction<Double>(contentsOf: url)
        return nil
      } catch { return error }
    }
    let vector = NamedTensor("direction", Vector<Double>([1, 2]))
    guard case .file(.missingTensor) = try refusal([NamedTensor("other", Vector<Double>([1, 2]))]) else {
      Issue.record("a file without a direction")
      return
    }
    guard case .unequalWidths = try refusal([vector, NamedTensor("midpoint", Vector<Double>([1]))]) else {
      Issue.record("a midpoint of another width")
      return
    }
    #expect(
      try refusal([NamedTensor("direction", Vector<Double>([1, .nan]))])
        == .linearAlgebra(.notFinite(row: 0, column: 1)))
    for key in ["row_fingerprints", "rounded_row_fingerprints"] {
      let error = try refusal([vector], [key: "12 zz"])
      #expect("\(try #require(error))".contains("\(key) is not a list of fingerprints (entry 2 is \"zz\""))
    }
    #expect(throws: SteeringError.file(.notFound(path: folder.file("none").relativePath))) {
      try Direction<Float>(contentsOf: folder.file("none"))
    }
    #expect(throws: SteeringError.self) { try Direction([1, 2] as Vector<Double>).write(to: folder.file("no/d")) }
  }

  @Test func aMapComesBack() throws {
    let map = try RidgeMap(from: normal(9, 3, seed: 3), to: normal(9, 2, seed: 4), regularization: .fixed(0.1))
    let url = folder.file("map.safetensors")
    let mapped = try map.map(Direction(Vector<Double>([1, 2, 3])))
    try map.write(to: url, mappedDirection: mapped)
    let found = try RidgeMap<Double>(contentsOf: url)
    #expect(found.weights == map.weights && found.intercept == map.intercept && found.lambda == 0.1)
    #expect(try SafetensorsFile(url).vector("mapped_direction") == mapped.vector)
    // The mean of the training rows is not in the file, so R² needs one.
    let (x, y) = (normal(5, 3, seed: 5), normal(5, 2, seed: 6))
    #expect(found.trainingMean == nil)
    #expect(throws: SteeringError.self) { try found.r2(source: x, target: y) }
    #expect(try found.r2(source: x, target: y, about: map.trainingMean) == map.r2(source: x, target: y))
    #expect(throws: SteeringError.self) { try found.r2(source: x, target: y, about: [1]) }
    let single = map.converted(to: Float.self)
    try single.write(to: url)
    #expect(try RidgeMap<Float>(contentsOf: url).weights == single.weights)
    #expect(try SafetensorsFile(url).tensors.map(\.name).sorted() == ["intercept", "weights"])
  }

  @Test func filesThatHoldNoMap() throws {
    let url = folder.file("map.safetensors")
    let weights = NamedTensor("weights", normal(3, 2, seed: 1))
    let (fitting, other) = (Vector<Double>([1, 2]), Vector<Double>([1]))
    for (vector, lambda) in [(fitting, "-1"), (fitting, "x"), (fitting, "inf"), (fitting, nil), (other, "1")] {
      try SafetensorsFile.write(
        [weights, NamedTensor("intercept", vector)], metadata: lambda.map { ["lambda": $0] } ?? [:], to: url)
      #expect(throws: SteeringError.self) { try RidgeMap<Double>(contentsOf: url) }
    }
    try SafetensorsFile.write([weights], metadata: ["lambda": "1"], to: url)
    #expect(throws: SteeringError.self) { try RidgeMap<Double>(contentsOf: url) }
  }
}
