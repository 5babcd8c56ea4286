import Nulls
import Testing

@Suite struct ScoreTests {
  /// The isotropic value is not *the* null of activations, so it is named wherever it is shown.
  @Test func theNullIsNamedWithItsDeviation() throws {
    let score = Score(0.7551, chance: 0, chanceDeviation: 0.0361)
    #expect("\(score)" == "0.755 (isotropic chance 0 ± 0.036; activations and gradients need the matched null)")
    #expect("\(Score(nil, chance: 0.5))".hasPrefix("undefined (isotropic chance 0.5; "))
    #expect("\(score)".hasSuffix(ScoreNull.isotropic.caution + ")"))
  }
}

@Suite struct FalseDiscoveryRateTests {
  @Test func falseDiscoveryRatesAreMonotone() {
    let q: [Double?] = [0.04, nil, 0.04 * 4 / 3, 0.04 * 4 / 3, 0.5]
    #expect(falseDiscoveryRates([0.01, nil, 0.04, 0.03, 0.5]) == q)
    #expect(falseDiscoveryRates([nil, nil]) == [nil, nil] && falseDiscoveryRates([]) == [])
  }
}
