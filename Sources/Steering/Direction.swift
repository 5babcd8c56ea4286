import Nulls
public import Tensor

/// A direction in activation space, of raw length, with what is needed to judge it.
///
/// ```swift
/// let axis = try Direction(.differenceInMeans, of: contrast)
/// print(axis.norm, try await axis.evaluate(on: heldOut).accuracy ?? 0)
/// ```
public struct Direction<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// v, d entries. As a method finds it, its length is the distance of the class means, in units of the activations.
  public let vector: Vector<Element>
  /// The mean of the two class means, d entries: scores are compared with its score.
  public let midpoint: Vector<Element>?
  /// The method that found the direction; `nil` for one that was given.
  public let method: DirectionMethod?
  /// The numbers of rows of both classes; `nil` for a direction that was given.
  public let samples: SampleCounts?
  /// Fingerprints of the rows it was made from, so that a test on these rows is not taken for one on held-out rows;
  /// none where the rows are not known.
  public let rowFingerprints: RowFingerprints
  /// What the norm test says; `nil` where ``judged(by:)`` was not called.
  public let verdict: DirectionVerdict?

  /// A direction from elsewhere, which no method of this library found.
  ///
  /// - Parameters:
  ///   - vector: v, d entries.
  ///   - midpoint: d entries.
  ///   - rowFingerprints: of the rows it was made from, where they are known.
  /// - Throws: ``SteeringError/linearAlgebra(_:)`` with `notFinite`; ``SteeringError/unequalWidths(_:)``.
  public init(
    _ vector: Vector<Element>, midpoint: Vector<Element>? = nil, rowFingerprints: RowFingerprints = .none
  ) throws(SteeringError) {
    try Self.check(vector, midpoint)
    self.init(vector, midpoint, provenance: Provenance(rowFingerprints: rowFingerprints))
  }

  /// A direction with these entries, which no method of this library found.
  ///
  /// - Throws: ``SteeringError/linearAlgebra(_:)`` with `notFinite`.
  public init(_ entries: [Element]) throws(SteeringError) { try self.init(Vector(entries)) }

  /// Not available: a direction is one vector.
  @available(*, unavailable, message: "a direction is one vector: give a row of the matrix, as in matrix.row(0)")
  public init(_ matrix: Matrix<Element>) { fatalError() }

  /// Refuses a midpoint of another width, and what is not finite.
  static func check(_ vector: Vector<Element>, _ midpoint: Vector<Element>?) throws(SteeringError) {
    if let midpoint, midpoint.count != vector.count {
      throw .unequalWidths("a direction of \(vector.count) entries with a midpoint of \(midpoint.count)")
    }
    try algebra { () throws(LinearAlgebraError) in
      try Matrix(row: vector).checkFinite()
      if let midpoint { try Matrix(row: midpoint).checkFinite() }
    }
  }

  /// The direction between two classes.
  ///
  /// - Parameters:
  ///   - method: how it is found; each case has its formula.
  ///   - contrast: the classes, at least two rows each; pairs for ``DirectionMethod/contrastiveActivationAddition``.
  /// - Throws: ``SteeringError/tooFewSamples(_:)``; ``SteeringError/unequalCounts(_:)`` where pairs are needed;
  ///   ``SteeringError/noDirection`` for equal means; ``SteeringError/invalidArgument(_:)`` where the distance of the
  ///   means is no number of the type.
  /// - Complexity: one pass over the rows in float64, and one that takes their fingerprints.
  public init(_ method: DirectionMethod, of contrast: Contrast<Element>) throws(SteeringError) {
    if method == .contrastiveActivationAddition { try contrast.checkPairs() }
    guard contrast.positive.rows > 1, contrast.negative.rows > 1 else {
      throw .tooFewSamples("one row on a side says nothing about chance; give at least two rows a side")
    }
    let means = contrast.means
    let difference = means.positive - means.negative
    // Sums of the same rows in another order differ by rounding only.
    guard difference.norm > 1e-13 * (means.positive.norm + means.negative.norm) else { throw .noDirection }
    let vector: Vector<Element> = difference.scaled(byPowerOfTwo: -means.exponent).converted()
    guard vector.norm.isFinite, vector.norm > 0 else {
      throw .invalidArgument(
        "the distance of the class means leaves the range of the numbers; divide the rows by a power of two")
    }
    let middle = (means.positive + means.negative).scaled(by: 0.5).scaled(byPowerOfTwo: -means.exponent)
    self.init(
      vector, middle.converted(),
      provenance: Provenance(
        method: method, samples: SampleCounts(positive: contrast.positive.rows, negative: contrast.negative.rows),
        rowFingerprints: RowFingerprints(of: contrast)))
  }

  /// A vector with what is known of its origin. Callers take the origin from the call that made the vector.
  init(_ vector: Vector<Element>, _ midpoint: Vector<Element>?, provenance: Provenance) {
    self.vector = vector
    self.midpoint = midpoint
    method = provenance.method
    samples = provenance.samples
    rowFingerprints = provenance.rowFingerprints
    verdict = provenance.verdict
  }

  /// What is known of the origin of a direction, whatever the type of its numbers.
  struct Provenance {
    var method: DirectionMethod?
    var samples: SampleCounts?
    var rowFingerprints: RowFingerprints = .none
    var verdict: DirectionVerdict?
  }
}
