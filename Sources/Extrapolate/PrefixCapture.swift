import Tensor
import Nulls

/// How much of a displacement the plane of a trajectory's first snapshots captures, beside what walks give.
///
/// ```swift
/// let capture = try run.grams().prefix(10).capture(of: .full)
/// print(capture.energy ?? 0, capture.matchedWalk, capture.p ?? 1)
/// ```
public struct PrefixCapture: Sendable, Equatable, Codable {
  /// ‖Qᵀd‖²/‖d‖² for Q the span of the first k displacements; `nil` for a displacement of length zero.
  public let energy: Double?
  /// What a walk with increments of these lengths captures on average: Σ_{i≤k}‖uᵢ‖²/Σ‖uᵢ‖², 0 for the future.
  public let matchedWalk: Double
  /// The mean under random signs of the increments, which a walk with symmetric steps has too.
  public let signFlipMean: Double
  /// The 95 % quantile under random signs.
  public let signFlip95: Double
  /// (1 + #{flipped ≥ observed})/(1 + R).
  public let p: Double?

  /// Whether it is above what a walk with these steps reaches in 95 of 100 cases.
  public var exceedsWalk: Bool { energy.map { $0 > signFlip95 } ?? false }
}

extension PrefixCapture: CustomStringConvertible {
  /// `0.51 (walk with these steps 0.54: no more than a walk)`.
  public var description: String {
    let shown = energy?.formatted(digits: 3) ?? "undefined"
    let walk = matchedWalk.formatted(digits: 3)
    return "\(shown) (walk with these steps \(walk): \(exceedsWalk ? "more" : "no more") than a walk)"
  }
}

/// Which displacement a prefix is to capture.
///
/// ```swift
/// let prefix = try run.grams().prefix(10)
/// for target in CaptureTarget.allCases { print(target, try prefix.capture(of: target)) }
/// ```
public enum CaptureTarget: String, Sendable, Codable, CaseIterable {
  /// δ_T, from the base to the last snapshot: it contains the prefix, so part of it is captured by construction.
  case full
  /// δ_T − δ_k, from the end of the prefix on.
  case future
}
