extension Matrix: Equatable {
  /// Whether shape and entries are the same; as for scalars, NaN equals nothing.
  public static func == (left: Matrix, right: Matrix) -> Bool {
    left.rows == right.rows && left.columns == right.columns
      && (0..<left.rows).allSatisfy { left.row($0) == right.row($0) }
  }

  /// Whether the shapes are equal and no entry differs by more than `tolerance` times the largest entry of both.
  ///
  /// max|aᵢⱼ − bᵢⱼ| ≤ tolerance · max(max|aᵢⱼ|, max|bᵢⱼ|). False where an entry is NaN; matrices with infinities are
  /// approximately equal only where they are equal.
  /// - Parameters:
  ///   - other: the matrix to compare with.
  ///   - tolerance: relative to the largest magnitude; by default √ε, half of the digits of the type.
  public func isApproximatelyEqual(
    to other: Matrix, tolerance: Element = Element.ulpOfOne.squareRoot()
  ) -> Bool {
    guard rows == other.rows, columns == other.columns else { return false }
    let scale = Double(tolerance) * Swift.max(norm(.maximum), other.norm(.maximum))
    guard scale.isFinite else { return self == other }
    return (self - other).norm(.maximum) <= scale
  }
}
