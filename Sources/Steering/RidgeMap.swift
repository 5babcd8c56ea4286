import Nulls
public import Tensor

/// A linear map between two activation spaces, fitted by ridge regression with a free intercept.
///
/// Minimizes ‖Y − XW − 1bᵀ‖² + λ‖W‖²; the intercept b is not shrunk.
///
/// ```swift
/// let map = try await RidgeMap(from: a, to: b, regularization: .fixed(1))
/// let mapped = try map.map(axis)
/// print(mapped.norm, try map.r2(source: a, target: b) ?? 0)  // an R² of 0 is what the mean predicts
/// ```
public struct RidgeMap<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// W, d_s×d_t.
  public let weights: Matrix<Element>
  /// b, d_t entries.
  public let intercept: Vector<Element>
  /// λ, in units of X².
  public let lambda: Double
  /// The mean of the target rows that the map was fitted on, which R² is about; `nil` for a map that was read from a
  /// file, which does not hold it.
  public let trainingMean: Vector<Double>?

  /// A map whose parts fit together.
  init(weights: Matrix<Element>, intercept: Vector<Element>, lambda: Double, trainingMean: Vector<Double>?) {
    self.weights = weights
    self.intercept = intercept
    self.lambda = lambda
    self.trainingMean = trainingMean
  }

  /// The map in another precision, rounded to nearest. Entries beyond the range of the other type become infinite.
  public func converted<Other: MatrixScalar>(to type: Other.Type = Other.self) -> RidgeMap<Other> {
    RidgeMap<Other>(
      weights: weights.converted(), intercept: intercept.converted(), lambda: lambda, trainingMean: trainingMean)
  }
}

extension RidgeMap: CustomStringConvertible {
  /// `ridge map from 96 to 64 dimensions, λ 3; its R² is 0 where it does no better than the mean`.
  public var description: String {
    "ridge map from \(weights.rows) to \(weights.columns) dimensions, λ \(lambda.formatted(digits: 3)); "
      + "its R² is 0 where it does no better than the mean"
  }
}

/// How the strength λ of a ridge regression is chosen.
///
/// ```swift
/// let map = try await RidgeMap(from: a, to: b, regularization: .fixed(3))
/// ```
public enum Regularization: Sendable, Equatable, Codable {
  /// This λ ≥ 0. With 0 the solution of smallest norm is taken. One solve.
  case fixed(Double)

  /// λ.
  func strength() throws(SteeringError) -> Double {
    switch self {
    case .fixed(let value):
      guard value >= 0, value.isFinite else {
        throw .invalidArgument("lambda must be a number from 0 on, not \(value)")
      }
      return value
    }
  }
}
