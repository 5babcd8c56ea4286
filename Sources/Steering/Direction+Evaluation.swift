public import Nulls
public import Tensor

extension Direction {
  /// Scores both classes by x·v and compares them.
  ///
  /// - Parameters:
  ///   - contrast: rows that should score high and rows that should score low, best held out.
  ///   - exchange: how labels may be exchanged under the null; `.pairs` needs equal counts.
  ///   - rows: whether the rows are known not to be those that the direction was made from.
  ///   - seed: of the exchanges.
  ///   - count: R, the number of exchanges.
  ///   - progress: called after each block of exchanges.
  /// - Returns: the scores; the threshold is the direction's own midpoint, or without one that of these rows.
  /// - Throws: ``SteeringError`` for widths that differ and as `Exchangeability` asks;
  ///   ``SteeringError/rowsOfTheDirection(_:)`` where rows said to be held out are among the direction's own;
  ///   ``SteeringError/cancelled``.
  /// - Complexity: 2(n₊ + n₋)d flops and one sort; R(n₊ + n₋) for the null; float64 copies of the rows.
  public func evaluate(
    on contrast: Contrast<Element>, exchanging exchange: Exchangeability = .rows, rows: EvaluatedRows = .recognized,
    seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999, progress: ProgressHandler? = nil
  ) throws(SteeringError) -> Evaluation {
    guard contrast.width == vector.count else {
      throw .unequalWidths("rows of \(contrast.width) entries, a direction of \(vector.count)")
    }
    if exchange == .pairs { try contrast.checkPairs() }
    let missing = try missingPermutation(contrast, rows)
    if Cancellation.isRequested { throw .cancelled }
    let scores = Scores(contrast, on: self)
    guard !scores.areEqual, contrast.positive.rows + contrast.negative.rows > 2 else {
      return Evaluation(
        accuracy: nil, auroc: nil, rawGap: scores.gap, pooledD: nil, pairedD: nil, pairedAccuracy: nil,
        permutation: nil, missingPermutation: .nothingToExchange)
    }
    let test =
      missing == nil ? try scores.gapTest(exchanging: exchange, seed: seed, count: count, progress: progress) : nil
    return try scores.evaluation(permutation: test, missing: missing)
  }

  /// The same evaluation, awaited: the calling task waits without a thread, and its cancellation is honoured.
  public func evaluate(
    on contrast: Contrast<Element>, exchanging exchange: Exchangeability = .rows, rows: EvaluatedRows = .recognized,
    seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999, progress: ProgressHandler? = nil
  ) async throws(SteeringError) -> Evaluation {
    try await onWorkerThread { () throws(SteeringError) in
      try evaluate(on: contrast, exchanging: exchange, rows: rows, seed: seed, count: count, progress: progress)
    }
  }

  private func missingPermutation(
    _ contrast: Contrast<Element>, _ rows: EvaluatedRows
  ) throws(SteeringError) -> MissingPermutation? {
    let areOwn =
      rowFingerprints.contains(anyOf: contrast.positive) || rowFingerprints.contains(anyOf: contrast.negative)
    switch (rows, areOwn) {
    case (.recognized, true): return .ownRows
    case (.recognized, false): return rowFingerprints.isEmpty ? .unknownRows : nil
    case (.heldOut, false): return nil
    case (.heldOut, true):
      throw .rowsOfTheDirection(
        "some of these rows made the direction, by their fingerprints, so they are not held out; give other rows, or "
          + "find the direction anew for each exchange of labels")
    }
  }
}
