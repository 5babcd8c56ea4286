import Foundation
import TensorIO

extension Trajectory.Snapshot: CustomStringConvertible {
  /// `step 10, w-10.safetensors`.
  public var description: String { "step \(step), \(name)" }
}

extension Trajectory.Origin: CustomStringConvertible {
  /// `checkpoint w-0.safetensors` or `zero`.
  public var description: String {
    switch self {
    case .checkpoint(let url): "checkpoint \(url.lastPathComponent)"
    case .zero: "zero"
    }
  }
}

extension Trajectory.LeftOut: CustomStringConvertible {
  /// The name and the reason.
  public var description: String { "\(name): \(reason)" }
}

extension Trajectory.TypeDifference: CustomStringConvertible {
  /// `norm is BF16 in w-2.safetensors and F32 in the base`.
  public var description: String {
    "\(tensor) is \(found.rawValue) in \(snapshot) and \(base.rawValue) in the base"
  }
}

extension TrajectoryGrams.TensorGram: CustomStringConvertible {
  /// `w [2, 3]: 3 snapshots, 10.0 to 30.0 steps from the base, 1.5 away from it at the end`.
  public var description: String { "\(name) \(shape): \(gram)" }
}
