public import Tensor

/// An orthonormal basis of a k-dimensional plane in d dimensions.
///
/// Two bases of the same plane are different values; compare planes by ``principalAngles(to:)``.
///
/// ```swift
/// // Given: gradients: Matrix<Double>, later: Matrix<Double>
/// let plane = try Basis(leadingDirectionsOf: gradients, count: 8, centering: .none)
/// print(plane.rank, plane.dimension, try plane.capture(ofRows: later).energy)
/// ```
public struct Basis<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// Q, d×k, with QᵀQ = I.
  public let columns: Matrix<Element>

  /// d, the dimension of the space.
  public var dimension: Int { columns.rows }
  /// k, the dimension of the plane.
  public var rank: Int { columns.columns }

  /// A basis whose columns are known to be orthonormal.
  init(orthonormal columns: Matrix<Element>) { self.columns = columns }

  /// Which plane a matrix stands for has to be said.
  @available(
    *, unavailable,
    message: """
      write Basis(spanning: matrix) for the span of its columns, or Basis(leadingDirectionsOf: matrix, count: k, \
      centering: .none) for the plane in which most of the energy of its rows lies
      """
  )
  public init(_ matrix: Matrix<Element>) { fatalError("unavailable") }

  /// A basis of the span of columns: by Cholesky QR where they are clearly independent, else by the SVD of the columns
  /// scaled to unit length.
  ///
  /// The span does not depend on the lengths of the columns, so neither does the rank: a column counts however
  /// short it is, unless it is zero.
  ///
  /// - Parameters:
  ///   - columns: d×n, any n; dependent columns are allowed.
  ///   - tolerance: of the columns scaled to unit length, directions with σᵢ ≤ tolerance are dropped; by default
  ///     ε·√min(d, n), ε of `Element`: what rounding the entries can move, however long the columns are. Give that of
  ///     the stored type where it was narrower.
  /// - Throws: `LinearAlgebraError.notFinite` and what the SVD throws.
  /// - Complexity: about 4dn² flops in float64, 10dn² where columns are in doubt; three float64 copies of the columns.
  public init(spanning columns: Matrix<Element>, tolerance: Double? = nil) throws(LinearAlgebraError) {
    self.columns = try float64Basis(spanning: columns, tolerance: tolerance).converted()
  }

  /// The leading right singular directions of a set of rows: the plane in which most of their energy lies.
  ///
  /// - Parameters:
  ///   - rows: n×d, one sample, gradient or activation a row.
  ///   - count: k; fewer directions come back where the numerical rank is lower.
  ///   - centering: whether the mean row is subtracted first. With one dominant mean row the first uncentred
  ///     direction *is* the mean: the choice changes what the plane means.
  /// - Throws: `LinearAlgebraError.invalidArgument` unless 1 ≤ k ≤ min(n, d); `.notFinite`; what the SVD throws.
  /// - Complexity: that of the thin SVD of the rows.
  public init(
    leadingDirectionsOf rows: Matrix<Element>, count: Int, centering: Centering
  ) throws(LinearAlgebraError) {
    let largest = Swift.min(rows.rows, rows.columns)
    guard count >= 1, count <= largest else {
      throw .invalidArgument("\(count) directions of a \(rows.shapeDescription) matrix; from 1 to \(largest) exist")
    }
    try rows.checkFinite()
    // In a unit in which neither the mean nor what is left of it overflows.
    let factor = Element(sign: .plus, exponent: Element.Exponent(rows.exponentOfUnit), significand: 1)
    let scaled = factor == 1 ? rows : rows.scaled(by: factor)
    let svd = try (centering == .mean ? scaled.centeredRows() : scaled).svd()
    // Centring leaves the rounding of the rows as they were stored, mean included.
    let mean = centering == .mean ? scaled.meanRow.norm * Double(rows.rows).squareRoot() : 0
    let size = Vector([Double(svd.singularValues.first ?? 0), mean]).norm
    let threshold = rankTolerance(rows: rows.rows, columns: rows.columns, epsilon: Double(Element.ulpOfOne)) * size
    let rank = svd.singularValues.count { Double($0) > threshold }
    columns = Matrix(svd.vTransposed[rows: 0..<Swift.min(count, rank)].transposed)
  }

  /// The span of the first k displacements of a trajectory.
  ///
  /// The displacements θᵢ − θ₀ and the updates θᵢ − θᵢ₋₁ of a prefix span the same plane; either may be given.
  ///
  /// - Parameters:
  ///   - displacements: T×d, one snapshot a row.
  ///   - count: k, 1 … T.
  /// - Throws: `LinearAlgebraError.invalidArgument` for k outside; `.notFinite`; what the SVD throws.
  public init(
    trajectoryPrefix displacements: Matrix<Element>, count: Int
  ) throws(LinearAlgebraError) {
    guard count >= 1, count <= displacements.rows else {
      throw .invalidArgument("a prefix of \(count) of \(displacements.rows) snapshots")
    }
    try self.init(spanning: Matrix(displacements[rows: 0..<count].transposed))
  }
}

/// Whether the mean of the rows is subtracted before directions are sought.
///
/// ```swift
/// // Given: activations: Matrix<Double>
/// let principal = try Basis(leadingDirectionsOf: activations, count: 8, centering: .mean)
/// ```
public enum Centering: String, Sendable, Codable, CaseIterable {
  /// Rows as they are: the mean counts as a direction.
  case none
  /// Rows minus their mean.
  case mean
}

/// The span of columns in float64, whatever the element type, each column scaled to unit length first.
func float64Basis<Element>(
  spanning columns: Matrix<Element>, tolerance: Double?
) throws(LinearAlgebraError) -> Matrix<Double> {
  let threshold =
    tolerance
    ?? rankTolerance(rows: columns.rows, columns: columns.columns, epsilon: Double(Element.ulpOfOne))
  // With no column in doubt none has to be dropped, and no singular value is needed to tell; what is not finite has no
  // Cholesky factor.
  if let basis = columns.converted(to: Double.self).basisOfIndependentColumns(tolerance: threshold) { return basis }
  try columns.checkFinite()
  var unit = Matrix(columns.converted(to: Double.self).transposed)
  for j in 0..<unit.rows {
    // Bringing the largest entry to 1 first keeps the norm from overflowing, and its inverse too.
    let largest = Matrix(row: unit.row(j)).norm(.maximum)
    guard largest > 0 else { continue }
    unit.setRow(j, to: unit.row(j).scaled(byPowerOfTwo: -Int(largest.exponent)))
    unit.setRow(j, to: unit.row(j).scaled(by: 1 / unit.row(j).norm))
  }
  let factors = try Matrix(unit.transposed).svd()
  let rank = factors.singularValues.prefix { $0 > threshold }.count
  return factors.u[columns: 0..<rank].compacted()
}
