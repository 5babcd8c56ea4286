import Foundation
import Nulls
import Subspace
import Tensor
import _TestSupport
import Testing

/// Two columns of any length at an angle: 1 everywhere, and 1 ± tan(angle) in either half.
private func pair<E: MatrixScalar>(_ rows: Int, degrees: Double, _ type: E.Type) -> Matrix<E> {
  let slope = tan(degrees * .pi / 180)
  return Matrix(
    stackingRows: [1 + slope, 1 - slope].map {
      Vector<E>(repeating: 1, count: rows / 2).outerProduct(with: [1, E($0)])
    })
}

/// Three columns, the third the sum of the others, as a narrower type stores them.
private func dependent(_ rows: Int, stored: (Double) -> Double) -> Matrix<Double> {
  let a = normal(rows, 2, seed: 3)
  return Matrix(rows: rows, columns: 3) { i, j in stored(j < 2 ? a[i, j] : a[i, 0] + a[i, 1]) }
}

/// The rank of stored columns depends on their type and number, not on their length.
@Suite struct RankTests {
  @Test func longColumnsKeepTheirDirections() throws {
    let a = pair(1_000_000, degrees: 10, Float.self)
    #expect(try Basis(spanning: a).rank == 2)
    #expect(try a.spectrum().numericalRank == 2)
    let found = try PrincipalAngles(spanning: a, and: a[columns: 1..<2].compacted())
    #expect(found.ranks == [2, 1] && found.angles[0] < 1e-6)
    #expect(try a.leastSquares(a[columns: 0..<1].compacted()).rank == 2)
    // So long that max(m, n)·ε passes 1: every direction was dropped.
    let spectrum = Spectrum(Vector<Float>([1, 1]), rows: 8_500_000, columns: 2)
    #expect(spectrum.numericalRank == 2)
    // In float64 the arithmetic loses digits over a million rows, but not so many.
    for (size, rank) in [(1e-10, 2), (1e-12, 2), (1e-14, 1)] {
      #expect(Spectrum(Vector<Double>([1, size]), rows: 1_000_000, columns: 2).numericalRank == rank)
    }
    #expect(Spectrum(Vector<Float>([1, 1]), rows: 2, columns: 8_500_000).numericalRank == 2)
    #expect(rankTolerance(rows: 8_500_000, columns: 2, epsilon: Double(Float.ulpOfOne)) < 2e-7)
  }

  @Test func roundedSumsAreNoDirections() throws {
    let types: [(name: String, epsilon: Double, round: (Double) -> Double)] = [
      ("F64", Double.ulpOfOne, { $0 }), ("F32", Double(Float.ulpOfOne), { Double(Float($0)) }),
      ("F16", Double(Float16.ulpOfOne), { Double(Float16($0)) }), ("BF16", 0x1p-7, { Double(Float(BFloat16($0))) }),
    ]
    for (name, epsilon, round) in types {
      for rows in [4, 100, 4_000] {
        let tolerance = rankTolerance(rows: rows, columns: 3, epsilon: epsilon)
        #expect(try Basis(spanning: dependent(rows, stored: round), tolerance: tolerance).rank == 2, "\(name), \(rows)")
        // Ten degrees are no rounding in any of them.
        let real = pair(rows, degrees: 10, Double.self).map(round)
        #expect(try Basis(spanning: real, tolerance: tolerance).rank == 2, "\(name), \(rows)")
        #expect(try real.spectrum(storedEpsilon: epsilon).numericalRank == 2, "\(name), \(rows)")
        let sum = try dependent(rows, stored: round).spectrum(storedEpsilon: epsilon)
        #expect(sum.numericalRank == 2, "\(name), \(rows)")
      }
    }
  }

