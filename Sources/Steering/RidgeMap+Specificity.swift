public import Nulls
public import Tensor

extension RidgeMap {
  /// Compares a mapped direction with the native one, beside three families of controls mapped the same way.
  ///
  /// - Parameters:
  ///   - contrast: the classes in the source space; labels are exchanged among its rows.
  ///   - given: the direction that is mapped; by default the difference in means of the contrast.
  ///   - target: the native direction in the target space.
  ///   - nativePrompts: whether the native direction was made from other prompts than the class rows; without that
  ///     there is no verdict.
  ///   - exchange: how labels may be exchanged; paired contrasts need `.pairs`.
  ///   - seed: of all controls.
  ///   - count: R, the number of controls of each family.
  ///   - progress: called after each block of controls.
  /// - Throws: ``SteeringError`` for widths that do not fit, equal means, exchanges that do not fit;
  ///   ``SteeringError/cancelled``.
  /// - Complexity: 2R(nd_s + d_sd_t) flops for each family; a float64 copy of the rows, and 64 controls at a time.
  public func specificity(
    of contrast: Contrast<Element>, direction given: Direction<Element>? = nil, against target: Direction<Element>,
    nativePrompts: NativePrompts, exchanging exchange: Exchangeability,
    seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999, progress: ProgressHandler? = nil
  ) throws(SteeringError) -> Specificity {
    let direction = if let given { given } else { try Direction(.differenceInMeans, of: contrast) }
    let observed = try cosine(of: direction, with: target)
    let measure = MappedCosines(self, with: target)
    // Three families of equal size, one after the other.
    let controls = try controlFamilies(
      of: direction, against: target, rows: contrast.pooledRows(exponent: contrast.exponentOfUnit), seed: seed,
      count: count, progress: shifted(progress) { ($0, $1 / 2 * 3) })
    let null = try contrast.overExchangedDirections(
      exchanging: exchange, seed: seed, count: count,
      progress: shifted(progress) { (2 * $1 + $0, 3 * $1) }
    ) { measure($0) }
    let permuted = ControlFamily(
      .permutedLabelsThroughMap, observed: observed, null: null.null, isComplete: null.isComplete)
    let all = controls + [permuted]
    let isSpecific = all.allSatisfy { $0.name == .isotropicThroughMap || $0.p <= 0.05 }
    return Specificity(
      cosine: observed, controls: all,
      verdict: nativePrompts == .same ? nil : isSpecific ? .specific : .notSpecific)
  }

  /// The same comparison, awaited: the calling task waits without a thread, and its cancellation is honoured.
  public func specificity(
    of contrast: Contrast<Element>, direction given: Direction<Element>? = nil, against target: Direction<Element>,
    nativePrompts: NativePrompts, exchanging exchange: Exchangeability,
    seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999, progress: ProgressHandler? = nil
  ) async throws(SteeringError) -> Specificity {
    try await onWorkerThread { () throws(SteeringError) in
      try specificity(
        of: contrast, direction: given, against: target, nativePrompts: nativePrompts, exchanging: exchange, seed: seed,
        count: count, progress: progress)
    }
  }

