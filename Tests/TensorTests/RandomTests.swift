import Tensor
import Testing

/// A generator of a caller, which counts: not one that the library knows.
private struct Counter: RandomNumberGenerator {
  var base = SeededGenerator(seed: 5)
  mutating func next() -> UInt64 { base.next() }
}

@Suite struct RandomTests {
  @Test func anyGeneratorGivesWhatItsBitsSay() {
    func check<E: MatrixScalar>(_ type: E.Type) {
      for (m, n) in [(0, 3), (1, 1), (3, 5), (50, 83)] {
        var (own, seeded) = (Counter(), SeededGenerator(seed: 5))
        let normal = Matrix<E>.normal(rows: m, columns: n, using: &own)
        #expect(normal == .normal(rows: m, columns: n, using: &seeded))
        #expect(normal == .normal(rows: m, columns: n, seed: 5))
        let uniform = Matrix<E>.uniform(rows: m, columns: n, in: -2..<3, using: &own)
        #expect(uniform == .uniform(rows: m, columns: n, in: -2..<3, using: &seeded))
        #expect(own.next() == seeded.next())
      }
      #expect(Matrix<E>.uniform(rows: 2, columns: 3, seed: 1) == .uniform(rows: 2, columns: 3, in: 0..<1, seed: 1))
      #expect(Vector<E>.normal(count: 7, seed: 2) == Matrix<E>.normal(rows: 1, columns: 7, seed: 2).row(0))
      #expect(Vector<E>.uniform(count: 7, in: 1..<2, seed: 2).allSatisfy { (1..<2).contains($0) })
      var generator = SystemRandomNumberGenerator()
      #expect(Vector<E>.normal(count: 9, using: &generator) != .normal(count: 9, using: &generator))
      #expect(Vector<E>.uniform(count: 9, using: &generator) != .uniform(count: 9, using: &generator))
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func entriesAreThoseOfTheGeneratorOneByOne() {
    var (generator, entries) = (SeededGenerator(seed: 3), SeededGenerator(seed: 3))
    let normal = Matrix<Float>.normal(rows: 3, columns: 701, using: &generator)
    for pair in stride(from: 0, to: 2103, by: 2) {
      let expected = entries.normalPair()
      #expect(normal[pair / 701, pair % 701] == Float(expected.0))
      if pair + 1 < 2103 { #expect(normal[(pair + 1) / 701, (pair + 1) % 701] == Float(expected.1)) }
    }
    let uniform = Matrix<Float>.uniform(rows: 2, columns: 5, in: -0.3..<0.7, using: &generator)
    let expected = (0..<10).map { _ in Float(-0.3) + (Float(0.7) - Float(-0.3)) * Float(entries.uniform()) }
    #expect(Array(uniform) == expected)
  }

  @Test func theUpperBoundIsNeverReached() {
    // Float has two values in this range, and half of all draws round to the upper one.
    let upper: Float = 1 + Float.ulpOfOne
    let entries = Matrix<Float>.uniform(rows: 10, columns: 10, in: 1..<upper, seed: 1)
    #expect(Array(entries).allSatisfy { $0 == 1 })
  }
}