  /// The arithmetic must not lose more than the storage, in any method of the SVD.
  @Test(arguments: [(3, 3), (20, 20), (60, 60), (300, 300), (400, 40), (40, 400), (900, 5)])
  func productsOfLowRank(m: Int, n: Int) throws {
    let r = min(m, n) / 3
    let product = normal(m, r, seed: 1) * normal(r, n, seed: 2)
    #expect(try product.spectrum().numericalRank == r)
    #expect(try product.orthonormalized().rank == r)
    let single = product.converted(to: Float.self)
    #expect(try single.spectrum().numericalRank == r)
    #expect(try single.orthonormalized().rank == r && single.leastSquares(.identity(m)).rank == r)
    #expect(try Basis(spanning: single).rank == r && Basis(spanning: product).rank == r)
  }

  /// What is left after centring was rounded together with the mean.
  @Test func centredRowsKeepTheRoundingOfTheirMean() throws {
    let t = normal(40, 1, seed: 5)
    let rows = Matrix<Float>(rows: 40, columns: 4) { i, j in
      Float(1000.1 + Double(j) + t[i, 0] * [1, 0.3, -0.7, 0.2][j])
    }
    #expect(try Basis(leadingDirectionsOf: rows, count: 4, centering: .mean).rank == 1)
    #expect(try Basis(leadingDirectionsOf: rows, count: 4, centering: .none).rank == 2)
    #expect(try rows.centeredSpectrum().numericalRank == 1 && rows.spectrum().numericalRank == 2)
    // The mean alone is nothing once it is subtracted.
    let still = Matrix<Double>(repeating: 0.1, rows: 7, columns: 3)
    #expect(try still.centeredSpectrum().numericalRank == 0 && still.spectrum().numericalRank == 1)
    #expect(try Matrix<Double>.zeros(rows: 0, columns: 3).centeredSpectrum().numericalRank == 0)
  }

  @Test(arguments: [0x1p-1060, 0x1p-700, 0x1p-520, 1e-160, 1e150, 0x1p900, 1e308])
  func planesHaveNoUnit(unit: Double) throws {
    // Entries of at most 1, so that none overflows.
    let (a, b) = (normal(30, 3, seed: 6).map { $0 / 8 }, normal(30, 2, seed: 7).map { $0 / 8 })
    let plain = try PrincipalAngles(spanning: a, and: b)
    let scaled = try PrincipalAngles(spanning: unit * a, and: unit * b)
    // Below 1e-308 numbers lose digits themselves.
    let tolerance = unit < 0x1p-1030 ? 1e-1 : 1e-12
    for (x, y) in zip(plain.angles, scaled.angles) { #expect(abs(x - y) < tolerance) }
    #expect(scaled.ranks == [3, 2])
    let (plane, samples) = (try Basis(spanning: a), Matrix(a.transposed))
    guard unit > 0x1p-1030 else { return }
    #expect(
      try agree(plane.capture(of: (unit * b).column(0)).energy.value, plane.capture(of: b.column(0)).energy.value))
    #expect(
      try agree(
        Basis(leadingDirectionsOf: samples, count: 2, centering: .mean).covarianceMatchedChance(
          samples: unit * Matrix(b.transposed)),
        Basis(leadingDirectionsOf: unit * samples, count: 2, centering: .mean).covarianceMatchedChance(
          samples: Matrix(b.transposed))))
  }

  private func agree(_ a: Double?, _ b: Double?) throws -> Bool { try abs(#require(a) - #require(b)) < 1e-12 }
}

@Suite struct ShownScoreTests {
  /// The isotropic value is not *the* null of activations, so it is named wherever it is shown.
  @Test func theNullIsNamedWithItsDeviation() throws {
    let plane = try Basis(spanning: normal(30, 3, seed: 4))
    for text in [
      "\(try plane.overlap(with: plane))", "\(try plane.capture(of: normal(1, 30, seed: 5).row(0)).energy)",
    ] {
      #expect(text.contains("isotropic chance 0.1 ± ") && text.hasSuffix(ScoreNull.isotropic.caution + ")"))
    }
  }
}
