import Foundation
import Nulls
import Subspace
import Tensor
import _TestSupport
import Testing

private func angles<E>(_ a: Matrix<E>, _ b: Matrix<E>) throws -> PrincipalAngles {
  try Basis(spanning: a).principalAngles(to: Basis(spanning: b))
}

@Suite struct PrincipalAnglesTests {
  struct Reference: Decodable {
    struct Case: Decodable {
      let left: [[Double]]
      let right: [[Double]]
      let angles: [Double]
    }
    let cases: [Case]
  }

  @Test func anglesAgreeWithScipy() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/angles.json")
    for reference in try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url)).cases {
      let (a, b) = (Matrix(reference.left), Matrix(reference.right))
      let found = try angles(a, b)
      #expect(found.angles.count == reference.angles.count)
      for (ours, theirs) in zip(found.angles, reference.angles) { #expect(abs(ours - theirs) < 1e-13) }
      #expect(zip(found.angles, found.angles.dropFirst()).allSatisfy { $0 <= $1 })
    }
  }

  @Test(arguments: [1.0, 0.5, 1e-3, 1e-8, 1e-12, 1e-15]) func aKnownRotationIsFound(angle: Double) throws {
    let a = Matrix<Double>([[1, 0], [0, 1], [0, 0], [0, 0]])
    let b = Matrix<Double>([[cos(angle), 0], [0, 1], [sin(angle), 0], [0, 0]])
    let found = try angles(a, b)
    #expect(abs(found.angles[0]) < 1e-16 && abs(found.angles[1] / angle - 1) < 1e-9)
    #expect(abs(found.geodesicDistance / angle - 1) < 1e-9)
    #expect(abs(found.chordalDistance / sin(angle) - 1) < 1e-9)
  }

  @Test func float32AnglesToOneselfVanish() throws {
    let a = normal(300, 10, seed: 1).converted(to: Float.self)
    #expect(try angles(a, a).angles.allSatisfy { $0 < 1e-14 })
    #expect(try angles(a, a.scaled(by: 3)).angles.allSatisfy { $0 < 1e-6 })
  }

  @Test func theSpanDoesNotDependOnLengthsOrOrder() throws {
    let a = normal(30, 3, seed: 2)
    let mixed = Matrix(rows: 30, columns: 4) { i, j in
      [1e-8 * a[i, 2], a[i, 0] - 5 * a[i, 1], 1e6 * a[i, 1], 2 * a[i, 1]][j]
    }
    let found = try angles(a, mixed)
    #expect(found.ranks == [3, 3] && found.angles.allSatisfy { $0 < 1e-13 })
  }

  @Test func orthogonalContainedAndEmptySpans() throws {
    let identity = Matrix<Double>.identity(6)
    let right = try angles(identity[columns: 0..<2], identity[columns: 2..<5])
    #expect(right.angles == [.pi / 2, .pi / 2] && right.overlap.value.map { $0 < 1e-30 } == true)
    #expect(right.overlap.chance == 0.5)
    let contained = try angles(identity[columns: 0..<2], identity[columns: 0..<5])
    #expect(contained.angles == [0, 0] && contained.overlap.value == 1)
    let empty = try angles(.zeros(rows: 6, columns: 2), identity[columns: 0..<2])
    #expect(empty.angles.isEmpty && empty.overlap.value == nil && empty.geodesicDistance == 0)
  }

  @Test func differentSpacesAreATypedError() {
    #expect(throws: LinearAlgebraError.self) {
      try angles(Matrix<Double>.identity(3), Matrix<Double>.identity(4))
    }
  }

  @Test func chanceIsWhatRandomPlanesGive() throws {
    let (d, k) = (40, 4)
    let overlaps = try (0..<200).map { seed in
      let pair = normal(d, 2 * k, seed: UInt64(seed))
      return try angles(pair[columns: 0..<k], pair[columns: k...]).overlap
    }
    let values = overlaps.compactMap(\.value)
    let mean = values.reduce(0, +) / 200
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199).squareRoot()
    let expected = try #require(overlaps[0].chanceDeviation)
    #expect(overlaps[0].chance == 0.1)
    #expect(abs(mean - 0.1) < 4 * expected / 200.0.squareRoot())
    #expect(abs(deviation / expected - 1) < 0.2)
  }
}

