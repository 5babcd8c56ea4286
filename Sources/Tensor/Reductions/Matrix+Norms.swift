/// A matrix norm.
///
/// ```swift
/// print(a.norm(.frobenius), a.norm(.maximum))
/// ```
public enum MatrixNorm: Sendable, CaseIterable {
  /// √Σaᵢⱼ². One pass.
  case frobenius
  /// The largest column sum of magnitudes. One pass.
  case one
  /// The largest row sum of magnitudes. One pass.
  case infinity
  /// The largest magnitude of an entry. One pass.
  case maximum
}

extension Matrix {
  /// The named norm, summed in float64; 0 for a matrix without entries, NaN where an entry is NaN.
  ///
  /// The Frobenius norm is scaled where squares would overflow or vanish. The spectral norm needs a
  /// factorization and may fail: ``spectralNorm()``.
  public func norm(_ kind: MatrixNorm) -> Double {
    guard !isEmpty else { return 0 }
    switch kind {
    case .frobenius:
      // The norm of the row norms: each is scaled on its own.
      return Vector(rowVectors.map(\.norm)).norm
    case .one:
      return columnSums(Element._kernels.table.accumulateAbsolute).reduce(0, largest)
    case .infinity:
      return rowVectors.map { row in row.withUnsafeBase { Element._kernels.table.absoluteSum($0, columns) } }
        .reduce(0, largest)
    case .maximum:
      return withUnsafeBase { base in
        inParts(rows, flops: 4 * Double(count)) { range in
          if isContiguous {
            return Double(
              Element._kernels.table.absoluteMaximum(base + range.lowerBound * columns, range.count * columns))
          }
          return range.reduce(0) {
            largest($0, Double(Element._kernels.table.absoluteMaximum(base + $1 * rowStride, columns)))
          }
        }
      }.reduce(0, largest)
    }
  }

  /// ‖A‖₂ = σ₁, the largest singular value; 0 for a matrix without entries.
  ///
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)`` and what `singularValues(method:progress:)` throws.
  /// - Complexity: that of all singular values.
  public func spectralNorm() throws(LinearAlgebraError) -> Double {
    try Double(singularValues().first ?? 0)
  }
}

/// The larger of two, NaN where one of them is.
private func largest(_ a: Double, _ b: Double) -> Double { a.isNaN || a >= b ? a : b }
