/// A = U Σ Vᵀ. Made by `Matrix.svd(vectors:method:progress:)`.
///
/// ```swift
/// let svd = try a.svd()
/// print(svd.singularValues.first ?? 0, svd.method, svd.residual(of: a))
/// let approximation = svd.truncated(to: 8).reconstructed()
/// ```
public struct SVD<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// The left singular vectors in columns: m×p, p = min(m, n), or m×m for `.full`.
  public let u: Matrix<Element>
  /// The p singular values, descending, none negative; fewer after ``truncated(to:)``.
  public let singularValues: Vector<Element>
  /// The right singular vectors in rows: p×n, or n×n for `.full`. This is Vᵀ, not V.
  public let vTransposed: Matrix<Element>
  /// The method that produced the result: the one asked for, or the one that converged.
  public let method: UsedSVDMethod
  /// The values that ``truncated(to:)`` left out, descending; `nil` where it was not called.
  package let omittedValues: Vector<Element>?

  package init(
    u: Matrix<Element>, singularValues: Vector<Element>, vTransposed: Matrix<Element>, method: UsedSVDMethod,
    omittedValues: Vector<Element>? = nil
  ) {
    (self.u, self.singularValues, self.vTransposed, self.method) = (u, singularValues, vTransposed, method)
    self.omittedValues = omittedValues
  }

  /// The right singular vectors in columns, V: n×p, or n×n for `.full`; a flag on the storage of ``vTransposed``.
  public var v: Transposed<Element> { vTransposed.transposed }

  /// Measures of the singular values of A: ranks, energies, condition. Those that ``truncated(to:)`` left out count
  /// too.
  public var spectrum: Spectrum {
    let values = omittedValues.map { Vector(Array(singularValues) + Array($0)) } ?? singularValues
    return Spectrum(values, rows: u.rows, columns: vTransposed.columns)
  }

  /// The number of triplets with both vectors.
  var pairs: Int { min(singularValues.count, u.columns, vTransposed.rows) }

  /// The k leading triplets, which give the best approximation of A of rank k (Eckart and Young).
  ///
  /// ``spectrum`` goes on to measure all of A.
  ///
  /// - Parameter k: 0 … the number of triplets with both vectors. Traps outside.
  /// - Complexity: a copy of mk entries; the right vectors are a view.
  public func truncated(to k: Int) -> SVD {
    require(k >= 0 && k <= pairs, "\(k) leading triplets of a decomposition with \(pairs)")
    let omitted = Array(singularValues.dropFirst(k)) + Array(omittedValues ?? [])
    return SVD(
      u: u[columns: 0..<k].compacted(), singularValues: Vector(singularValues.prefix(k)),
      vTransposed: vTransposed[rows: 0..<k], method: method, omittedValues: Vector(omitted))
  }

  /// U Σ Vᵀ, m×n: A itself, but for rounding, where all triplets are there.
  ///
  /// - Complexity: 2mnp flops for p triplets.
  public func reconstructed() -> Matrix<Element> {
    tripletProduct(u[columns: 0..<pairs], Vector(singularValues.prefix(pairs)), vTransposed[rows: 0..<pairs])
  }

  /// How exactly the factors reproduce `matrix`: maxᵢ max(‖Avᵢ − σᵢuᵢ‖, ‖Aᵀuᵢ − σᵢvᵢ‖) / σ₁.
  ///
  /// Both sides count: a projection makes one of them zero whatever it projects on. 0 for a zero matrix.
  /// Only triplets with both vectors count.
  /// - Parameter matrix: the factored A. Traps on another shape.
  /// - Complexity: 8mnp flops; two products of the size of U and V.
  public func residual(of matrix: Matrix<Element>) -> Double {
    twoSidedResidual(matrix, u[columns: 0..<pairs], Vector(singularValues.prefix(pairs)), vTransposed[rows: 0..<pairs])
  }
}
