public import Tensor

/// Two classes of activation rows, such as truthful and deceptive answers: n₊×d and n₋×d.
public struct Contrast<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// Rows of the class that the direction is to point to.
  public let positive: Matrix<Element>
  /// Rows of the class that it points away from.
  public let negative: Matrix<Element>

  /// Two classes of rows of the same width.
  ///
  /// - Throws: ``SteeringError/unequalWidths(_:)``; ``SteeringError/tooFewSamples(_:)`` where a side is empty;
  ///   ``SteeringError/linearAlgebra(_:)`` with `notFinite`.
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

  /// The mean of the positive rows minus that of the negative ones, in float64.
  var meanDifference: Vector<Double> { positive.meanRow - negative.meanRow }

  /// The mean of the two class means, in float64.
  var midpoint: Vector<Double> { (positive.meanRow + negative.meanRow).scaled(by: 0.5) }

  /// All rows, positive first, in float64 and minus `origin`.
  func pooledRows(around origin: Vector<Double>) -> Matrix<Double> {
    var rows = Matrix(stackingRows: [positive.converted(to: Double.self), negative.converted(to: Double.self)])
    rows.centerRows(by: origin)
    return rows
  }

  /// The differences of the pairs, row i minus row i, in float64.
  func pairDifferences() throws(SteeringError) -> Matrix<Double> {
    guard positive.rows == negative.rows else {
      throw .unequalCounts(
        "\(positive.rows) positive and \(negative.rows) negative rows do not form pairs; give row i of both sides to the "
          + "same prompt, or use the difference in means")
    }
    return positive.converted(to: Double.self) - negative.converted(to: Double.self)
  }
}
