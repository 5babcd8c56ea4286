public import Tensor

/// Hashes of the rows that a direction was made from, so that these rows are known again, also after they were stored in
/// a narrower type.
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
    let rows = rowForms(contrast.positive) + rowForms(contrast.negative)
    exact = Set(rows.map(\.exact))
    rounded = Set(rows.flatMap { $0.rounded.map(\.hash) })
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

/// A row in the types it may be stored in.
private struct RowForms {
  /// A hash of the values in one type, and how many bits they carry.
  struct Form {
    let hash: UInt64
    let bits: Int
  }

  /// The hash of the values as they are.
  let exact: UInt64
  /// The values as they are, and rounded.
  let all: [Form]
  /// The rounded values that differ from the row.
  var rounded: [Form] { all.filter { $0.hash != exact } }

  init(_ entries: UnsafeBufferPointer<Double>) {
    var hashes = Hashes()
    var largest = 0.0
    var counted = 0
    for value in entries {
      hashes.add(value)
      largest = max(largest, value.magnitude)
      counted += value == 0 ? 0 : 1
    }
    exact = hashes.exact
    var forms: [Form] = []
    // Outside of the range of a type the rows of a copy would be zeros or infinities, all alike.
    if largest >= Double(Float.leastNormalMagnitude), largest <= Double(Float.greatestFiniteMagnitude) {
      forms += hashes.brain.map { Form(hash: $0, bits: 8 * counted) }
    }
    if largest >= 0x1p-14, largest <= 65504 { forms += hashes.half.map { Form(hash: $0, bits: 11 * counted) } }
    if largest >= Double(Float.leastNormalMagnitude), largest <= Double(Float.greatestFiniteMagnitude) {
      forms.append(Form(hash: hashes.single, bits: 24 * counted))
    }
    forms.append(Form(hash: hashes.exact, bits: 53 * counted))
    // Values that a narrow type holds exactly carry no more than it does.
    var seen: Set<UInt64> = []
    all = forms.filter { seen.insert($0.hash).inserted }
  }
}

/// 64-bit FNV-1a hashes of the values of a row, each in float64: as they are and rounded to narrower types.
///
/// A float64 number may be rounded to sixteen bits at once or by way of float32, so both are there.
private struct Hashes {
  private(set) var exact: UInt64 = 0xCBF2_9CE4_8422_2325
  private(set) var single: UInt64 = 0xCBF2_9CE4_8422_2325
  private(set) var half: [UInt64] = [0xCBF2_9CE4_8422_2325, 0xCBF2_9CE4_8422_2325]
  private(set) var brain: [UInt64] = [0xCBF2_9CE4_8422_2325, 0xCBF2_9CE4_8422_2325]

  mutating func add(_ value: Double) {
    let narrow = Float(value)
    Self.add(value, to: &exact)
    Self.add(Double(narrow), to: &single)
    Self.add(Double(Float16(value)), to: &half[0])
    Self.add(Double(Float16(narrow)), to: &half[1])
    Self.add(Double(Float(BFloat16(value))), to: &brain[0])
    Self.add(Double(Float(BFloat16(narrow))), to: &brain[1])
  }

  private static func add(_ value: Double, to hash: inout UInt64) {
    // Adding zero makes -0 and 0 the same.
    hash = (hash ^ (value + 0).bitPattern) &* 0x100_0000_01B3
    hash ^= hash >> 29
  }
}

private func rowForms<Element>(_ rows: Matrix<Element>) -> [RowForms] {
  (0..<rows.rows).map { i in
    let wide = rows.row(i).converted(to: Double.self)
    return wide.withContiguousStorageIfAvailable { RowForms($0) }
      ?? Array(wide).withUnsafeBufferPointer { RowForms($0) }
  }
}
