import Foundation
import Nulls
import Subspace
import Tensor
import TensorIO
import Testing
import _TestSupport

/// Random planes, and planes in files.
@Suite struct RandomPlaneTests {
  private func randomPlanes<Element: MatrixScalar>(_ type: Element.Type) throws {
    let plane = try Basis<Element>.random(dimension: 30, count: 4, seed: 9)
    #expect(plane.dimension == 30 && plane.rank == 4)
    #expect(orthonormalityDefect(plane.columns) < tolerance(Element.self, 30))
    #expect(try Basis<Element>.random(dimension: 30, count: 4, seed: 9) == plane)
    #expect(try Basis<Element>.random(dimension: 30, count: 4, seed: 10) != plane)
    #expect(try Basis<Element>.random(dimension: 3, count: 3).rank == 3)
    #expect(try Basis<Element>.random(dimension: 3, count: 0).rank == 0)
    for (dimension, count) in [(3, 4), (-1, 0), (3, -1)] {
      #expect(throws: LinearAlgebraError.self) { try Basis<Element>.random(dimension: dimension, count: count) }
    }
  }

  @Test func randomPlanesAreOrthonormalAndSeeded() throws {
    try randomPlanes(Float.self)
    try randomPlanes(Double.self)
  }

  @Test func noDirectionIsPreferred() throws {
    // The captured share of a fixed vector is k/d on average; 4 standard errors of Beta(k/2, (d − k)/2) over the planes.
    let (d, k, planes) = (12, 3, 200)
    let vector = Vector<Double>((0..<d).map { $0 == 0 ? 1 : 0 })
    let mean =
      try (0..<planes).reduce(0.0) { sum, seed in
        let plane = try Basis<Double>.random(dimension: d, count: k, seed: UInt64(seed))
        return sum + (try plane.capture(of: vector).energy.value ?? 0)
      } / Double(planes)
    let deviation = (2.0 * 3 * 9 / (144 * 14) / Double(planes)).squareRoot()
    #expect(abs(mean - 0.25) < 4 * deviation)
  }

  private func files<Element: MatrixScalar>(_ type: Element.Type) throws {
    let folder = try TemporaryFolder()
    let plane = try Basis<Element>.random(dimension: 20, count: 3)
    for name in ["a.safetensors", "a.npy"] {
      try plane.write(to: folder.file(name).path)
      #expect(try Basis<Element>(contentsOf: folder.file(name)) == plane)
    }
    // Single precision is precise enough for what single precision holds.
    try plane.columns.converted(to: Float.self).write(to: folder.file("single.npy"))
    #expect(try Basis<Double>(contentsOf: folder.file("single.npy")).rank == 3)
    for columns: Matrix<Element> in [1.01 * plane.columns, Matrix([[1, 0]]), Matrix([[.nan], [0]])] {
      try columns.write(to: folder.file("b.npy"))
      let error = #expect(throws: TensorFileError.self) { try Basis<Element>(contentsOf: folder.file("b.npy")) }
      #expect("\(try #require(error))".contains("orthonormal"))
    }
  }

  @Test func basesReadWhatTheyWrote() throws {
    try files(Float.self)
    try files(Double.self)
  }
}
