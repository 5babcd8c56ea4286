/// An orthonormal basis of the column span of a matrix. Made by ``Matrix/orthonormalized(tolerance:)``.
///
/// ```swift
/// let span = try a.orthonormalized()
/// print(span.rank, span.basis.shape)
/// ```
public struct Orthonormalization<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// m×r with orthonormal columns, ordered by descending singular value.
  public let basis: Matrix<Element>
  /// r, the numerical rank: the number of singular values above `tolerance`·σ₁.
  public var rank: Int { basis.columns }
  /// The relative threshold that was used.
  public let tolerance: Double
}

extension Matrix {
  /// An orthonormal basis of the span of the columns, with the numerical rank.
  ///
  /// The left singular vectors with σᵢ > tolerance·σ₁, in float64 arithmetic. A zero matrix has rank 0.
  ///
  /// - Parameter tolerance: relative to σ₁; by default ε·√min(m, n), ε of the element type: what
  ///   rounding the entries can move.
  /// - Throws: as `svd(vectors:method:progress:)`; ``LinearAlgebraError/invalidArgument(_:)`` for a negative tolerance.
  /// - Complexity: that of the thin SVD in float64.
  public func orthonormalized(tolerance: Double? = nil) throws(LinearAlgebraError) -> Orthonormalization<Element> {
    let threshold = tolerance ?? rankTolerance(rows: rows, columns: columns, epsilon: Double(Element.ulpOfOne))
    guard threshold >= 0 else {
      throw .invalidArgument("the tolerance \(threshold) is not a number from 0 on")
    }
    let factors = try converted(to: Double.self).svd()
    let largest = factors.singularValues.first ?? 0
    let rank = factors.singularValues.prefix { $0 > 0 && $0 > threshold * largest }.count
    return Orthonormalization(basis: factors.u[columns: 0..<rank].compacted().converted(), tolerance: threshold)
  }
}
