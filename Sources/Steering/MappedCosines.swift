import Subspace
import Tensor

/// The cosines of mapped directions with a native one, none of which depends on a length.
struct MappedCosines {
  private let weights: Matrix<Double>
  private let native: Vector<Double>

  init<Element>(_ map: RidgeMap<Element>, with target: Direction<Element>) {
    // In a unit in which no product overflows or vanishes.
    weights = map.weights.converted(to: Double.self).scaled(byPowerOfTwo: map.weights.exponentOfUnit)
    native = target.vector.converted(to: Double.self)
  }

  /// Of every row; `nil` where one of the two is zero.
  func cosines(_ directions: Matrix<Double>) -> [Double?] {
    (directions * weights).rowVectors.map { $0.cosine(with: native) }
  }

  /// Of every row; a control that vanishes through the map points nowhere, which is cosine 0.
  func callAsFunction(_ directions: Matrix<Double>) -> [Double] { cosines(directions).map { $0 ?? 0 } }
}
