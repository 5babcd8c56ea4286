/// Which singular vectors to compute.
///
/// ```swift
/// let basis = try a.svd(vectors: .full).vTransposed  // n×n
/// ```
public enum SingularVectors: Sendable, Hashable {
  /// The first min(m, n) of each side: all that A = U Σ Vᵀ needs.
  case thin
  /// All m left vectors and all n right ones, a basis of each space: m² + n² entries.
  case full
  /// All min(m, n) left vectors and the first `right` right ones. For few long rows, such as the snapshots of a run,
  /// whose other directions are not worth storing.
  case allLeft(right: Int)
}
