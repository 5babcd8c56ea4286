import Nulls
import Steering
import Tensor
import _TestSupport
import Testing

private let half: @Sendable (Double) -> Double = { Double(Float16($0)) }
private let single: @Sendable (Double) -> Double = { Double(Float($0)) }
private let brain: @Sendable (Double) -> Double = { Double(Float(BFloat16($0))) }

/// A direction knows the rows it was made from, and takes no others for them.
@Suite struct OwnRowsTests {
  private func missing(
    _ axis: Direction<Double>, _ p: Matrix<Double>, _ n: Matrix<Double>, on rows: EvaluatedRows = .recognized
  ) throws -> MissingPermutation? {
    let found = try axis.evaluate(on: Contrast(positive: p, negative: n), rows: rows, count: 19)
    #expect((found.permutation == nil) == (found.missingPermutation != nil))
    return found.missingPermutation
  }

  @Test(arguments: [2, 4, 7, 8, 40]) func copiesInNarrowerTypesAreKnown(width: Int) throws {
    let rows = normal(24, width, seed: UInt64(width))
    let (p, n) = (rows[rows: 0..<12], rows[rows: 12..<24])
    for made in [{ $0 }, single, half, brain] {
      let axis = try Direction(.differenceInMeans, of: Contrast(positive: p.map(made), negative: n.map(made)))
      #expect(try missing(axis, p.map(made), n.map(made)) == .ownRows)
      // A narrower copy of these rows, or the rows that these are a copy of.
      let copies = [single, half, brain].map { copy in { copy(made($0)) } }
      for copy in copies + [{ $0 }] { #expect(try missing(axis, p.map(copy), n.map(copy)) == .ownRows) }
      #expect(throws: SteeringError.self) { try missing(axis, p.map(made), n.map(made), on: .heldOut) }
    }
    // Labels exchanged, and one row among others.
    let axis = try Direction(.differenceInMeans, of: Contrast(positive: p, negative: n))
    #expect(try missing(axis, n.map(half), p.map(half)) == .ownRows)
    // Rounded to sixteen bits by way of float32.
    #expect(try missing(axis, p.map { half(single($0)) }, n.map { brain(single($0)) }) == .ownRows)
    if width >= 8 {
      let mixed = Matrix(stackingRows: [normal(5, width, seed: 99), p[rows: 3..<4].map(brain)])
      #expect(try missing(axis, mixed, normal(6, width, seed: 98)) == .ownRows)
    }
  }

  /// Few entries of few bits agree by chance; rows out of the range of a type would all be alike in it.
  @Test(arguments: [1, 2, 3, 20], [1.0, 1e-200, 1e-30, 1e6, 1e200]) func othersAreNot(width: Int, unit: Double) throws {
    let rows = unit * normal(400, width, seed: 11)
    let axis = try Direction(
      .differenceInMeans, of: Contrast(positive: rows[rows: 0..<100], negative: rows[rows: 100..<200]))
    #expect(try missing(axis, rows[rows: 200..<300], rows[rows: 300..<400]) == nil)
    #expect(try missing(axis, rows[rows: 200..<300], rows[rows: 300..<400], on: .heldOut) == nil)
  }

  @Test func withoutFingerprintsThereIsNoPUnlessAsserted() throws {
    let rows = normal(20, 5, seed: 1)
    let axis = try Direction(Vector<Double>([1, 2, 3, 4, 5]))
    #expect(try missing(axis, rows[rows: 0..<10], rows[rows: 10..<20]) == .unknownRows)
    #expect(try missing(axis, rows[rows: 0..<10], rows[rows: 10..<20], on: .heldOut) == nil)
    for reason in [MissingPermutation.ownRows, .unknownRows, .nothingToExchange] { #expect(!reason.rawValue.isEmpty) }
  }

  @Test func whatMeasuresNothingIsNil() throws {
    let rows = Matrix<Double>(repeating: 0.1, rows: 8, columns: 3)
    let axis = try Direction(Vector<Double>([0.3, 0.7, -0.2]))
    // Equal rows; rows that differ only across the direction; one row a side; a zero direction.
    let across = Matrix<Double>(rows: 6, columns: 2) { i, j in j == 0 ? 0.1 : Double(i) }
    for (axis, p, n) in [
      (axis, rows[rows: 0..<3], rows[rows: 3..<8]),
      (try Direction(Vector<Double>([0.3, 0])), across[rows: 0..<3], across[rows: 3..<6]),
      (axis, normal(1, 3, seed: 1), normal(1, 3, seed: 2)),
      (try Direction(Vector<Double>([0, 0, 0])), normal(4, 3, seed: 1), normal(4, 3, seed: 2)),
    ] {
      let found = try axis.evaluate(on: Contrast(positive: p, negative: n), rows: .heldOut)
      #expect(found.accuracy == nil && found.auroc == nil && found.pooledD == nil && found.pairedD == nil)
      #expect(found.pairedAccuracy == nil && found.missingPermutation == .nothingToExchange)
    }
    // Classes that do not scatter have a gap, and no d.
    let flat = Matrix<Double>(rows: 7, columns: 1) { i, _ in i < 3 ? 0.1 : 0.7 }
    let found = try Direction(Vector<Double>([0.3])).evaluate(
      on: Contrast(positive: flat[rows: 3..<6], negative: flat[rows: 0..<3]), rows: .heldOut)
    #expect(found.auroc == 1 && found.pooledD == nil && found.pairedD == nil)
  }
}
