import Nulls
import Steering
import Subspace
import Tensor
import _TestSupport
import Testing

/// The same rows in another unit give the same answer, or a typed error.
@Suite struct UnitTests {
  private let rows = normal(24, 4, seed: 21)

  private func shifted(_ unit: Double) -> (p: Matrix<Double>, n: Matrix<Double>) {
    let p = rows[rows: 0..<10] + Matrix(repeating: 0.8, rows: 10, columns: 4)
    return (unit * p, unit * rows[rows: 10..<24])
  }

  @Test(arguments: [0x1p-1000, 0x1p-700, 0x1p-300, 0x1p200, 0x1p513, 0x1p1000]) func directions(unit: Double) throws {
    let ((p, n), (q, m)) = (shifted(1), shifted(unit))
    let axis = try Direction(.differenceInMeans, of: Contrast(positive: p, negative: n))
    let scaled = try Direction(.differenceInMeans, of: Contrast(positive: q, negative: m))
    #expect(scaled.vector == axis.vector.scaled(by: unit))
    #expect(scaled.midpoint == axis.midpoint?.scaled(by: unit))
    let tests = (
      try Contrast(positive: p, negative: n).normTest(exchanging: .rows, count: 199),
      try Contrast(positive: q, negative: m).normTest(exchanging: .rows, count: 199)
    )
    #expect(tests.0.p == tests.1.p && tests.0.observed == tests.1.observed / unit)
    #expect(tests.0.chance == tests.1.chance / unit)
    #expect(abs(try #require(try scaled.cosine(with: axis).value) - 1) < 1e-12)
    var changed = q
    scaled.projectOut(from: &changed)
    #expect((changed.scaled(by: 1 / unit) * axis.vector).norm < 1e-13)
  }

  @Test(arguments: [0x1p-1000, 0x1p-700, 0x1p-300, 0x1p200, 0x1p513, 0x1p1000], [0x1p-900, 1, 0x1p900])
  func evaluations(unit: Double, length: Double) throws {
    let ((p, n), (q, m)) = (shifted(1), shifted(unit))
    let v = Vector<Double>([1, 0.5, -0.25, 0.75])
    let plain = try Direction(v).evaluate(on: Contrast(positive: p, negative: n), rows: .heldOut, count: 99)
    let scaled = try Direction(v.scaled(by: length)).evaluate(
      on: Contrast(positive: q, negative: m), rows: .heldOut, count: 99)
    #expect(scaled.accuracy == plain.accuracy && scaled.auroc == plain.auroc && scaled.pooledD == plain.pooledD)
    #expect(scaled.permutation?.p == plain.permutation?.p && plain.pooledD != nil)
    let gap = try #require(plain.rawGap)
    #expect(scaled.rawGap == gap * unit)
    let middle = Vector<Double>([0.3, 0.3, 0.3, 0.3])
    #expect(
      try Direction(v.scaled(by: length), midpoint: middle.scaled(by: unit)).evaluate(
        on: Contrast(positive: q, negative: m)
      ).accuracy
        == Direction(v, midpoint: middle).evaluate(on: Contrast(positive: p, negative: n)).accuracy)
  }

  @Test(arguments: [1e-200, 1e-80, 1e80, 1e150, 1e200], [1e-150, 1, 1e150]) func maps(unit: Double, other: Double)
    throws
  {
    let (x, w) = (normal(30, 4, seed: 22), normal(4, 3, seed: 23))
    let y = x * w + normal(30, 3, seed: 24)
    let lambda = 0.5
    let plain = try RidgeMap(from: x, to: y, regularization: .fixed(lambda))
    let strength = lambda * unit * unit
    // λ in the unit of X² is not always a number.
    guard strength.isNormal, (other / unit).isNormal else { return }
    let map = try RidgeMap(from: unit * x, to: other * y, regularization: .fixed(strength))
    #expect(((unit / other) * map.weights - plain.weights).norm(.maximum) < 1e-11)
    let (found, expected) = (try map.r2(source: unit * x, target: other * y), try plain.r2(source: x, target: y))
    #expect(try abs(#require(found) - #require(expected)) < 1e-11)
  }

  @Test func extremeStrengths() throws {
    let (x, y) = (normal(30, 4, seed: 22), normal(30, 3, seed: 24))
    // Beside λ = 1 rows of 1e-200 leave XᵀY/λ.
    let map = try RidgeMap(from: 1e-200 * x, to: y, regularization: .fixed(1))
    let expected = x.centeredRows().transposed * y.centeredRows()
    #expect((1e200 * map.weights - expected).norm(.maximum) < 1e-12)
    // Beside rows of 1e200 λ = 1 is nothing.
    let free = try RidgeMap(from: 1e200 * x, to: y, regularization: .fixed(1))
    let least = try RidgeMap(from: x, to: y, regularization: .fixed(0))
    #expect((1e200 * free.weights - least.weights).norm(.maximum) < 1e-13)
    // Weights of 1e400 are no numbers.
    #expect(throws: SteeringError.self) { try RidgeMap(from: 1e-200 * x, to: 1e200 * y, regularization: .fixed(0)) }
  }

  @Test(arguments: [1e-200, 1e-160, 1e150, 1e200]) func specificity(unit: Double) throws {
    let (x, y) = (normal(40, 4, seed: 25), normal(40, 3, seed: 26))
    let (p, n) = (normal(8, 4, seed: 27), normal(8, 4, seed: 28))
    let native = try Direction(Vector<Double>([1, 2, -1]))
    func found(_ unit: Double) throws -> Specificity {
      let map = try RidgeMap(from: unit * x, to: y, regularization: .fixed(0))
      let far = try Direction(native.vector.scaled(by: unit))
      return try map.specificity(
        of: Contrast(positive: unit * p, negative: unit * n), against: far, nativePrompts: .others, exchanging: .rows,
        count: 99
      )
    }
    let (plain, scaled) = (try found(1), try found(unit))
    #expect(abs(plain.cosine - scaled.cosine) < 1e-11 && plain.verdict == scaled.verdict)
    for (a, b) in zip(plain.controls, scaled.controls) { #expect(a.p == b.p && abs(a.chance - b.chance) < 1e-11) }
  }

  @Test func theEndsOfTheRange() throws {
    let signs = normal(12, 5, seed: 29).map { $0 > 0 ? 1.7e308 : -1.7e308 }
    let (p, n) = (signs[rows: 0..<6], signs[rows: 6..<12])
    let found = try Direction(Vector<Double>([1, 2, 4, 8, 16])).evaluate(
      on: Contrast(positive: p, negative: n), rows: .heldOut)
    let plain = try Direction(Vector<Double>([1, 2, 4, 8, 16])).evaluate(
      on: Contrast(positive: p.map { $0 / 1.7e308 }, negative: n.map { $0 / 1.7e308 }), rows: .heldOut)
    #expect(found.auroc == plain.auroc && found.accuracy == plain.accuracy)
    #expect(try Contrast(positive: p, negative: n).normTest(exchanging: .rows, count: 99).p <= 1)
    // The distance of the means is no number.
    let (high, low) = (
      Matrix<Double>(repeating: 1.7e308, rows: 3, columns: 2), normal(3, 2, seed: 1).map { _ in -1.7e308 }
    )
    #expect(throws: SteeringError.self) {
      try Direction(.differenceInMeans, of: Contrast(positive: high, negative: low))
    }
    let large = Matrix<Float>([[3e38, 1], [2e38, 1], [3e38, 0]])
    #expect(
      try Direction(.differenceInMeans, of: Contrast(positive: large, negative: large.map { -$0 / 4 })).norm > 3e38)
  }
}
