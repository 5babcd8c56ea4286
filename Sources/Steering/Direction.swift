public import Nulls
import Subspace
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
  /// Fingerprints of the rows it was made from, so that a test on these rows is not taken for one on held-out rows; none
  /// where the rows are not known.
  public let rowFingerprints: RowFingerprints

  /// A direction from elsewhere.
  ///
  /// - Throws: ``SteeringError/linearAlgebra(_:)`` with `notFinite`; ``SteeringError/unequalWidths(_:)``.
  public init(
    _ vector: Vector<Element>, midpoint: Vector<Element>? = nil, rowFingerprints: RowFingerprints = .none
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
    let means = contrast.means
    let difference = means.positive - means.negative
    // Sums of the same rows in another order differ by rounding only.
    guard difference.norm > 1e-13 * (means.positive.norm + means.negative.norm) else { throw .noDirection }
    vector = difference.scaled(byPowerOfTwo: -means.exponent).converted()
    midpoint = (means.positive + means.negative).scaled(by: 0.5).scaled(byPowerOfTwo: -means.exponent).converted()
    guard vector.norm.isFinite, vector.norm > 0 else {
      throw .invalidArgument(
        "the distance of the class means leaves the range of the numbers; divide the rows by a power of two")
    }
    self.method = method
    samples = SampleCounts(positive: contrast.positive.rows, negative: contrast.negative.rows)
    rowFingerprints = RowFingerprints(of: contrast)
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
    try contrast.checkPairs()
    return try Direction(contrast, .contrastiveActivationAddition)
  }

  /// ‖v‖₂.
  public var norm: Double { vector.norm }

  /// The cosine of the angle to another direction beside isotropic chance, 0 ± 1/√d; `nil` where one is zero.
  ///
  /// Isotropic chance is not the null of activations and gradients: there directions from exchanged labels scatter far more
  /// (±0.59 where 1/√d is 0.10). Compare with those
  /// (``RidgeMap/specificity(of:direction:against:nativePrompts:by:seed:count:progress:)``).
  /// - Throws: ``SteeringError/unequalWidths(_:)``.
  public func cosine(with other: Direction) throws(SteeringError) -> Score {
    guard vector.count == other.vector.count else {
      throw .unequalWidths("directions of \(vector.count) and \(other.vector.count) entries")
    }
    return Score(
      vector.cosine(with: other.vector), chance: 0,
      chanceDeviation: vector.count > 0 ? 1 / Double(vector.count).squareRoot() : nil)
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
