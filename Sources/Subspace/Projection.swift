public import Nulls
public import Tensor

extension Basis {
  /// The part of a vector that lies in the plane, QQᵀx.
  ///
  /// - Parameter vector: d entries. Traps on another count.
  /// - Complexity: 4dk flops.
  public func projection(of vector: Vector<Element>) -> Vector<Element> {
    columns * (columns.transposed * vector)
  }

  /// The part of every row that lies in the plane, XQQᵀ.
  ///
  /// - Parameter rows: n×d. Traps on another width.
  /// - Complexity: 4ndk flops; an n×k product beside the result.
  public func projection(ofRows rows: Matrix<Element>) -> Matrix<Element> {
    (rows * columns) * columns.transposed
  }

  /// How much of a displacement the plane captures, as energy and as cosine, beside chance.
  ///
  /// - Parameter displacement: d entries; a zero displacement has no capture.
  /// - Throws: `LinearAlgebraError.shapeMismatch`; `.notFinite`.
  /// - Complexity: 2dk flops in float64.
  public func capture(of displacement: Vector<Element>) throws(LinearAlgebraError) -> Capture {
    try capture(ofRows: Matrix(row: displacement))
  }

  /// How much of the energy of all rows together the plane captures: ‖XQ‖² / ‖X‖².
  ///
  /// - Parameter rows: n×d, uncentred.
  /// - Throws: `LinearAlgebraError.shapeMismatch`; `.notFinite`.
  /// - Complexity: 2ndk flops in float64; float64 copies of 2¹⁸ columns of the rows and as many rows of the basis at a
  ///   time.
  public func capture(ofRows rows: Matrix<Element>) throws(LinearAlgebraError) -> Capture {
    guard rows.columns == dimension else {
      throw .shapeMismatch("displacements of \(rows.columns) entries against a basis in \(dimension) dimensions")
    }
    try rows.checkFinite()
    // Relative to the largest entry, so that squares neither overflow nor vanish.
    let scale = Double(rows.norm(.maximum))
    let chance = dimension == 0 ? 0 : Double(rank) / Double(dimension)
    guard scale > 0 else { return Capture(energy: Score(nil, chance: chance)) }
    let exponent = scale.isNormal ? 0 : rows.converted(to: Double.self).exponentOfUnit
    var (coordinates, square) = (Matrix<Double>.zeros(rows: rows.rows, columns: rank), 0.0)
    let step = 1 << 18
    for first in stride(from: 0, to: dimension, by: step) {
      let range = first..<Swift.min(first + step, dimension)
      let wide = rows[columns: range].converted(to: Double.self)
      // The inverse of the smallest numbers is no number; powers of two round nothing.
      let unit = scale.isNormal ? wide / scale : wide.scaled(byPowerOfTwo: exponent)
      coordinates.addProduct(unit, columns[rows: range].converted(to: Double.self), beta: first == 0 ? 0 : 1)
      square += unit.dot(unit)
    }
    let energy = Swift.min(1, coordinates.dot(coordinates) / square)
    let (k, d) = (Double(rank), Double(dimension))
    // The captured share of an isotropic vector is Beta(k/2, (d − k)/2).
    let deviation = (2 * k * (d - k) / (d * d * (d + 2))).squareRoot()
    return Capture(energy: Score(energy, chance: chance, chanceDeviation: deviation))
  }

  /// The captured share that rows with this covariance have by chance: tr(QᵀΣQ) / tr Σ.
  ///
  /// For activations and gradients, which lie mostly in a few directions, k/d is far below what a plane of those
  /// directions captures of *anything*; this is the null to compare with. Equal to the captured energy of the
  /// centred rows. `nil` where the rows do not vary.
  ///
  /// - Parameter samples: n×d, rows drawn from the same source.
  /// - Throws: `LinearAlgebraError.shapeMismatch`; `.notFinite`.
  public func covarianceMatchedChance(samples: Matrix<Element>) throws(LinearAlgebraError) -> Double? {
    guard samples.rows > 1 else { return nil }
    let exponent = samples.exponentOfUnit
    guard exponent != 0 else { return try capture(ofRows: samples.centeredRows()).energy.value }
    // In a unit in which the mean of the rows does not overflow.
    try samples.checkFinite()
    let rows = samples.converted(to: Double.self).scaled(byPowerOfTwo: exponent)
    return try Basis<Double>(orthonormal: columns.converted()).capture(ofRows: rows.centeredRows()).energy.value
  }
}

/// How much of a displacement a plane captures. Energy and cosine are different numbers, named apart.
///
/// ```swift
/// // Given: plane: Basis<Double>, displacement: Vector<Double>
/// let capture = try plane.capture(of: displacement)
/// print(capture.energy, capture.cosine ?? 0)  // the energy prints with its chance
/// ```
public struct Capture: Sendable, Equatable, Codable {
  /// ‖Qᵀd‖² / ‖d‖²; chance is k/d, for a direction without preference.
  public let energy: Score
  /// ‖Qᵀd‖ / ‖d‖, the square root of the energy: the cosine of the angle to the plane.
  public var cosine: Double? { energy.value?.squareRoot() }
}
