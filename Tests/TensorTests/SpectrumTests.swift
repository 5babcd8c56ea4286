import Tensor
import _TestSupport
import Testing

@Suite struct SpectrumTests {
  @Test func measuresAgreeWithNumpy() throws {
    let reference = try Reference.load().spectrum
    let spectrum = try uniform(17, 17, seed: 7).spectrum()
    func agree(_ found: Double?, _ expected: Double) throws {
      #expect(abs(try #require(found) / expected - 1) < 1e-11)
    }
    try agree(spectrum.participationRatio, reference.participation_ratio)
    try agree(spectrum.stableRank, reference.stable_rank)
    try agree(spectrum.entropyRank(.energy), reference.entropy_rank_energy)
    try agree(spectrum.entropyRank(.singularValues), reference.entropy_rank_values)
    try agree(spectrum.conditionNumber, reference.condition)
    #expect(spectrum.rank(capturing: 0.9) == reference.rank_90)
    #expect(try Family.rankDeficient.matrix(40, 17).spectrum().numericalRank == reference.matrix_rank)
  }

  @Test func equalValuesShareTheEnergy() throws {
    let spectrum = Spectrum(Vector<Float>([2, 2, 2, 2]), rows: 4, columns: 9)
    for measure in [
      spectrum.participationRatio, spectrum.stableRank, spectrum.entropyRank(.energy),
      spectrum.entropyRank(.singularValues),
    ] {
      #expect(abs(try #require(measure) - 4) < 1e-12)
    }
    #expect(spectrum.energies == [0.25, 0.25, 0.25, 0.25])
    #expect(spectrum.cumulativeEnergy == [0.25, 0.5, 0.75, 1])
    #expect(spectrum.conditionNumber == 1)
    #expect([0, 0.25, 0.26, 0.5, 1].map(spectrum.rank(capturing:)) == [0, 1, 2, 2, 4])
  }

  @Test(arguments: [1e-200, 1e200]) func scaleDoesNotMatter(scale: Double) throws {
    let plain = Spectrum(Vector<Double>([4, 2, 1]), rows: 3, columns: 3)
    let scaled = Spectrum(Vector<Double>([4 * scale, 2 * scale, scale]), rows: 3, columns: 3)
    let (a, b) = (try #require(plain.participationRatio), try #require(scaled.participationRatio))
    #expect(abs(a / b - 1) < 1e-12)
    #expect(scaled.numericalRank == 3)
  }

  @Test func whatIsUndefinedIsNil() throws {
    for matrix in [Matrix<Double>.zeros(rows: 3, columns: 2), .zeros(rows: 0, columns: 2)] {
      let spectrum = try matrix.spectrum()
      #expect(spectrum.participationRatio == nil && spectrum.stableRank == nil && spectrum.energies == nil)
      #expect(spectrum.entropyRank(.energy) == nil && spectrum.conditionNumber == nil)
      #expect(spectrum.numericalRank == 0 && spectrum.rank(capturing: 0.9) == 0)
    }
    let singular = Spectrum(Vector<Double>([1, 0]), rows: 2, columns: 2)
    #expect(singular.conditionNumber == .infinity && singular.numericalRank == 1)
    #expect(singular.rank(capturing: 1) == 1)
  }
}
