import Foundation
public import Nulls
public import Tensor

/// The principal angles of two planes, and what follows from them.
///
/// ```swift
/// // Given: before: Basis<Double>, after: Basis<Double>
/// let found = try before.principalAngles(to: after)
/// print(found.angles, found.geodesicDistance, found.overlap)
/// ```
public struct PrincipalAngles: Sendable, Equatable, Codable {
  /// min(k_a, k_b) angles in radians, ascending, in 0 … π/2.
  public let angles: [Double]
  /// The dimensions of the two planes.
  public let ranks: [Int]
  /// d, the dimension of the space.
  public let dimension: Int

  /// Mean squared cosine Σcos²θ / min(k_a, k_b), with its mean and standard deviation for random planes.
  ///
  /// The mean is max(k_a, k_b)/d; the deviation of Σcos²θ is √(2k_ak_b(d−k_a)(d−k_b)/(d²(d−1)(d+2))).
  /// Undefined where a plane has dimension 0.
  public var overlap: Score {
    let (a, b, d) = (Double(ranks[0]), Double(ranks[1]), Double(dimension))
    let chance = dimension == 0 ? 0 : max(a, b) / d
    guard !angles.isEmpty else { return Score(nil, chance: chance) }
    let sum = angles.reduce(0) { $0 + cos($1) * cos($1) }
    let variance = 2 * a * b * (d - a) * (d - b) / (d * d * (d - 1) * (d + 2))
    return Score(
      sum / Double(angles.count), chance: chance,
      chanceDeviation: dimension > 1 ? variance.squareRoot() / Double(angles.count) : nil)
  }

  /// ‖θ‖₂, the length of the shortest path between planes of equal dimension.
  public var geodesicDistance: Double { Vector(angles).norm }

  /// ‖sin θ‖₂.
  public var chordalDistance: Double { Vector(angles.map { sin($0) }).norm }
}

extension Basis {
  /// The principal angles to another plane, exact also where they are tiny.
  ///
  /// θᵢ = arccos σᵢ(Q_aᵀQ_b) where cos² < ½, else arcsin of the singular values of (I − Q_aQ_aᵀ)Q_b: the arc cosine
  /// cannot tell an angle below 1e-8 from zero. Computed in float64 also for float32 bases, whose rounding still limits
  /// angles to about 1e-7: make bases of `Double` columns where that matters. Unequal dimensions give min(k_a, k_b)
  /// angles and a measure of containment, not a metric.
  ///
  /// - Throws: `LinearAlgebraError.shapeMismatch` where the spaces differ; what the SVD throws.
  /// - Complexity: about 6dk_ak_b flops; float64 copies of both bases.
  /// - SeeAlso: Björck and Golub, Mathematics of Computation 27 (1973).
  public func principalAngles(to other: Basis) throws(LinearAlgebraError) -> PrincipalAngles {
    try anglesBetween(
      try float64Basis(spanning: columns, tolerance: 0), try float64Basis(spanning: other.columns, tolerance: 0))
  }

  /// The mean squared cosine with another plane, beside chance.
  ///
  /// - Throws: as ``principalAngles(to:)``.
  public func overlap(with other: Basis) throws(LinearAlgebraError) -> Score {
    try principalAngles(to: other).overlap
  }
}

extension PrincipalAngles {
  /// The principal angles of the column spans of two matrices, without a rounding between.
  ///
  /// In float64 throughout. Where all columns are clearly independent and no angle is below 45°, as between unrelated
  /// planes, the cosines come from inner products of the columns alone; else as `Basis(spanning:)` of both and
  /// ``Basis/principalAngles(to:)``.
  ///
  /// - Parameters:
  ///   - a: d×n, any n; dependent columns are allowed.
  ///   - b: d×k likewise.
  /// - Throws: as ``Basis/init(spanning:tolerance:)`` and ``Basis/principalAngles(to:)``.
  /// - Complexity: d(n + k)² flops in float64 for unrelated planes and no copy of them; with bases about
  ///   3d(n² + k²) + 6dnk more, and three copies.
  public init<Element>(spanning a: Matrix<Element>, and b: Matrix<Element>) throws(LinearAlgebraError) {
    try checkSameSpace(a, b)
    if let cosines = try a.cosinesOfSpans(with: b), (cosines.first ?? 1) < 0.5.squareRoot() {
      self.init(angles: cosines.map(acos), ranks: [a.columns, b.columns], dimension: a.rows)
    } else {
      self = try anglesBetween(
        try float64Basis(spanning: a, tolerance: nil), try float64Basis(spanning: b, tolerance: nil))
    }
  }
}

private func checkSameSpace<Element>(_ a: Matrix<Element>, _ b: Matrix<Element>) throws(LinearAlgebraError) {
  guard a.rows == b.rows else {
    throw .shapeMismatch("planes in \(a.rows) and in \(b.rows) dimensions have no angles")
  }
}

private func anglesBetween(
  _ a: Matrix<Double>, _ b: Matrix<Double>
) throws(LinearAlgebraError) -> PrincipalAngles {
  try checkSameSpace(a, b)
  let (larger, smaller) = a.columns >= b.columns ? (a, b) : (b, a)
  let products = larger.transposed * smaller
  let cosines = try products.svd()
  var angles = cosines.singularValues.map { acos(min($0, 1)) }
  // Where the arc cosine is flat, the lengths of what is left outside of the other plane tell the angles. Only the
  // directions that are close to it are needed, which for two unrelated planes are none.
  let close = cosines.singularValues.prefix { $0 * $0 >= 0.5 }.count
  if close > 0 {
    let directions = cosines.vTransposed[rows: 0..<close].transposed
    var residue = smaller * directions
    residue.addProduct(larger, products * directions, alpha: -1)
    let sines = try residue.singularValues()
    // Cosines descend while angles ascend; sines must be read from the small end.
    for i in 0..<close { angles[i] = asin(min(sines[close - 1 - i], 1)) }
  }
  return PrincipalAngles(angles: angles, ranks: [a.columns, b.columns], dimension: a.rows)
}
