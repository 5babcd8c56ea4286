import Nulls
import Tensor
import Testing

/// Patterns of signs, listed or drawn.
@Suite struct SignFlipsTests {
  private func rows(_ flips: SignFlips) -> [[Double]] {
    var flips = flips
    var rows: [[Double]] = []
    while let block = flips.next() { rows += block.rowVectors.map { Array($0) } }
    return rows
  }

  @Test func allPatternsOfFewTermsOnce() {
    let flips = SignFlips(upToSignOf: 4, count: 99, isSampled: false, seed: 1)
    #expect(flips.isComplete && flips.count == 8)
    let found = rows(flips)
    #expect(Set(found).count == 8 && found.allSatisfy { $0[0] == 1 && $0.allSatisfy { abs($0) == 1 } })
    #expect(found[0] == [1, 1, 1, 1] && found[1] == [1, -1, 1, 1] && found[6] == [1, 1, -1, -1])
  }

  @Test(arguments: [13, 64, 65, 200]) func wordsOfTheGenerator(terms: Int) {
    let flips = SignFlips(upToSignOf: terms, count: 5, isSampled: false, seed: 9)
    #expect(!flips.isComplete && flips.count == 5)
    var generator = SeededGenerator(seed: 9)
    let expected = (0..<5).map { _ in
      let words = (0..<(terms + 63) / 64).map { _ in generator.next() }
      return (0..<terms).map { $0 > 0 && words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 ? -1.0 : 1 }
    }
    #expect(rows(flips) == expected)
  }

  @Test func fewTermsAreSampledWhereItIsAskedFor() {
    let flips = SignFlips(upToSignOf: 3, count: 20, isSampled: true, seed: 1)
    #expect(!flips.isComplete && rows(flips).count == 20)
  }

  @Test func onlyLaterTermsFlip() {
    var generator = SeededGenerator(seed: 2)
    let expected = (0..<6).map { _ in [1, 1] + (0..<3).map { _ in generator.next() >> 63 == 1 ? -1.0 : 1 } }
    #expect(rows(SignFlips(ofTerms: 5, from: 2, count: 6, seed: 2)) == expected)
    #expect(rows(SignFlips(ofTerms: 2, from: 7, count: 3, seed: 2)) == [[1, 1], [1, 1], [1, 1]])
  }

  @Test func blocksContinueEachOther() {
    let found = rows(SignFlips(ofTerms: 3, from: 0, count: 2500, seed: 5))
    #expect(found.count == 2500)
    var generator = SeededGenerator(seed: 5)
    #expect(found.allSatisfy { row in row.allSatisfy { $0 == (generator.next() >> 63 == 1 ? -1.0 : 1) } })
    // Values of a statistic come in the same order.
    let flips = SignFlips(ofTerms: 3, from: 0, count: 2500, seed: 5)
    #expect(flips.values { $0.column(1) } == found.map { $0[1] })
  }
}
