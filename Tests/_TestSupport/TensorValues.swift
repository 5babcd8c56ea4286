public import Tensor
public import TensorIO

/// A tensor of any stored type, given by its values in float64.
public struct TensorValues: Sendable {
  /// Its name in the file.
  public let name: String
  /// The type that it is stored in.
  public let type: ElementType
  /// Its dimensions.
  public let shape: [Int]
  /// Its entries in row-major order.
  public let values: [Double]

  /// A tensor of a stated type.
  public init(_ name: String, _ type: ElementType, _ shape: [Int], _ values: [Double]) {
    (self.name, self.type, self.shape, self.values) = (name, type, shape, values)
  }

  /// A tensor that is stored as F32.
  public init(_ name: String, _ shape: [Int], _ values: [Double]) { self.init(name, .f32, shape, values) }

  /// A matrix, by default stored as F64.
  public init(_ name: String, _ matrix: Matrix<Double>, _ type: ElementType = .f64) {
    self.init(name, type, [matrix.rows, matrix.columns], Array(matrix.flattened))
  }
}
