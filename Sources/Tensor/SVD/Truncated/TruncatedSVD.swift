/// The k leading singular triplets of A, with a certificate. Made by `Matrix.svd(rank:tolerance:seed:progress:)`.
///
/// ```swift
/// let top = try a.svd(rank: 8)
/// print(top.singularValues, top.residual)
/// let adapter = LowRankProduct(top)  // U√Σ · √ΣVᵀ
/// ```
///
/// It has no `spectrum`: shares of energy, effective ranks and the condition number need every singular value, and what
/// is known of the missing ones is the sum of their squares, ‖A‖_F² − Σσᵢ², at best.
public struct TruncatedSVD<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// The left singular vectors in columns, m×k.
  public let u: Matrix<Element>
  /// The k largest singular values, descending.
  public let singularValues: Vector<Element>
  /// The right singular vectors in rows, k×n. This is Vᵀ, not V.
  public let vTransposed: Matrix<Element>
  /// The method that produced the result.
  public let method: UsedSVDMethod
  /// maxᵢ max(‖Avᵢ − σᵢuᵢ‖, ‖Aᵀuᵢ − σᵢvᵢ‖) / σ₁, measured on the result.
  public let residual: Double
  /// How often A was read for it, the measuring included.
  public let passes: Int

  package init(
    u: Matrix<Element>, singularValues: Vector<Element>, vTransposed: Matrix<Element>, method: UsedSVDMethod,
    residual: Double, passes: Int
  ) {
    (self.u, self.singularValues, self.vTransposed) = (u, singularValues, vTransposed)
    (self.method, self.residual, self.passes) = (method, residual, passes)
  }

  /// The right singular vectors in columns, V: n×k; a flag on the storage of ``vTransposed``.
  public var v: Transposed<Element> { vTransposed.transposed }

  /// U Σ Vᵀ, m×n: the approximation of A by its k leading triplets.
  ///
  /// - Complexity: 2mnk flops.
  public func reconstructed() -> Matrix<Element> { tripletProduct(u, singularValues, vTransposed) }
}
