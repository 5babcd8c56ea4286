extension Matrix {
  /// The measures of the singular values of A, uncentred.
  ///
  /// - Parameters:
  ///   - epsilon: ε of the type that the entries were stored in, where that was narrower than `Element`.
  ///   - progress: as for `singularValues(method:progress:)`.
  /// - Throws: as `singularValues(method:progress:)`.
  /// - Complexity: that of `singularValues(method:progress:)`.
  public func spectrum(
    storedEpsilon epsilon: Double? = nil, progress: ProgressHandler? = nil
  ) throws(LinearAlgebraError) -> Spectrum {
    Spectrum(try singularValues(progress: progress), rows: rows, columns: columns, epsilon: epsilon)
  }

  /// The measures of the singular values of the rows minus their mean.
  ///
  /// What is left of the rows was rounded together with their mean, so the numerical rank counts what is more than the
  /// rounding of ‖A‖_F before centring.
  ///
  /// - Parameters:
  ///   - epsilon: ε of the type that the entries were stored in, where that was narrower than `Element`.
  ///   - progress: as for `singularValues(method:progress:)`.
  /// - Throws: as `singularValues(method:progress:)`.
  /// - Complexity: that of `singularValues(method:progress:)`; a copy of A.
  public func centeredSpectrum(
    storedEpsilon epsilon: Double? = nil, progress: ProgressHandler? = nil
  ) throws(LinearAlgebraError) -> Spectrum {
    guard rows > 0 else { return try spectrum(storedEpsilon: epsilon, progress: progress) }
    let centered = centeredRows()
    let rest = centered.norm(.frobenius)
    let growth = rest > 0 ? Swift.max(1, norm(.frobenius) / rest) : 1
    let stored = Swift.max(epsilon ?? 0, Double(Element.ulpOfOne))
    return try centered.spectrum(storedEpsilon: stored * growth, progress: progress)
  }
}
