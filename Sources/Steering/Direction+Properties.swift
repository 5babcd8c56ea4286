public import Nulls
import Subspace
public import Tensor

extension Direction {
  /// ‖v‖₂.
  public var norm: Double { vector.norm }

  /// The direction with length 1, and all that is known of it. A zero direction stays zero.
  ///
  /// Adding or subtracting it then moves rows by lengths in units of the activations.
  public func normalized() -> Direction {
    guard let unit = unitVector else { return self }
    return Direction(unit.converted(), midpoint, provenance: provenance)
  }

  /// The direction in another precision, rounded to nearest, and all that is known of it. Entries beyond the range of
  /// the other type become infinite.
  public func converted<Other: MatrixScalar>(to type: Other.Type = Other.self) -> Direction<Other> {
    let known = provenance
    return Direction<Other>(
      vector.converted(), midpoint?.converted(),
      provenance: .init(
        method: known.method, samples: known.samples, rowFingerprints: known.rowFingerprints, verdict: known.verdict))
  }

  /// The direction with the verdict of a norm test: ``DirectionVerdict/direction`` where p ≤ 0.05.
  ///
  /// - Parameter test: from the norm test of the ``Contrast`` that the direction was
  ///   made from.
  public func judged(by test: PermutationTest) -> Direction {
    var known = provenance
    known.verdict = test.p <= 0.05 ? .direction : .noDirection
    return Direction(vector, midpoint, provenance: known)
  }

  /// The cosine of the angle to another direction beside isotropic chance, 0 ± 1/√d; `nil` where one is zero.
  ///
  /// Isotropic chance is not the null of activations and gradients: there directions from exchanged labels scatter far
  /// more (±0.59 where 1/√d is 0.10). Compare with those
  /// (``Specificity``).
  /// - Throws: ``SteeringError/unequalWidths(_:)``.
  public func cosine(with other: Direction) throws(SteeringError) -> Score {
    guard vector.count == other.vector.count else {
      throw .unequalWidths("directions of \(vector.count) and \(other.vector.count) entries")
    }
    return Score(
      vector.cosine(with: other.vector), chance: 0,
      chanceDeviation: vector.count > 0 ? 1 / Double(vector.count).squareRoot() : nil)
  }

  var provenance: Provenance {
    Provenance(method: method, samples: samples, rowFingerprints: rowFingerprints, verdict: verdict)
  }

  /// v/‖v‖ in float64; `nil` for a zero direction.
  var unitVector: Vector<Double>? {
    let inDouble = vector.converted(to: Double.self)
    // In a unit in which the inverse of the length is a number.
    let scaled = inDouble.scaled(byPowerOfTwo: Matrix(row: inDouble).exponentOfUnit)
    let length = scaled.norm
    return length > 0 ? scaled.scaled(by: 1 / length) : nil
  }
}

extension Direction: CustomStringConvertible {
  /// ```
  /// direction in 96 dimensions, length 2.31, by caa of 168 positive, 168 negative rows
  /// norm test: no direction
  /// ```
  public var description: String {
    let origin = method.map { " by \($0.rawValue)" } ?? ""
    let rows = samples.map { " of \($0) rows" } ?? ""
    let source = method == nil && samples == nil ? " given without its rows" : origin + rows
    let judgement = verdict?.rawValue ?? "not asked, and any two samples have a direction"
    return """
      direction in \(vector.count) dimensions, length \(norm.formatted(digits: 3)),\(source)
      norm test: \(judgement)
      """
  }
}
