import Tensor
import Nulls

/// Whether a direction that was mapped to another space finds the native one, beyond what chance would.
///
/// ```swift
/// // Given: native: Direction<Double>
/// let found = try await map.specificity(of: contrast, against: native, nativePrompts: .others, exchanging: .pairs)
/// print(found)
/// ```
public struct Specificity: Sendable, Equatable, Codable {
  /// cos(Wᵀv, u), mapped against native.
  public let cosine: Double
  /// The families of controls: what else, mapped the same way, would score.
  public let controls: [ControlFamily]
  /// Whether both families that hold their level were beaten at 0.05; `nil` where the native direction comes from the
  /// same prompts as the class rows.
  ///
  /// The controls keep the native direction fixed. A native direction from the same prompts has the sampling noise of
  /// the mapped direction, since the map carries that noise across: where the classes do not differ, the verdict would
  /// be "specific" in up to 1.00 of cases.
  ///
  /// Isotropic directions do not decide: the mean difference of two classes that do not differ beats them in a quarter
  /// of cases, because it lies in the subspace of high variance. Each deciding test has the level 0.05 and both are
  /// required, so they need no correction for two tests.
  public let verdict: Verdict?

  /// The answer in one word.
  ///
  /// ```swift
  /// // Given: found: Specificity
  /// if found.verdict == .specific { print("the direction carries over") }
  /// ```
  public enum Verdict: String, Sendable, Codable {
    /// Beats permuted labels and covariance-matched directions, both through the map.
    case specific
    /// No more than chance allows.
    case notSpecific = "not specific"
  }
}

/// The cosine with the native direction that chance gives, as one family of control directions.
///
/// ```swift
/// // Given: found: Specificity
/// for family in found.controls { print(family) }
/// ```
public struct ControlFamily: Sendable, Equatable, Codable {
  /// Which directions.
  public let name: Name
  /// The mean cosine of the controls.
  public let chance: Double
  /// The standard deviation of their cosines.
  public let chanceDeviation: Double
  /// One-sided p of the mapped direction among them.
  public let p: Double

  /// The families, by what is drawn.
  ///
  /// ```swift
  /// // Given: found: Specificity
  /// print(found.controls.first { $0.name == .permutedLabelsThroughMap }?.p ?? 1)
  /// ```
  public enum Name: String, Sendable, Codable {
    /// Random directions of the source space through the map. Context only: false positives 0.23 at 0.05.
    case isotropicThroughMap = "isotropic through the map"
    /// Directions with the covariance of the source rows, through the map. False positives 0.06.
    case covarianceThroughMap = "covariance through the map"
    /// Labels exchanged, the direction refitted and mapped. False positives 0.055.
    case permutedLabelsThroughMap = "permuted labels through the map"
  }
}

/// Which prompts a native direction was made from.
///
/// ```swift
/// // Given: native: Direction<Double>
/// let found = try await map.specificity(of: contrast, against: native, nativePrompts: .same, exchanging: .rows)
/// print(found.verdict == nil)  // true: both directions share their noise
/// ```
public enum NativePrompts: Sendable, Equatable, CaseIterable {
  /// Others than those of the class rows in the source space.
  case others
  /// The same, or it is not known.
  case same
}

extension ControlFamily: CustomStringConvertible {
  /// `permuted labels through the map: 0.02 ± 0.19, p 0.001`.
  public var description: String {
    "\(name.rawValue): \(chance.formatted(digits: 2)) ± \(chanceDeviation.formatted(digits: 2)), "
      + "p \(p.formatted(digits: 2))"
  }
}

extension Specificity: CustomStringConvertible {
  /// ```
  /// cosine of the mapped with the native direction 0.57
  /// isotropic through the map: 0.01 ± 0.12, p 0.001
  /// covariance through the map: 0.03 ± 0.3, p 0.04
  /// permuted labels through the map: 0.02 ± 0.31, p 0.06
  /// verdict: not specific
  /// ```
  public var description: String {
    let reason = "none, since the native direction comes from the prompts of the class rows"
    return
      (["cosine of the mapped with the native direction \(cosine.formatted(digits: 3))"]
      + controls.map { "\($0)" } + ["verdict: \(verdict?.rawValue ?? reason)"]).joined(separator: "\n")
  }
}
