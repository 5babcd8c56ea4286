import Foundation
import Nulls
import Steering
import Tensor
import _TestSupport
import Testing

@Suite struct RidgeMapTests {
  @Test func aMapThatFitsIntoNoMemoryIsRefused() {
    let wide = Matrix<Float>.zeros(rows: 3, columns: 1_000_000)
    let expected = LinearAlgebraError.exceedsMemory(rows: 1_000_000, columns: 1_000_000, limit: usableMemory)
    #expect(throws: SteeringError.linearAlgebra(expected)) {
      try RidgeMap(from: wide, to: wide, regularization: .fixed(1))
    }
  }

  @Test(arguments: [(60, 10), (12, 40)], [1e-3, 1, 100]) func theGradientVanishes(
    shape: (Int, Int), lambda: Double
  ) throws {
    // At the minimum X_cᵀ(Y − XW − 1bᵀ) = λW and the residuals have mean zero; both forms must give it.
    let (n, d) = shape
    let x = normal(n, d, seed: 1) + Matrix(repeating: 3, rows: n, columns: d)
    let y = normal(n, 5, seed: 2) - Matrix(repeating: 7, rows: n, columns: 5)
    let map = try RidgeMap(from: x, to: y, regularization: .fixed(lambda))
    let residual = y - map.apply(to: x)
    #expect(residual.meanRow.norm < 1e-12)
    let gradient = x.centeredRows().transposed * residual - map.weights.scaled(by: lambda)
    #expect(gradient.norm(.maximum) < 1e-10)
  }

  @Test func limitsOfTheRegularization() throws {
    let (x, w) = (normal(50, 6, seed: 3), normal(6, 4, seed: 4))
    let y = x * w
    let exact = try RidgeMap(from: x, to: y, regularization: .fixed(0))
    #expect((exact.weights - w).norm(.maximum) < 1e-12)
    #expect(try #require(try exact.r2(source: x, target: y)) > 1 - 1e-12)
    let tiny = try RidgeMap(from: normal(5, 20, seed: 5), to: normal(5, 2, seed: 6), regularization: .fixed(1e-300))
    #expect(tiny.weights.norm(.maximum).isFinite)
    let strong = try RidgeMap(from: x, to: y, regularization: .fixed(1e12))
    #expect(strong.weights.norm(.maximum) < 1e-9)
    #expect(abs(try #require(try strong.r2(source: x, target: y))) < 1e-9)
  }

  /// A Gram matrix squares the condition number, which a small λ does not mend.
  @Test(arguments: [(40, 6), (6, 40)], [1e-12, 1e-10, 1e-6, 1e-2]) func smallStrengthsKeepTheirDigits(
    shape: (Int, Int), lambda: Double
  ) throws {
    let (n, d) = shape
    let r = 5
    // X = UΣVᵀ with condition 1e7 and rows of mean zero, so that W = V diag(σ/(σ² + λ)) UᵀY is known.
    let u = try normal(n, r, seed: 31).centeredRows().orthonormalized().basis
    let v = try normal(d, r, seed: 32).orthonormalized().basis
    let values = Vector<Double>((0..<r).map { pow(10, -7 * Double($0) / Double(r - 1)) })
    let x = u * (Matrix.diagonal(values) * v.transposed)
    let y = normal(n, 3, seed: 33)
    let filter = Matrix.diagonal(Vector(values.map { $0 / ($0 * $0 + lambda) }))
    let expected = v * (filter * (u.transposed * y))
    let map = try RidgeMap(from: x, to: y, regularization: .fixed(lambda))
    #expect((map.weights - expected).norm(.maximum) < 1e-8 * expected.norm(.maximum))
  }

  /// Without λ the solution is the smallest one, and directions that are rounding of the stored type count for nothing.
  @Test func roundedColumnsAreNoDirections() throws {
    let base = normal(50, 2, seed: 34)
    let x = Matrix<Float>(rows: 50, columns: 3) { i, j in
      Float(j < 2 ? base[i, j] + 100 : base[i, 0] + base[i, 1] + 100)
    }
    let y = normal(50, 2, seed: 35).converted(to: Float.self)
    #expect(try RidgeMap(from: x, to: y, regularization: .fixed(0)).weights.norm(.maximum) < 2)
    let wide = try RidgeMap(
      from: x.converted(to: Double.self), to: y.converted(), regularization: .fixed(0),
      tolerance: Double(Float.ulpOfOne) * 3.0.squareRoot())
    #expect(wide.weights.norm(.maximum) < 2)
    // A constant column has no direction at all.
    let flat = Matrix<Double>(rows: 50, columns: 2) { i, j in j == 0 ? 0.1 : base[i, 0] }
    let map = try RidgeMap(from: flat, to: y.converted(), regularization: .fixed(0))
    #expect(abs(map.weights[0, 0]) < 1e-12 && map.weights.norm(.maximum) < 2)
  }

  @Test func directionsAreMappedWithoutTheIntercept() throws {
    let map = try RidgeMap(from: normal(30, 3, seed: 7), to: normal(30, 2, seed: 8), regularization: .fixed(1))
    let v = try Direction(Vector<Double>([1, 2, 3]))
    #expect((try map.map(v).vector - map.weights.transposed * v.vector).norm < 1e-15)
    #expect(throws: SteeringError.self) { try map.map(Direction(Vector<Double>([1, 2]))) }
  }

  @Test func badInput() {
    let x = normal(10, 3, seed: 1)
    for lambda in [-1, Double.nan, .infinity] {
      #expect(throws: SteeringError.self) { try RidgeMap(from: x, to: x, regularization: .fixed(lambda)) }
    }
    #expect(
      throws: SteeringError.unequalCounts(
        "10 source and 9 target rows do not form pairs; row i of both must be the same prompt")
    ) { try RidgeMap(from: x, to: x[rows: 0..<9], regularization: .fixed(1)) }
    #expect(throws: SteeringError.self) {
      try RidgeMap(from: x[rows: 0..<1], to: x[rows: 0..<1], regularization: .fixed(1))
    }
  }

  @Test func anUndefinedR2IsNil() throws {
    let map = try RidgeMap(from: normal(9, 2, seed: 1), to: normal(9, 1, seed: 2), regularization: .fixed(1))
    let mean = Matrix(row: try #require(map.trainingMean))
    #expect(try map.r2(source: normal(1, 2, seed: 3), target: mean) == nil)
  }
}

