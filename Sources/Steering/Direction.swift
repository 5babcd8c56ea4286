public import Subspace
public import Tensor

/// A direction in activation space, of raw length, with what is needed to judge it.
public struct Direction<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// v, d entries, as found: its length is the distance of the class means, in units of the activations.
  public let vector: Vector<Element>
  /// The mean of the two class means, d entries: scores are compared with its score.
  public let midpoint: Vector<Element>?
  /// How the direction was found; `nil` for one that was given.
  public let method: DirectionMethod?
  /// The number of rows on either side; `nil` for a direction that was given.
  public let samples: SampleCounts?
  /// Fingerprints of the rows it was made from, so that a test on these rows is not taken for one on held-out rows.
  public let rowFingerprints: Set<UInt64>

  /// A direction from elsewhere.
  ///
  /// - Throws: ``SteeringError/linearAlgebra(_:)`` with `notFinite`; ``SteeringError/unequalWidths(_:)``.
  public init(
    _ vector: Vector<Element>, midpoint: Vector<Element>? = nil, rowFingerprints: Set<UInt64> = []
  ) throws(SteeringError) {
    if let midpoint, midpoint.count != vector.count {
      throw .unequalWidths("a direction of \(vector.count) entries with a midpoint of \(midpoint.count)")
    }
    try algebra { () throws(LinearAlgebraError) in
      try Matrix(row: vector).checkFinite()
      if let midpoint { try Matrix(row: midpoint).checkFinite() }
    }
    self.vector = vector
    self.midpoint = midpoint
    self.rowFingerprints = rowFingerprints
    method = nil
    samples = nil
  }

  private init(_ contrast: Contrast<Element>, _ method: DirectionMethod) throws(SteeringError) {
    guard contrast.positive.rows > 1, contrast.negative.rows > 1 else {
      throw .tooFewSamples("one row on a side says nothing about chance; give at least two rows a side")
    }
    let difference = contrast.meanDifference
    let scale = contrast.positive.meanRow.norm + contrast.negative.meanRow.norm
    // Sums of the same rows in another order differ by rounding only.
    guard difference.norm > 1e-13 * scale else { throw .noDirection }
    vector = difference.converted()
    midpoint = contrast.midpoint.converted()
    self.method = method
    samples = SampleCounts(positive: contrast.positive.rows, negative: contrast.negative.rows)
    rowFingerprints = Set(fingerprints(contrast.positive)).union(fingerprints(contrast.negative))
  }

  /// v = mean of the positive rows − mean of the negative rows.
  ///
  /// - Parameters:
  ///   - positive: n₊×d, n₊ ≥ 2.
  ///   - negative: n₋×d, n₋ ≥ 2.
  /// - Throws: ``SteeringError`` for unequal widths, too few rows, equal means, entries that are not finite.
  /// - Complexity: one pass over the rows in float64.
  public static func differenceInMeans(
    positive: Matrix<Element>, negative: Matrix<Element>
  ) throws(SteeringError) -> Direction {
    try Direction(Contrast(positive: positive, negative: negative), .differenceInMeans)
  }

  /// Contrastive activation addition: v = mean over pairs of (positive row i − negative row i).
  ///
  /// The vector equals the difference in means; what the pairs change is the null, which exchanges labels within a
  /// pair only.
  ///
  /// - Throws: ``SteeringError/unequalCounts(_:)``; else as
  ///   ``differenceInMeans(positive:negative:)``.
  /// - SeeAlso: Rimsky et al., arXiv 2312.06681.
  public static func contrastiveActivationAddition(
    positive: Matrix<Element>, negative: Matrix<Element>
  ) throws(SteeringError) -> Direction {
    let contrast = try Contrast(positive: positive, negative: negative)
    _ = try contrast.pairDifferences()
    return try Direction(contrast, .contrastiveActivationAddition)
  }

  /// ‖v‖₂.
  public var norm: Double { vector.norm }

  /// The cosine of the angle to another direction beside chance: 0 ± 1/√d for isotropic directions; `nil` where one
  /// is zero.
  ///
  /// In activation space chance is wider: compare with permuted labels (``RidgeMap/specificity(of:direction:against:by:seed:count:)``).
  /// - Throws: ``SteeringError/unequalWidths(_:)``.
  public func cosine(with other: Direction) throws(SteeringError) -> Score {
    guard vector.count == other.vector.count else {
      throw .unequalWidths("directions of \(vector.count) and \(other.vector.count) entries")
    }
    return Score(
      vector.cosine(with: other.vector), chance: 0, chanceDeviation: 1 / Double(vector.count).squareRoot())
  }
}

/// How a direction is found.
public enum DirectionMethod: String, Sendable, Codable, CaseIterable {
  /// The difference of the class means. Labels are exchanged freely in its null.
  case differenceInMeans = "difference-in-means"
  /// The mean of pair differences. Labels are exchanged within pairs in its null.
  case contrastiveActivationAddition = "caa"
}

/// The number of rows on either side of a contrast.
public struct SampleCounts: Sendable, Equatable, Codable {
  /// n₊.
  public let positive: Int
  /// n₋.
  public let negative: Int
}

/// A 64-bit FNV-1a hash of every row, of its values in float64, whatever type they were stored in.
func fingerprints<Element>(_ rows: Matrix<Element>) -> [UInt64] {
  let wide = rows.converted(to: Double.self)
  return (0..<wide.rows).map { i in
    wide.withRow(i) { entries in
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for j in 0..<entries.count {
        // Adding zero makes -0 and 0 the same.
        hash = (hash ^ (entries[j] + 0).bitPattern) &* 0x100_0000_01B3
        hash ^= hash >> 29
      }
      return hash
    }
  }
}
