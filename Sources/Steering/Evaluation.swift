import Tensor
public import Nulls

/// How well a direction separates two classes of rows, by the scores x·v, beside what chance gives.
///
/// ```swift
/// let found = try await axis.evaluate(on: heldOut, exchanging: .pairs)
/// print(found.accuracy ?? 0, found.permutation?.p ?? 1)
/// ```
public struct Evaluation: Sendable, Equatable, Codable {
  /// Mean over the two classes of the share on the right side of the midpoint; a score on it counts as negative.
  /// Chance is ½ on held-out rows, and far above it on the rows the direction was made from. `nil` where all scores are
  /// equal, and for one row a side.
  public let accuracy: Double?
  /// P(positive score > negative score), ties counted half. Chance is ½ on held-out rows. `nil` as ``accuracy``.
  public let auroc: Double?
  /// Mean positive score − mean negative score along the unit direction, in units of the rows; `nil` for a zero
  /// direction.
  public let rawGap: Double?
  /// Gap over the pooled standard deviation (n − 1 weights); `nil` where the scores of a class do not vary.
  public let pooledD: Double?
  /// Mean over the standard deviation of the pair differences; `nil` for unequal counts or no variation.
  public let pairedD: Double?
  /// Share of pairs whose positive row scores higher; `nil` for unequal counts, and as ``accuracy``.
  public let pairedAccuracy: Double?
  /// The gap under exchanged labels. `nil` for the reason in ``missingPermutation``.
  public let permutation: PermutationTest?
  /// Why there is no ``permutation``.
  public let missingPermutation: MissingPermutation?
}

/// Why an evaluation has no p-value. With the direction held fixed, a test on the rows it was made from is always
/// significant.
///
/// ```swift
/// if try await axis.evaluate(on: contrast).missingPermutation == .ownRows { print("evaluate on held-out rows") }
/// ```
public enum MissingPermutation: String, Sendable, Codable {
  /// Some of the rows are among those that the direction was made from.
  case ownRows = "these rows made the direction"
  /// The direction comes without fingerprints, so its rows are not known.
  case unknownRows = "the direction comes without fingerprints of its rows, so these may be the same"
  /// All scores are equal, or there is one row a side.
  case nothingToExchange = "all scores are equal, or there is one row a side"
}

/// What is known of the rows that a direction is evaluated on.
///
/// ```swift
/// let found = try await axis.evaluate(on: heldOut, rows: .heldOut)
/// ```
public enum EvaluatedRows: Sendable, Equatable, CaseIterable {
  /// Fingerprints tell whether the direction was made from them; without fingerprints there is no p-value.
  case recognized
  /// They are asserted not to be those that the direction was made from.
  case heldOut
}

extension Evaluation: CustomStringConvertible {
  /// ```
  /// accuracy 0.993 and AUROC 1 (chance 0.5 on held-out rows)
  /// gap 4.2, pooled d 3.1, paired d 3.4, pairs in order 0.99
  /// gap under exchanged labels 0.01 ± 0.4, p 0.001 from 999 exchanges
  /// ```
  public var description: String {
    func shown(_ value: Double?) -> String { value?.formatted(digits: 3) ?? "undefined" }
    let null =
      permutation.map {
        "gap under exchanged labels \($0.chance.formatted(digits: 2)) ± \($0.chanceDeviation.formatted(digits: 2)), p "
          + "\($0.p.formatted(digits: 2)) from \($0.count) exchanges"
      } ?? "no p-value: \(missingPermutation?.rawValue ?? "undefined")"
    return """
      accuracy \(shown(accuracy)) and AUROC \(shown(auroc)) (chance 0.5 on held-out rows)
      gap \(shown(rawGap)), pooled d \(shown(pooledD)), paired d \(shown(pairedD)), pairs in order \
      \(shown(pairedAccuracy))
      \(null)
      """
  }
}