@Suite struct SpecificityTests {
  /// Two spaces that share a latent one with eigenvalues 1/i, and a contrast of identical or of different classes.
  private func verdict(seed: UInt64, planted: Bool) throws -> Specificity {
    let latent = anisotropic(120, 20, seed: seed)
    let (toSource, toTarget) = (normal(20, 30, seed: seed + 1), normal(20, 25, seed: seed + 2))
    let noise = normal(120, 30, seed: seed + 3).scaled(by: 0.1)
    let map = try RidgeMap(from: latent * toSource + noise, to: latent * toTarget, regularization: .fixed(1))
    let shift = planted ? normal(1, 20, seed: seed + 4).scaled(by: 0.6).row(0) : Vector(repeating: 0, count: 20)
    func classes(_ seed: UInt64, _ space: Matrix<Double>) throws -> Contrast<Double> {
      let rows = anisotropic(80, 20, seed: seed)
      var positive = rows[rows: 0..<40]
      for i in 0..<40 { positive.addToRow(i, shift) }
      return try Contrast(positive: positive * space, negative: rows[rows: 40..<80] * space)
    }
    let native = try classes(seed + 5, toTarget)
    return try map.specificity(
      of: try classes(seed + 6, toSource),
      against: Direction(.differenceInMeans, of: native),
      nativePrompts: .others, exchanging: .rows, seed: seed, count: 99)
  }

  @Test func nothingIsSeldomSpecific() throws {
    let specific = try (0..<100).filter {
      try verdict(seed: 10_000 + 20 * UInt64($0), planted: false).verdict == .specific
    }
    // 99.9 % quantile of Binomial(100, 0.05) is 12.
    #expect(specific.count <= 12)
  }

  @Test func aSharedDirectionIsUsuallyFound() throws {
    let specific = try (0..<30).filter {
      try verdict(seed: 90_000 + 20 * UInt64($0), planted: true).verdict == .specific
    }
    #expect(specific.count >= 20)
  }

  /// The controls keep the native direction fixed, so from the same prompts it must not be judged.
  @Test func fromTheSamePromptsThereIsNoVerdict() throws {
    let (x, w) = (normal(60, 8, seed: 41), normal(8, 5, seed: 42))
    let map = try RidgeMap(from: x, to: x * w, regularization: .fixed(0.1))
    var specific = 0
    for seed in 0..<UInt64(20) {
      let rows = normal(40, 8, seed: 500 + seed)
      let contrast = try Contrast(positive: rows[rows: 0..<20], negative: rows[rows: 20..<40])
      let native = try Direction(
        .differenceInMeans, of: Contrast(positive: contrast.positive * w, negative: contrast.negative * w))
      func found(_ prompts: NativePrompts) throws -> Specificity {
        try map.specificity(
          of: contrast, against: native, nativePrompts: prompts, exchanging: .rows, seed: seed, count: 39)
      }
      let (same, others) = (try found(.same), try found(.others))
      #expect(same.verdict == nil && same.controls == others.controls && same.cosine == others.cosine)
      specific += others.verdict == .specific ? 1 : 0
    }
    // Nothing is planted: the fixed form would say "specific" nearly always.
    #expect(specific >= 15)
  }

  @Test func everyFamilyIsThere() throws {
    let found = try verdict(seed: 5, planted: true)
    #expect(
      found.controls.map(\.name) == [.isotropicThroughMap, .covarianceThroughMap, .permutedLabelsThroughMap])
    #expect(found.controls.allSatisfy { $0.p >= 0.01 && $0.p <= 1 && $0.chanceDeviation > 0 })
  }

  @Test func rowsOfAnotherWidthAreRefused() throws {
    let x = normal(20, 3, seed: 1)
    let map = try RidgeMap(from: x, to: normal(20, 2, seed: 2), regularization: .fixed(1))
    let (axis, native) = (try Direction<Double>([1, 2, 3]), try Direction<Double>([1, -1]))
    let wide = try Contrast(positive: normal(5, 4, seed: 3), negative: normal(5, 4, seed: 4))
    for attempt in [
      { _ = try map.specificity(of: wide, direction: axis, against: native, nativePrompts: .same, exchanging: .rows) },
      { _ = try map.controlFamilies(of: axis, against: native, rows: wide.positive) },
    ] {
      #expect { try attempt() } throws: {
        "\($0)".contains("source rows of 4 entries, a map from 3")
      }
    }
  }
}