  /// The families that need no class rows: isotropic and covariance-matched directions through the map.
  ///
  /// They are context: without permuted labels there is no verdict.
  ///
  /// - Parameters:
  ///   - direction: in the source space.
  ///   - target: the native direction in the target space.
  ///   - rows: source rows that carry the covariance, n×d_s.
  ///   - seed: of all controls.
  ///   - count: R, the number of controls of each family.
  ///   - progress: called after each block of controls.
  /// - Throws: ``SteeringError`` for widths that do not fit, a zero direction or R < 1; ``SteeringError/cancelled``.
  /// - Complexity: 2R(nd_s + d_sd_t) flops; a copy of the rows, and 64 controls at a time.
  public func controlFamilies(
    of direction: Direction<Element>, against target: Direction<Element>, rows: Matrix<Double>,
    seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999, progress: ProgressHandler? = nil
  ) throws(SteeringError) -> [ControlFamily] {
    guard rows.columns == weights.rows else {
      throw .unequalWidths("source rows of \(rows.columns) entries, a map from \(weights.rows)")
    }
    guard count >= 1 else { throw .invalidArgument("\(count) controls; give at least 19 for p = 0.05") }
    let observed = try cosine(of: direction, with: target)
    let measure = MappedCosines(self, with: target)
    let centred = rows.scaled(byPowerOfTwo: rows.exponentOfUnit).centeredRows()
    var generator = SeededGenerator(seed: seed)
    func family(
      _ name: ControlFamily.Name, drawn first: Int, _ width: Int, _ directions: (Matrix<Double>) -> Matrix<Double>
    ) throws(SteeringError) -> ControlFamily {
      var cosines: [Double] = []
      // Blocks of an even number of rows, so that the generator gives what it gives for all of them at once.
      for start in stride(from: 0, to: count, by: 64) {
        if Cancellation.isRequested { throw .cancelled }
        let drawn = Matrix<Double>.normal(rows: min(64, count - start), columns: width, using: &generator)
        cosines += measure(directions(drawn))
        progress?(first + cosines.count, 2 * count)
      }
      return ControlFamily(name, observed: observed, null: cosines, isComplete: false)
    }
    return [
      try family(.isotropicThroughMap, drawn: 0, weights.rows) { $0 },
      // z·X_c has the covariance of the rows without forming it.
      try family(.covarianceThroughMap, drawn: count, rows.rows) { $0 * centred },
    ]
  }

  /// The same families, awaited: the calling task waits without a thread, and its cancellation is honoured.
  public func controlFamilies(
    of direction: Direction<Element>, against target: Direction<Element>, rows: Matrix<Double>,
    seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999, progress: ProgressHandler? = nil
  ) async throws(SteeringError) -> [ControlFamily] {
    try await onWorkerThread { () throws(SteeringError) in
      try controlFamilies(
        of: direction, against: target, rows: rows, seed: seed, count: count, progress: progress)
    }
  }

  /// The cosine of a mapped direction with a native one.
  ///
  /// - Throws: ``SteeringError/noDirection`` where one of them is zero; ``SteeringError/unequalWidths(_:)``.
  public func cosine(
    of direction: Direction<Element>, with target: Direction<Element>
  ) throws(SteeringError) -> Double {
    guard direction.vector.count == weights.rows else {
      throw .unequalWidths("a direction of \(direction.vector.count) entries, a map from \(weights.rows)")
    }
    guard target.vector.count == weights.columns else {
      throw .unequalWidths("directions of \(weights.columns) and \(target.vector.count) entries")
    }
    let row = Matrix(row: direction.vector.converted(to: Double.self))
    let exponent = row.exponentOfUnit
    let cosine =
      exponent == 0 && weights.exponentOfUnit == 0
      ? try map(direction).cosine(with: target).value
      : MappedCosines(self, with: target).cosines(row.scaled(byPowerOfTwo: exponent))[0]
    guard let cosine else { throw .noDirection }
    return cosine
  }
}

/// The progress of a part, told as that of the whole.
private func shifted(
  _ progress: ProgressHandler?, _ place: @escaping @Sendable (_ done: Int, _ total: Int) -> (Int, Int)
) -> ProgressHandler? {
  guard let progress else { return nil }
  return { done, total in
    let (whole, all) = place(done, total)
    progress(whole, all)
  }
}

extension ControlFamily {
  fileprivate init(_ name: Name, observed: Double, null: [Double], isComplete: Bool) {
    let test = PermutationTest(observed: observed, null: null, isComplete: isComplete)
    self.init(name: name, chance: test.chance, chanceDeviation: test.chanceDeviation, p: test.p)
  }
}
