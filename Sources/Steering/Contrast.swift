public import Tensor

/// Two classes of activation rows, such as truthful and deceptive answers: n₊×d and n₋×d.
///
/// ```swift
/// // Given: truthful: Matrix<Double>, deceptive: Matrix<Double>
/// let contrast = try Contrast(positive: truthful, negative: deceptive)
/// let axis = try Direction(.differenceInMeans, of: contrast)
/// ```
public struct Contrast<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// Rows of the class that a direction is to point to.
  public let positive: Matrix<Element>
  /// Rows of the class that it points away from.
  public let negative: Matrix<Element>

  /// Two classes of rows of the same width.
  ///
  /// - Parameters:
  ///   - positive: n₊×d, n₊ ≥ 1.
  ///   - negative: n₋×d, n₋ ≥ 1; for pairs, row i belongs to row i of `positive`.
  /// - Throws: ``SteeringError/unequalWidths(_:)``; ``SteeringError/tooFewSamples(_:)`` where a side is empty;
  ///   ``SteeringError/linearAlgebra(_:)`` with `notFinite`.
  /// - Complexity: one pass over the entries.
  public init(positive: Matrix<Element>, negative: Matrix<Element>) throws(SteeringError) {
    guard positive.columns == negative.columns else {
      throw .unequalWidths("positive rows have \(positive.columns) entries, negative rows \(negative.columns)")
    }
    guard positive.rows > 0, negative.rows > 0 else {
      throw .tooFewSamples("a side without rows has no mean; give at least two rows a side")
    }
    try algebra { () throws(LinearAlgebraError) in
      try positive.checkFinite()
      try negative.checkFinite()
    }
    self.positive = positive
    self.negative = negative
  }

  /// d, the number of entries of a row.
  public var width: Int { positive.columns }

  /// The exponent of the power of two that both sides are multiplied by before anything is squared or summed; 0 for
  /// ordinary numbers.
  var exponentOfUnit: Int {
    Matrix(row: Vector([positive.norm(.maximum), negative.norm(.maximum)])).exponentOfUnit
  }

  /// The means of the two classes in float64, times 2^exponent.
  var means: (positive: Vector<Double>, negative: Vector<Double>, exponent: Int) {
    let exponent = exponentOfUnit
    // Sums of rows near the ends of the range would overflow or lose digits.
    guard exponent != 0 else { return (positive.meanRow, negative.meanRow, 0) }
    func mean(_ rows: Matrix<Element>) -> Vector<Double> {
      rows.converted(to: Double.self).scaled(byPowerOfTwo: exponent).meanRow
    }
    return (mean(positive), mean(negative), exponent)
  }

  /// All rows, positive ones first, in float64, times 2^exponent and minus their mean.
  func pooledRows(exponent: Int) -> Matrix<Double> {
    var rows = Matrix(stackingRows: [positive.converted(to: Double.self), negative.converted(to: Double.self)])
      .scaled(byPowerOfTwo: exponent)
    rows.centerRows(by: rows.meanRow)
    return rows
  }

  /// The differences of the pairs, positive row i minus negative row i, in float64, times 2^exponent.
  func pairDifferences(exponent: Int) throws(SteeringError) -> Matrix<Double> {
    try checkPairs()
    return positive.converted(to: Double.self).scaled(byPowerOfTwo: exponent)
      - negative.converted(to: Double.self).scaled(byPowerOfTwo: exponent)
  }

  /// Refuses sides with unequal numbers of rows.
  func checkPairs() throws(SteeringError) {
    guard positive.rows == negative.rows else {
      throw .unequalCounts(
        "\(positive.rows) positive and \(negative.rows) negative rows do not form pairs; give row i of both sides to "
          + "the same prompt, or use the difference in means")
    }
  }
}

extension Contrast: CustomStringConvertible {
  /// `168 positive and 160 negative rows in 96 dimensions`.
  public var description: String {
    "\(positive.rows) positive and \(negative.rows) negative rows in \(width) dimensions"
  }
}
