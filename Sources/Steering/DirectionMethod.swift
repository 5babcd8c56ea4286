public import Nulls

/// How a direction is found.
///
/// ```swift
/// let axis = try Direction(.contrastiveActivationAddition, of: contrast)
/// ```
public enum DirectionMethod: String, Sendable, Codable, CaseIterable {
  /// v = mean of the positive rows − mean of the negative rows. Labels are exchanged freely in its null.
  case differenceInMeans = "difference-in-means"
  /// Contrastive activation addition: v = mean over pairs of (positive row i − negative row i).
  ///
  /// The vector equals the difference in means; what the pairs change is the null, which exchanges labels within a pair
  /// only. Needs as many positive as negative rows.
  /// - SeeAlso: Rimsky et al., arXiv 2312.06681.
  case contrastiveActivationAddition = "caa"

  /// Which labels may be exchanged in the null of a direction that this method finds: within pairs where it needs
  /// pairs, else among all rows.
  public var exchangeability: Exchangeability {
    switch self {
    case .differenceInMeans: .rows
    case .contrastiveActivationAddition: .pairs
    }
  }
}

/// The numbers of rows that a direction was made from.
///
/// ```swift
/// print(axis.samples?.positive ?? 0)
/// ```
public struct SampleCounts: Sendable, Equatable, Codable {
  /// n₊.
  public let positive: Int
  /// n₋.
  public let negative: Int
}

extension SampleCounts: CustomStringConvertible {
  /// `168 positive, 160 negative`, as it stands in files.
  public var description: String { "\(positive) positive, \(negative) negative" }

  /// Counts in the words of ``description``; `nil` for other words.
  init?(_ description: String) {
    let words = description.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 4, words[1] == "positive,", words[3] == "negative", let positive = Int(words[0]),
      let negative = Int(words[2]), positive >= 0, negative >= 0
    else { return nil }
    self.init(positive: positive, negative: negative)
  }
}

/// What the norm test says of a direction.
///
/// ```swift
/// let judged = axis.judged(by: try await contrast.normTest(exchanging: .rows))
/// print(judged.verdict == .noDirection)
/// ```
public enum DirectionVerdict: String, Sendable, Codable, CaseIterable {
  /// The class means are further apart than exchanged labels put them: p ≤ 0.05.
  case direction
  /// They are no further apart than chance allows.
  case noDirection = "no direction"
}
