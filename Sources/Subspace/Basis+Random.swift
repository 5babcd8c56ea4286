public import Tensor

extension Basis {
  /// A plane of which every direction is equally likely: the span of independent normal columns.
  ///
  /// ```swift
  /// let plane = try Basis<Double>.random(dimension: 768, count: 8, seed: 1)
  /// ```
  ///
  /// - Parameters:
  ///   - dimension: d, the dimension of the space.
  ///   - count: k, the dimension of the plane, 0 … d.
  ///   - generator: the source of the numbers.
  /// - Throws: `LinearAlgebraError.invalidArgument` for k outside.
  /// - Complexity: dk random numbers, 4dk² flops.
  public static func random(
    dimension: Int, count: Int, using generator: inout some RandomNumberGenerator
  ) throws(LinearAlgebraError) -> Basis {
    guard dimension >= 0, count >= 0, count <= dimension else {
      throw .invalidArgument("a plane of dimension \(count) in \(dimension) dimensions; 0 to \(dimension) exist")
    }
    let columns = Matrix<Double>.normal(rows: dimension, columns: count, using: &generator)
    return Basis(orthonormal: try float64Basis(spanning: columns, tolerance: 0).converted())
  }

  /// A plane of which every direction is equally likely, from a seed: the same seed gives the same plane.
  ///
  /// - Throws: as ``random(dimension:count:using:)``.
  public static func random(
    dimension: Int, count: Int, seed: UInt64 = SeededGenerator.defaultSeed
  ) throws(LinearAlgebraError) -> Basis {
    var generator = SeededGenerator(seed: seed)
    return try random(dimension: dimension, count: count, using: &generator)
  }
}
