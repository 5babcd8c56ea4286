/// Matrices whose entries, or what comes of them, leave the range of their type.
extension Matrix {
  /// Between these sizes of the largest entry products of a few matrices stay in the range.
  static var ordinarySizes: (smallest: Double, largest: Double) {
    Element.self == Double.self ? (1e-75, 1e75) : (1e-10, 1e10)
  }

  /// A times a power of two such that products of a few like it stay in the range, and the factor that undoes it; A itself
  /// where its entries are of an ordinary size.
  ///
  /// - Throws: ``LinearAlgebraError/notFinite(row:column:)``, for which the same pass over the entries looks.
  func scaledIntoRange() throws(LinearAlgebraError) -> (matrix: Matrix, undo: Double) {
    let size = norm(.maximum)
    if !size.isFinite { try checkFinite() }
    let (smallest, largest) = Self.ordinarySizes
    guard size > 0, size < smallest || size > largest else { return (self, 1) }
    // In two steps: of a denormal number the factor alone is out of range.
    let (half, rest) = (-Int(size.exponent) / 2, -Int(size.exponent) - -Int(size.exponent) / 2)
    func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
    return (scaled(by: Element(power(half))).scaled(by: Element(power(rest))), power(-half) * power(-rest))
  }
}

extension Vector {
  /// These values, which may be those of a matrix of finite entries and still exceed the range of the type, with +0 for −0.
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
