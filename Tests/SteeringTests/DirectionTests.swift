import Nulls
import Steering
import Subspace
import Tensor
import _TestSupport
import Testing

@Suite struct DirectionTests {
  private let positive = Matrix<Float>([[3, 1], [5, 1], [4, 4]])
  private let negative = Matrix<Float>([[1, 0], [1, 2], [1, 1]])

  @Test func meansAndMidpointByDefinition() throws {
    let axis = try Direction(.differenceInMeans, of: Contrast(positive: positive, negative: negative))
    #expect(axis.vector == [3, 1] && axis.midpoint == [2.5, 1.5] && axis.norm == 10.0.squareRoot())
    #expect(axis.method == .differenceInMeans && axis.samples?.positive == 3)
    let paired = try Direction(.contrastiveActivationAddition, of: Contrast(positive: positive, negative: negative))
    #expect(paired.vector == axis.vector && paired.method == .contrastiveActivationAddition)
    #expect(try #require(try axis.cosine(with: paired).value) > 1 - 1e-6)
  }

  @Test(arguments: DirectionMethod.allCases) func labelsAreExchangedWithinPairsWhereAMethodNeedsPairs(
    method: DirectionMethod
  ) throws {
    let equal = try Contrast(positive: positive, negative: negative)
    let unequal = try Contrast(positive: positive, negative: negative[rows: 0..<2])
    #expect(try equal.normTest(exchanging: method.exchangeability).p > 0)
    let found = Result { try Direction(method, of: unequal) }
    #expect((method.exchangeability == .pairs) == ((try? found.get()) == nil))
  }