@Suite struct BasisTests {
  @Test func leadingDirectionsCentredOrNot() throws {
    // A large mean along the first axis, all variation along the second.
    let rows = Matrix<Float>([[10, 1, 0], [10, -1, 0], [10, 2, 0], [10, -2, 0]])
    let plain = try Basis(leadingDirectionsOf: rows, count: 1, centering: .none)
    let centred = try Basis(leadingDirectionsOf: rows, count: 1, centering: .mean)
    #expect(abs(plain.columns[0, 0]) > 0.99 && abs(centred.columns[1, 0]) > 0.99)
    // Only one direction is left after centring.
    #expect(try Basis(leadingDirectionsOf: rows, count: 3, centering: .mean).rank == 1)
    #expect(throws: LinearAlgebraError.self) { try Basis(leadingDirectionsOf: rows, count: 4, centering: .none) }
    #expect(throws: LinearAlgebraError.self) { try Basis(leadingDirectionsOf: rows, count: 0, centering: .none) }
  }

  @Test func prefixOfATrajectory() throws {
    let steps = normal(5, 50, seed: 3)
    var walk = steps
    for i in 1..<5 { walk.setRow(i, to: walk.row(i - 1) + steps.row(i)) }
    let prefix = try Basis(trajectoryPrefix: walk, count: 3)
    #expect(prefix.rank == 3 && prefix.dimension == 50)
    #expect(try prefix.capture(of: walk.row(2)).energy.value.map { $0 > 1 - 1e-14 } == true)
    let updates = try Basis(spanning: Matrix(steps[rows: 0..<3].transposed))
    #expect(try prefix.overlap(with: updates).value.map { $0 > 1 - 1e-14 } == true)
    #expect(throws: LinearAlgebraError.self) { try Basis(trajectoryPrefix: walk, count: 6) }
  }

  @Test func projectionsAndCapture() throws {
    let basis = try Basis(spanning: Matrix<Double>([[1, 0], [0, 2], [0, 0], [0, 0]]))
    let x: Vector<Double> = [3, 0, 0, 4]
    #expect(basis.projection(of: x) == [3, 0, 0, 0])
    #expect(basis.projection(ofRows: Matrix(row: x)) == Matrix([[3, 0, 0, 0]]))
    let capture = try basis.capture(of: x)
    #expect(abs(try #require(capture.energy.value) - 0.36) < 1e-15 && capture.energy.chance == 0.5)
    #expect(abs(try #require(capture.cosine) - 0.6) < 1e-15)
    #expect(
      "\(capture.energy)"
        == "0.36 (isotropic chance 0.5 ± 0.29; activations and gradients need the matched null)")
    #expect(try basis.capture(of: [0, 0, 0, 0]).energy.value == nil)
    #expect(try basis.capture(of: x.scaled(by: 1e-200)).energy.value == capture.energy.value)
    #expect(throws: LinearAlgebraError.self) { try basis.capture(of: [1, 2]) }
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 1)) { try basis.capture(of: [1, .nan, 0, 0]) }
  }

  @Test func captureByChance() throws {
    let basis = try Basis(spanning: normal(30, 3, seed: 4))
    let values = try (0..<300).map { try basis.capture(of: normal(1, 30, seed: 100 + UInt64($0)).row(0)).energy }
    let mean = values.compactMap(\.value).reduce(0, +) / 300
    let deviation = try #require(values[0].chanceDeviation)
    #expect(values[0].chance == 0.1 && abs(mean - 0.1) < 4 * deviation / 300.0.squareRoot())
  }

  @Test func covarianceMatchedChanceOfAnisotropicRows() throws {
    // Variances 9 and 1: a plane along the first axis holds 0.9 of anything drawn from there.
    let samples = Matrix<Double>([[3, 0], [-3, 0], [0, 1], [0, -1]])
    let axis = try Basis(spanning: Matrix<Double>([[1], [0]]))
    #expect(abs(try #require(try axis.covarianceMatchedChance(samples: samples)) - 0.9) < 1e-15)
    #expect(try axis.covarianceMatchedChance(samples: samples[rows: 0..<1]) == nil)
  }
}
