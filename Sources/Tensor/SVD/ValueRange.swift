/// The sizes of entries between which a computation neither overflows nor loses digits to denormal numbers.
struct ValueRange: Sendable {
  let smallest: Double
  let largest: Double

  /// Whether a largest entry of this size lies strictly between the two.
  func holds(_ size: Double) -> Bool { size > smallest && size < largest }
}

/// Matrices whose entries, or what comes of them, leave the range of their type.
extension Matrix {
  /// Products of a few matrices stay in the range where the largest entries have these sizes.
  static var ordinarySizes: ValueRange {
    Element.self == Double.self
      ? ValueRange(smallest: 1e-75, largest: 1e75) : ValueRange(smallest: 1e-10, largest: 1e10)
  }

  /// Squares, and sums of as many squares as a matrix has rows, stay in the range for entries of these sizes.
  static var sizesWithSquares: ValueRange {
    Element.self == Double.self
      ? ValueRange(smallest: 1e-140, largest: 1e140) : ValueRange(smallest: 1e-15, largest: 1e15)
  }

  /// The sizes of AΩ from which a truncated decomposition goes on without scaling A: a little narrower at the small end
  /// than ``ordinarySizes``, because a product with Ω is larger than the entries of A.
  static var sizesOfSketches: ValueRange {
    Element.self == Double.self
      ? ValueRange(smallest: 1e-73, largest: 1e75) : ValueRange(smallest: 1e-8, largest: 1e10)
  }

  /// A times a power of two such that products of a few like it stay in the range, and the factor that undoes it; A
  /// itself where its entries are of an ordinary size.
  ///
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)``, for which the same pass over the entries looks.
  func scaledIntoRange() throws(LinearAlgebraError) -> (matrix: Matrix, undo: Double) {
    let size = norm(.maximum)
    if !size.isFinite { try checkFinite() }
    let sizes = Self.ordinarySizes
    guard size > 0, size < sizes.smallest || size > sizes.largest else { return (self, 1) }
    // In two steps, because the factor for a denormal number is itself out of range.
    let (half, rest) = (-Int(size.exponent) / 2, -Int(size.exponent) - -Int(size.exponent) / 2)
    func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
    return (scaled(by: Element(power(half))).scaled(by: Element(power(rest))), power(-half) * power(-rest))
  }
}

extension Vector {
  /// These values with +0 for −0.
  ///
  /// - Throws: ``LinearAlgebraError/invalidArgument(_:)`` where one exceeds the range of the type, as those of a matrix
  ///   of finite entries may.
  func withinRange() throws(LinearAlgebraError) -> Vector {
    guard allSatisfy(\.isFinite) else { throw .beyondRange(of: Element.self) }
    guard contains(where: { $0.isZero && $0.sign == .minus }) else { return self }
    return Vector(map { $0.isZero ? 0 : $0 })
  }
}

extension LinearAlgebraError {
  static func beyondRange<Element: MatrixScalar>(of type: Element.Type) -> LinearAlgebraError {
    .invalidArgument("the values exceed the range of \(type): scale the matrix by 1e-10 or so first")
  }
}