  @Test func inputsWithoutADirectionAreTypedErrors() throws {
    let one = positive[rows: 0..<1]
    let narrow = Matrix<Float>([[1], [2]])
    #expect(throws: SteeringError.self) {
      try Direction(.differenceInMeans, of: Contrast(positive: positive, negative: narrow))
    }
    #expect(throws: SteeringError.self) {
      try Direction(.differenceInMeans, of: Contrast(positive: one, negative: negative))
    }
    #expect(throws: SteeringError.self) {
      try Direction(.differenceInMeans, of: Contrast(positive: positive, negative: .zeros(rows: 0, columns: 2)))
    }
    #expect(throws: SteeringError.noDirection) {
      try Direction(.differenceInMeans, of: Contrast(positive: positive, negative: positive.rows(at: [2, 0, 1])))
    }
    #expect {
      try Direction(.contrastiveActivationAddition, of: Contrast(positive: positive, negative: negative[rows: 0..<2]))
    } throws: {
      guard case .unequalCounts(let reason) = $0 as? SteeringError else { return false }
      return reason.hasPrefix("3 positive and 2 negative rows")
    }
    var broken = positive
    broken[1, 1] = .nan
    #expect(throws: SteeringError.linearAlgebra(.notFinite(row: 1, column: 1))) {
      try Direction(.differenceInMeans, of: Contrast(positive: broken, negative: negative))
    }
    #expect(throws: SteeringError.self) { try Direction(Vector<Float>([1, 2]), midpoint: [1]) }
    for error in [SteeringError.noDirection, .unequalCounts("x"), .tooFewSamples("x")] {
      #expect(!"\(error)".isEmpty)
    }
  }

  @Test func interventionsAreThreeOperations() throws {
    let axis = try Direction(Vector<Double>([3, 4]))
    var rows = Matrix<Double>([[1, 2], [0, 0]])
    axis.add(to: &rows, scale: 2)
    #expect(rows == Matrix([[7, 10], [6, 8]]))
    axis.subtract(from: &rows, scale: 2)
    #expect(rows == Matrix([[1, 2], [0, 0]]))
    axis.projectOut(from: &rows)
    #expect((rows * axis.vector).norm < 1e-14)
    #expect(abs(rows.row(0).norm - (5 - 11.0 * 11 / 25).squareRoot()) < 1e-14)
    let before = rows
    let zero = try Direction(Vector<Double>([0, 0]))
    zero.projectOut(from: &rows)
    #expect(rows == before && zero.normalized() == zero)
  }

  @Test func whatIsProjectedOutComesBack() throws {
    let axis = try Direction(Vector<Double>([3, 4]))
    let rows = Matrix<Double>([[1, 2], [3, 4], [5, -1]])
    var changed = rows
    axis.projectOut(from: &changed)
    #expect(axis.projectedOut(from: rows) == changed)
    var row = rows.row(2)
    axis.projectOut(from: &row)
    #expect((row - changed.row(2)).norm < 1e-15 && axis.projectedOut(from: rows.row(2)) == row)
    // The plane of two directions.
    let plane = try Basis(spanning: normal(5, 2, seed: 1))
    let samples = normal(4, 5, seed: 2)
    let rest = plane.projectedOut(from: samples)
    #expect((rest * plane.columns).norm(.maximum) < 1e-14)
    #expect((rest + plane.projection(ofRows: samples) - samples).norm(.maximum) < 1e-14)
    #expect((plane.projectedOut(from: samples.row(1)) - rest.row(1)).norm < 1e-14)
    let single = try Direction(Vector<Float>([3, 4]))
    #expect(single.projectedOut(from: Vector<Float>([3, 4])).norm < 1e-6)
  }

  @Test func normalizedKeepsWhatIsKnown() throws {
    let contrast = try Contrast(positive: positive, negative: negative)
    let axis = try Direction(.differenceInMeans, of: contrast).judged(by: contrast.normTest(exchanging: .rows))
    let unit = axis.normalized()
    #expect(abs(unit.norm - 1) < 1e-7 && (unit.vector.scaled(by: Float(10).squareRoot()) - axis.vector).norm < 1e-6)
    #expect(unit.method == .differenceInMeans && unit.samples == axis.samples && unit.midpoint == axis.midpoint)
    #expect(unit.rowFingerprints == axis.rowFingerprints && unit.verdict == .noDirection)
    let inDouble = axis.converted(to: Double.self)
    #expect(inDouble.vector == axis.vector.converted() && inDouble.converted(to: Float.self) == axis)
    let tiny = try Direction(Vector<Double>([0x1.8p-1063, 0x1p-1062])).normalized()
    #expect(abs(tiny.norm - 1) < 1e-3)
    #expect(try Direction([3.0, 4]) == Direction(Vector<Double>([3, 4])))
    #expect(throws: SteeringError.self) { try Direction([Float.nan]) }
    // A direction that was given has no method, whatever it is equal to.
    #expect(try Direction(axis.vector, midpoint: axis.midpoint).method == nil)
  }

  @Test func aVerdictFollowsTheTest() throws {
    let rows = normal(40, 3, seed: 3)
    let shifted = rows[rows: 0..<20].map { $0 + 1 }
    for (rows, verdict) in [
      (rows[rows: 20..<40], DirectionVerdict.direction), (shifted.rows(at: [3, 1, 2]), .noDirection),
    ] {
      let contrast = try Contrast(positive: shifted, negative: rows)
      let axis = try Direction(.differenceInMeans, of: contrast)
      #expect(try axis.verdict == nil && axis.judged(by: contrast.normTest(exchanging: .rows)).verdict == verdict)
    }
  }

  @Test func theNormTestKeepsItsLevelAndFindsAShift() throws {
    var found = 0
    for seed in 0..<UInt64(200) {
      let rows = anisotropic(40, 60, seed: seed)
      let contrast = try Contrast(positive: rows[rows: 0..<20], negative: rows[rows: 20..<40])
      let exchange: Exchangeability = seed.isMultiple(of: 2) ? .rows : .pairs
      if try contrast.normTest(exchanging: exchange, seed: seed, count: 99).p <= 0.05 { found += 1 }
    }
    #expect(found <= allowedOf200)
    #expect(found >= 1, "a test that never rejects is no test")
    let rows = anisotropic(40, 60, seed: 1)
    let shifted = rows[rows: 0..<20] + Matrix(repeating: 0.5, rows: 20, columns: 60)
    #expect(try Contrast(positive: shifted, negative: rows[rows: 20..<40]).normTest(exchanging: .rows).p == 0.001)
  }

  @Test func fewExchangesAreListed() throws {
    // Four pairs have 16 sign patterns; two of them, the identity and its negative, reach the observed length.
    let contrast = try Contrast(positive: positive.rows(at: [0, 1, 2, 0]), negative: negative.rows(at: [0, 1, 2, 0]))
    let pairs = try contrast.normTest(exchanging: .pairs)
    #expect(pairs.count == 16 && pairs.p >= 2.0 / 16)
    // Three of six rows: 20 choices, the smallest p is 2/20.
    let separate = try Contrast(positive: positive, negative: negative).normTest(exchanging: .rows)
    #expect(separate.count == 20 && separate.p == 0.1)
    let grouped = try Contrast(positive: positive, negative: negative).normTest(
      exchanging: .groups([1, 1, 2, 3, 3, 4]))
    #expect(grouped.count == 6)
  }

  @Test func exchangesThatDoNotFit() throws {
    let contrast = try Contrast(positive: positive, negative: negative[rows: 0..<2])
    #expect(throws: SteeringError.self) { try contrast.normTest(exchanging: .pairs) }
    #expect(throws: SteeringError.self) { try contrast.normTest(exchanging: .groups([1, 2])) }
    #expect(throws: SteeringError.self) { try contrast.normTest(exchanging: .groups([1, 1, 2, 2, 3])) }
    #expect(throws: SteeringError.self) { try contrast.normTest(exchanging: .rows, count: 0) }
  }
}

