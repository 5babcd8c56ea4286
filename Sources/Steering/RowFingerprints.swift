public import Tensor

/// Hashes of the rows that a direction was made from, so that these rows are known again, also after they were
/// stored in a type of fewer bits.
///
/// ```swift
/// if axis.rowFingerprints.contains(anyOf: heldOut.positive) { print("these rows made the direction") }
/// ```
public struct RowFingerprints: Sendable, Equatable, Codable {
  /// Of the values of each row as they are.
  public let exact: Set<UInt64>
  /// Of the values rounded to float32, float16 and bfloat16, where that changes them.
  public let rounded: Set<UInt64>

  /// No rows: nothing is known of what the direction was made from.
  public static let none = RowFingerprints(exact: [], rounded: [])

  /// Fingerprints from elsewhere, such as a file.
  public init(exact: Set<UInt64>, rounded: Set<UInt64>) {
    self.exact = exact
    self.rounded = rounded
  }

  /// The fingerprints of all rows of two classes.
  init<Element>(of contrast: Contrast<Element>) {
    var (exact, rounded) = (Set<UInt64>(), Set<UInt64>())
    for rows in [contrast.positive, contrast.negative] {
      for row in rowForms(rows) {
        exact.insert(row.exact)
        for form in row.all where form.hash != row.exact { rounded.insert(form.hash) }
      }
    }
    self.init(exact: exact, rounded: rounded)
  }

  /// Whether there are none.
  public var isEmpty: Bool { exact.isEmpty && rounded.isEmpty }

  /// Whether some of these rows are among those that the fingerprints are of.
  ///
  /// One row that is the same is enough. One that is the same after rounding is enough where its entries that are not
  /// zero carry 64 bits or more, as eight bfloat16 numbers do: shorter ones agree by chance. Of those, half of all rows
  /// must agree, nine in ten of them different from each other.
  ///
  /// - Parameter rows: n×d, of any type.
  /// - Complexity: one pass over the entries, which are rounded five times each.
  public func contains<Element>(anyOf rows: Matrix<Element>) -> Bool {
    guard !isEmpty else { return false }
    var coarse: [UInt64] = []
    for row in rowForms(rows) {
      if exact.contains(row.exact) { return true }
      let agreeing = row.all.filter { exact.contains($0.hash) || rounded.contains($0.hash) }
      if agreeing.contains(where: { $0.bits >= 64 }) { return true }
      if let first = agreeing.first { coarse.append(first.hash) }
    }
    return !coarse.isEmpty && 2 * coarse.count >= rows.rows && 10 * Set(coarse).count >= 9 * coarse.count
  }
}

extension RowFingerprints: CustomStringConvertible {
  /// `fingerprints of 336 rows and 1008 rounded forms of them`.
  public var description: String {
    isEmpty ? "no fingerprints" : "fingerprints of \(exact.count) rows and \(rounded.count) rounded forms of them"
  }
}
