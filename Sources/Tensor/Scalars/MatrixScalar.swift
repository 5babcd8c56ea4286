/// The element of a ``Matrix`` or ``Vector``: `Float` or `Double`.
///
/// The requirement is an implementation detail: do not call it and do not conform further types.
///
/// ```swift
/// func energy<Scalar: MatrixScalar>(_ a: Matrix<Scalar>) -> Double { a.norm(.frobenius) * a.norm(.frobenius) }
/// print(energy(w))
/// ```
public protocol MatrixScalar: BinaryFloatingPoint, LosslessStringConvertible, Codable, Sendable
where Magnitude == Self {
  /// The BLAS, LAPACK and loop kernels for this type.
  static var _kernels: _Kernels<Self> { get }
}

extension Double: MatrixScalar {
  /// The kernels for `Double`.
  public static var _kernels: _Kernels<Double> { doubleKernels }
}

extension Float: MatrixScalar {
  /// The kernels for `Float`.
  public static var _kernels: _Kernels<Float> { floatKernels }
}