@Suite struct EvaluationTests {
  @Test func scoresByDefinition() throws {
    let axis = try Direction(Vector<Double>([1]), midpoint: [2])
    let found = try axis.evaluate(
      on: Contrast(positive: Matrix([[1], [3], [3], [4]]), negative: Matrix([[0], [2], [3], [1]])), exchanging: .pairs)
    // On the midpoint counts as negative: 3 of 4 and 3 of 4.
    #expect(found.accuracy == 0.75)
    // Of 16 pairs 11 in order and 3 ties.
    #expect(found.auroc == 12.5 / 16)
    #expect(found.rawGap == 1.25)
    #expect(found.pairedAccuracy == 0.75)
    let pooled = try #require(found.pooledD)
    #expect(abs(pooled - 1.25 / ((4.75 / 3 + 5.0 / 3) / 2).squareRoot()) < 1e-12)
    #expect(abs(try #require(found.pairedD) - 1.25 / (4.75 / 3).squareRoot()) < 1e-12)
  }

  @Test func whatIsUndefinedIsNil() throws {
    let axis = try Direction(Vector<Double>([1]))
    let unequal = try axis.evaluate(on: Contrast(positive: Matrix([[1], [2]]), negative: Matrix([[0]])))
    #expect(unequal.pairedD == nil && unequal.pairedAccuracy == nil && unequal.pooledD != nil)
    let constant = try axis.evaluate(on: Contrast(positive: Matrix([[1], [1]]), negative: Matrix([[0], [0]])))
    #expect(constant.pooledD == nil && constant.pairedD == nil && constant.auroc == 1)
    #expect(throws: SteeringError.self) {
      try axis.evaluate(on: Contrast(positive: Matrix([[1, 2]]), negative: Matrix([[0, 1]])))
    }
  }

  @Test func ownRowsHaveNoPermutationP() throws {
    let rows = normal(40, 30, seed: 1)
    let (p, n) = (rows[rows: 0..<20], rows[rows: 20..<40])
    let axis = try Direction(.differenceInMeans, of: Contrast(positive: p[rows: 0..<10], negative: n[rows: 0..<10]))
    #expect(try axis.evaluate(on: Contrast(positive: p, negative: n)).permutation == nil)
    #expect(try axis.evaluate(on: Contrast(positive: p[rows: 10...], negative: n[rows: 10...])).permutation != nil)
    // In another precision they are still the same rows.
    let single = try Direction(axis.vector.converted(to: Float.self), rowFingerprints: axis.rowFingerprints)
    let same = try single.evaluate(on: Contrast(positive: p.converted(), negative: n.converted()))
    #expect(same.permutation == nil && same.missingPermutation == .ownRows)
  }

  @Test func separationOnOwnRowsIsHighByChance() throws {
    // Identical classes: Φ(√(d/2n)) = Φ(√(400/100)) = 0.977 on the rows themselves, ½ on others.
    let rows = normal(200, 400, seed: 2)
    let axis = try Direction(
      .differenceInMeans, of: Contrast(positive: rows[rows: 0..<50], negative: rows[rows: 50..<100]))
    let own = try axis.evaluate(on: Contrast(positive: rows[rows: 0..<50], negative: rows[rows: 50..<100]))
    let heldOut = try axis.evaluate(on: Contrast(positive: rows[rows: 100..<150], negative: rows[rows: 150..<200]))
    #expect(try #require(own.accuracy) > 0.93)
    #expect(try abs(#require(heldOut.accuracy) - 0.5) < 0.2 && abs(#require(heldOut.auroc) - 0.5) < 0.25)
  }

  @Test func theGapTestKeepsItsLevel() throws {
    var found = 0
    for seed in 0..<UInt64(200) {
      let rows = anisotropic(60, 40, seed: 1000 + seed)
      let axis = try Direction(
        .differenceInMeans, of: Contrast(positive: rows[rows: 0..<15], negative: rows[rows: 15..<30]))
      let test = try axis.evaluate(
        on: Contrast(positive: rows[rows: 30..<45], negative: rows[rows: 45..<60]),
        exchanging: seed.isMultiple(of: 2) ? .rows : .pairs, seed: seed, count: 99)
      if try #require(test.permutation).p <= 0.05 { found += 1 }
    }
    #expect(found <= allowedOf200 && found >= 1)
  }

  @Test func areaUnderTheCurve() throws {
    #expect(try areaUnderROC(positive: [2, 3], negative: [0, 1]) == 1)
    #expect(try areaUnderROC(positive: [0], negative: [1]) == 0)
    #expect(try areaUnderROC(positive: [1, 1], negative: [1, 1]) == 0.5)
    #expect(try areaUnderROC(positive: [.infinity, 1], negative: [-.infinity, 2]) == 0.75)
    // Nothing is equal to NaN, so a search for the end of its ties would not end.
    for (high, low) in [([.nan], [1]), ([1], [0, .nan]), ([.nan, .nan], [.nan]), ([], [1]), ([1], [])]
      as [([Double], [Double])]
    {
      #expect(throws: SteeringError.self) { try areaUnderROC(positive: high, negative: low) }
    }
  }
}
