import Nulls
import Steering
import Tensor
import _TestSupport
import Testing

/// The level of the norm test where classes differ in size and spread, and how its exchanges are drawn.
@Suite struct NormTestTests {
  /// Rejections at 0.05 of identical means, in 200 runs.
  private func rejections(
    _ sizes: (Int, Int), wide: Range<Int>, by exchange: (Int) -> Exchangeability = { _ in .rows }, first: UInt64
  ) throws -> Int {
    try (0..<UInt64(200)).count { seed in
      let rows = anisotropic(sizes.0 + sizes.1, 16, seed: first + seed)
      // One class scatters twice as far in some features.
      let positive = Matrix<Double>(rows: sizes.0, columns: 16) { i, j in rows[i, j] * (wide.contains(j) ? 2 : 1) }
      let contrast = try Contrast(positive: positive, negative: rows[rows: sizes.0..<(sizes.0 + sizes.1)])
      return try contrast.normTest(exchanging: exchange(sizes.0 + sizes.1), seed: seed, count: 99).p <= 0.05
    }
  }

  @Test func unequalSizeAndSpreadKeepTheLevel() throws {
    // ‖v‖² alone rejects more than 100 of these 200.
    let few = try rejections((20, 80), wide: 0..<16, first: 1000)
    let some = try rejections((10, 40), wide: 0..<5, first: 3000)
    let many = try rejections((80, 20), wide: 0..<16, first: 5000)
    for found in [few, some, many] { #expect(found <= allowedOf200) }
    #expect(few + some + many >= 6, "a test that never rejects is no test")
  }

  @Test func pairsKeepTheirLevel() throws {
    #expect(try rejections((20, 20), wide: 0..<16, by: { _ in .pairs }, first: 7000) <= allowedOf200)
  }

  /// Features are compared in units of their scatter: a shift in a quiet one is found beside a loud one.
  @Test func aQuietFeatureCounts() throws {
    let rows = normal(40, 4, seed: 9)
    let loud = Matrix<Double>(rows: 40, columns: 4) { i, j in
      rows[i, j] * (j == 0 ? 100 : 1) + (i < 20 && j > 0 ? 2 : 0)
    }
    let contrast = try Contrast(positive: loud[rows: 0..<20], negative: loud[rows: 20..<40])
    #expect(try contrast.normTest(exchanging: .rows).p == 0.001)
    #expect(try contrast.normTest(exchanging: .pairs).p == 0.001)
    // Units of the features do not matter, nor one that does not vary.
    let scaled = Matrix<Double>(rows: 40, columns: 5) { i, j in j < 4 ? loud[i, j] * [1e9, 3, 1e-7, 1][j] : 0.1 }
    let other = try Contrast(positive: scaled[rows: 0..<20], negative: scaled[rows: 20..<40])
    for exchange in [Exchangeability.rows, .pairs] {
      let few = normal(40, 4, seed: 10)
      #expect(
        try contrast.normTest(exchanging: exchange, count: 99).p == other.normTest(exchanging: exchange, count: 99).p)
      let plain = try Contrast(positive: few[rows: 0..<20], negative: few[rows: 20..<40]).normTest(exchanging: exchange)
      #expect(plain.p > 0.001)
    }
  }

  @Test func theLengthIsThatOfTheDirection() throws {
    let rows = normal(30, 5, seed: 11)
    let (p, n) = (rows[rows: 0..<12], rows[rows: 12..<30])
    let test = try Contrast(positive: p, negative: n).normTest(exchanging: .rows, count: 199)
    let axis = try Direction(.differenceInMeans, of: Contrast(positive: p, negative: n))
    #expect(abs(test.observed / axis.norm - 1) < 1e-13)
    // E‖v‖² = d(1/n₊ + 1/n₋) for unit variance.
    #expect(abs(test.chance - (5 * (1 / 12.0 + 1 / 18)).squareRoot()) < 0.15)
    // Classes that do not scatter are as far apart as can be.
    let flat = Matrix<Double>(rows: 12, columns: 2) { i, j in i < 6 ? 1 : Double(j) }
    let apart = try Contrast(positive: flat[rows: 0..<6], negative: flat[rows: 6..<12]).normTest(exchanging: .rows)
    // Of 924 exchanges the labels as they are and their opposite.
    #expect(apart.count == 924 && apart.p == 2.0 / 924)
    let same = try Contrast(positive: flat[rows: 0..<3], negative: flat[rows: 3..<6]).normTest(exchanging: .rows)
    #expect(same.p == 1 && same.observed == 0)
  }

  /// Exchanges come in blocks; a block must not show.
  @Test(arguments: [1, 63, 64, 65, 130]) func blocksDoNotShow(count: Int) throws {
    let rows = normal(50, 3, seed: 12)
    let contrast = try Contrast(positive: rows[rows: 0..<20], negative: rows[rows: 20..<50])
    for exchange in [Exchangeability.rows, .groups((0..<50).map { $0 / 2 })] {
      let reported = Reported()
      let test = try contrast.normTest(exchanging: exchange, seed: 3, count: count) { reported.add($0, of: $1) }
      #expect(test.count == count && reported.values.last.map { $0 == (count, count) } == true)
      #expect(reported.values.count == (count + 63) / 64)
      #expect(test.p >= 1 / Double(count + 1))
    }
  }

  @Test func theSameSeedGivesTheSamePAsBefore() throws {
    // Of labels shuffled one exchange after the other, computed one by one.
    let rows = normal(40, 1, seed: 13)
    let axis = try Direction(Vector<Double>([1]))
    let found = try axis.evaluate(
      on: Contrast(positive: rows[rows: 0..<15], negative: rows[rows: 15..<40]), rows: .heldOut, seed: 5, count: 200)
    var generator = SeededGenerator(seed: 5)
    var order = Array(0..<40)
    let gaps = (0..<200).map { _ in
      order.shuffle(using: &generator)
      func mean(_ part: ArraySlice<Int>) -> Double { part.reduce(0) { $0 + rows[$1, 0] } / Double(part.count) }
      return mean(order[..<15]) - mean(order[15...])
    }
    let gap = try #require(found.rawGap)
    #expect(found.permutation?.p == Double(1 + gaps.count { $0 >= gap }) / 201)
    #expect(abs(try #require(found.permutation).chance - gaps.reduce(0, +) / 200) < 1e-14)
  }
}
