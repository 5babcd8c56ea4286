/// Whether a trajectory is more than a random walk, and if so whether it is straight.
///
/// Under "increments are independent and each is symmetric about 0", flipping their signs leaves the law of every
/// statistic unchanged; so the null of a trajectory comes from its own increments, whatever their lengths, at the cost
/// of T×T algebra. In millions of dimensions every small departure is significant, so a verdict needs an effect size
/// and a p-value.
///
/// An optimizer with momentum correlates neighbouring increments, which raises S without any drift. Where its
/// ``momentum`` is given, the drift share and the p-values are corrected for it; where it is not, momentum is not
/// excluded.
///
/// ```swift
/// let test = try run.grams().total.walkTest(momentum: 0.9)
/// print(test.verdict, test.driftShare ?? 0, test.p ?? 1)
/// ```
public struct WalkTest: Sendable, Equatable, Codable {
  /// f_L, the share of the final displacement's energy that a constant velocity explains: 0 for a walk, 1 for a line.
  ///
  /// s_T²·S/(Σ M_ij Δᵢ Δⱼ)/‖δ_T‖² with S = Σ M_ij U_ij over pairs of increments more than L apart, and less what
  /// ``momentum`` alone gives: S − Σ M_ij ρ_|i−j| √(U_ii U_jj). `nil` where there are no such pairs or the last
  /// displacement is zero.
  public let driftShare: Double?
  /// The cosine of the summed increments of the two halves with the noise removed: 1 for a straight path on any steps.
  ///
  /// c = ⟨a, b⟩/√(A·B) with a and b the sums over the first and the last ⌊T/2⌋ increments,
  /// A = (‖a‖² − ΣU_ii)·(ΣΔ)²/((ΣΔ)² − ΣΔ²) over the increments of that half, and B likewise. Not clipped; `nil` below
  /// four snapshots or where A or B is not positive.
  public let turning: Double?
  /// One-sided p of S among sign flips: small for drift.
  public let p: Double?
  /// One-sided p of S from below: small for a path that returns to where it was.
  public let pLow: Double?
  /// p of the order of the increments: small where neighbouring increments are more alike than distant ones.
  public let pTurn: Double?
  /// L: pairs of increments that are at most L apart are left out of S.
  public let memory: Int
  /// β, the momentum of the optimizer that the figures are corrected for; `nil` where it was not given.
  public let momentum: Double?
  /// The number of snapshots, at these distances, from which on there is a verdict.
  public let snapshotsNeeded: Int
  /// The answer in a word.
  public let verdict: Verdict

  /// The magnitude of the drift share below which a significant path still counts as a walk.
  public static let smallestEffect = 0.05

  /// The answers, by what was found.
  ///
  /// ```swift
  /// if try run.grams().fit().verdict == .walk { print("keep the last snapshot") }
  /// ```
  public enum Verdict: String, Sendable, Codable, CaseIterable {
    /// No entry changed.
    case still
    /// Too few snapshots: fewer than seven, where the smallest p is too large, or with momentum fewer than 2L + 6.
    case undecided
    /// Neighbouring increments cancel: the weights are rounded or scattered about one point.
    case noise
    /// The path returns: mean-reverting.
    case bounded
    /// No more than chance, or a drift share below ``WalkTest/smallestEffect``.
    case walk
    /// Drift, but less than half of the displacement.
    case weakDrift = "weak drift"
    /// Drift that turns.
    case curve
    /// Drift in one direction.
    case line
  }
}
