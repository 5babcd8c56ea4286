import Nulls
import Tensor

extension Basis: CustomStringConvertible {
  /// `plane of 3 dimensions in 30`.
  public var description: String { "plane of \(rank) dimension\(rank == 1 ? "" : "s") in \(dimension)" }
}

extension PrincipalAngles: CustomStringConvertible {
  /// The angles in degrees, of more than eight the first and the last, and the overlap beside chance:
  ///
  ///     3 principal angles in 30 dimensions: 63.7°, 71.2°, 88°
  ///     overlap 0.0993 (isotropic chance 0.1 ± 0.074; activations and gradients need the matched null)
  public var description: String {
    let shown = NumberText.positions(angles.count, limit: 8).map { position in
      position.map { "\((angles[$0] * 180 / .pi).formatted(digits: 3))°" } ?? "…"
    }
    let count = "\(angles.count) principal angle\(angles.count == 1 ? "" : "s") in \(dimension) dimensions"
    let list = shown.isEmpty ? "" : ": " + shown.joined(separator: ", ")
    return "\(count)\(list)\noverlap \(overlap)"
  }
}

extension Capture: CustomStringConvertible {
  /// The energy beside chance and the cosine:
  ///
  ///     energy 0.51 (isotropic chance 0.1 ± 0.074; activations and gradients need the matched null)
  ///     cosine 0.714
  public var description: String { "energy \(energy)\ncosine \(cosine?.formatted(digits: 3) ?? "undefined")" }
}
