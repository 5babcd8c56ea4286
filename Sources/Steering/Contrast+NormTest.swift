public import Nulls
public import Tensor

extension Contrast {
  /// Whether the class means are further apart than exchanged labels put them.
  ///
  /// The statistic is studentized and does not depend on the units of the features: T = ‖v‖²/(tr S₊/n₊ + tr S₋/n₋) with
  /// v the difference of the class means and S the covariances of the classes, of rows x/s with s the standard
  /// deviation of each feature over all rows; features that do not vary are left out. For pairs T = ‖Σdᵢ/s‖². Every
  /// exchange refits direction and covariances, so the rows may be the ones that the direction is made from. ‖v‖² alone
  /// rejects identical means in 0.66 of cases at 0.05 where the smaller class of 20 and 80 rows scatters twice as far;
  /// T in 0.07.
  ///
  /// - Parameters:
  ///   - exchange: how labels may be exchanged.
  ///   - seed: of the random exchanges; unused where all are listed.
  ///   - count: R, the number of exchanges; the smallest p is 1/(1 + R).
  ///   - progress: called after each block of exchanges.
  /// - Returns: the length of the direction and the lengths under exchanged labels, in units of the rows, beside the p
  ///   of T. The length of a mean difference is never zero: without this test any two samples have a direction.
  /// - Throws: ``SteeringError`` as `Exchangeability` asks; ``SteeringError/invalidArgument(_:)`` for R < 1;
  ///   ``SteeringError/cancelled``.
  /// - Complexity: 2R(n₊ + n₋)d flops, through BLAS; two float64 copies of the rows, and 8 bytes a row for 64
  ///   exchanges.
  public func normTest(
    exchanging exchange: Exchangeability, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999,
    progress: ProgressHandler? = nil
  ) throws(SteeringError) -> PermutationTest {
    let exponent = exponentOfUnit
    let standardized =
      exchange == .pairs
      ? StandardizedRows(
        try pairDifferences(exponent: exponent), deviations: pooledRows(exponent: exponent).featureDeviations,
        arePairs: true)
      : StandardizedRows(pooledRows(exponent: exponent))
    let found = try overExchanges(
      of: [standardized.rows, standardized.squares], exchanging: exchange, seed: seed, count: count, progress: progress
    ) { standardized.measures($0) }
    let p = pValue(
      observed: found.observed.statistic, null: found.null.map(\.statistic), isComplete: found.isComplete,
      slack: 1e-9 * found.observed.statistic)
    return PermutationTest(
      observed: found.observed.length.scaled(byPowerOfTwo: -exponent),
      null: found.null.map { $0.length.scaled(byPowerOfTwo: -exponent) }, p: p)
  }

  /// The same test, awaited: the calling task waits without a thread, and its cancellation is honoured.
  public func normTest(
    exchanging exchange: Exchangeability, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999,
    progress: ProgressHandler? = nil
  ) async throws(SteeringError) -> PermutationTest {
    try await onWorkerThread { () throws(SteeringError) in
      try normTest(exchanging: exchange, seed: seed, count: count, progress: progress)
    }
  }
}
