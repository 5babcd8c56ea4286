/// Operators that only say why they do not exist: Swift converts no number by itself, and without these declarations
/// the error message would be about operators of other types.
extension Matrix {
  /// Not available: a matrix and a scalar of another type.
  @available(*, unavailable, message: "the scalar needs the element type of the matrix: convert it, as in Double(k)")
  @_disfavoredOverload
  public static func * (matrix: Matrix, scalar: some Numeric) -> Matrix { fatalError() }

  /// Not available: a matrix and a scalar of another type.
  @available(*, unavailable, message: "the scalar needs the element type of the matrix: convert it, as in Double(k)")
  @_disfavoredOverload
  public static func * (scalar: some Numeric, matrix: Matrix) -> Matrix { fatalError() }

  /// Not available: a matrix and a scalar of another type.
  @available(*, unavailable, message: "the scalar needs the element type of the matrix: convert it, as in Double(k)")
  @_disfavoredOverload
  public static func / (matrix: Matrix, scalar: some Numeric) -> Matrix { fatalError() }

  /// Not available: a matrix and a scalar of another type.
  @available(*, unavailable, message: "the scalar needs the element type of the matrix: convert it, as in Double(k)")
  @_disfavoredOverload
  public static func + (matrix: Matrix, scalar: some Numeric) -> Matrix { fatalError() }

  /// Not available: a matrix and a scalar of another type.
  @available(*, unavailable, message: "the scalar needs the element type of the matrix: convert it, as in Double(k)")
  @_disfavoredOverload
  public static func - (matrix: Matrix, scalar: some Numeric) -> Matrix { fatalError() }
}

extension Vector {
  /// Not available: a vector and a scalar of another type.
  @available(*, unavailable, message: "the scalar needs the element type of the vector: convert it, as in Double(k)")
  @_disfavoredOverload
  public static func * (vector: Vector, scalar: some Numeric) -> Vector { fatalError() }

  /// Not available: a vector and a scalar of another type.
  @available(*, unavailable, message: "the scalar needs the element type of the vector: convert it, as in Double(k)")
  @_disfavoredOverload
  public static func * (scalar: some Numeric, vector: Vector) -> Vector { fatalError() }

  /// Not available: a vector and a scalar of another type.
  @available(*, unavailable, message: "the scalar needs the element type of the vector: convert it, as in Double(k)")
  @_disfavoredOverload
  public static func / (vector: Vector, scalar: some Numeric) -> Vector { fatalError() }
}
