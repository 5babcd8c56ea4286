import Foundation
import Nulls
import Testing

@Suite struct PermutationTestTests {
  @Test func theFormulaOfP() {
    #expect(pValue(extreme: 0, of: 999) == 0.001 && pValue(extreme: 999, of: 999) == 1)
    #expect(pValue(extreme: 3, of: 20, isComplete: true) == 0.15)
    // Ties count against the finding, and so does what misses a tie by rounding.
    #expect(pValue(observed: 2, null: [1, 2, 3, 2 - 1e-13], isComplete: false, slack: 1e-12) == 0.8)
    #expect(pValue(observed: 2, null: [1, 2, 3, 2 - 1e-13], isComplete: true, slack: 0) == 0.5)
  }

  @Test func meanAndDeviationOfWhatChanceGives() {
    let test = PermutationTest(observed: 5, null: [1, 2, 3, 4], isComplete: false)
    #expect(test.chance == 2.5 && abs(test.chanceDeviation - (5.0 / 3).squareRoot()) < 1e-15)
    #expect(test.p == 0.2 && test.count == 4)
    #expect("\(test)" == "5 (exchanged labels 2.5 ± 1.3; p 0.2 from 4 exchanges)")
    let one = PermutationTest(observed: 0, null: [1], p: 1)
    #expect(one.chanceDeviation == 0 && "\(one)".hasSuffix("from 1 exchange)"))
  }

  @Test func aTestIsCodable() throws {
    let test = PermutationTest(observed: 5, null: [1, 2, 3, 4], isComplete: false)
    #expect(try JSONDecoder().decode(PermutationTest.self, from: JSONEncoder().encode(test)) == test)
  }
}
