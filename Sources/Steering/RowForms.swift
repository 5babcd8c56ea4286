import Tensor

/// A row in the types it may be stored in.
struct RowForms {
  /// A hash of the values in one type, and how many bits they carry.
  struct Form {
    let hash: UInt64
    let bits: Int
  }

  /// The hash of the values as they are.
  let exact: UInt64
  /// The values as they are and rounded, each hash once.
  private(set) var all: [Form] = []

  init(_ entries: UnsafeBufferPointer<Double>) {
    var (hashes, largest, count) = (Hashes(), 0.0, 0)
    for value in entries {
      hashes.add(value)
      largest = max(largest, value.magnitude)
      count += value == 0 ? 0 : 1
    }
    exact = hashes.exact
    // Outside of the range of a type the rows of a copy would be zeros or infinities, all alike. The types
    // of fewest bits come first: values that one of them holds exactly carry no more bits than it does.
    if Self.range.contains(largest) {
      add(hashes.brain, bits: 8 * count)
      add(hashes.brainOfSingle, bits: 8 * count)
    }
    if Self.rangeOfHalf.contains(largest) {
      add(hashes.half, bits: 11 * count)
      add(hashes.halfOfSingle, bits: 11 * count)
    }
    if Self.range.contains(largest) { add(hashes.single, bits: 24 * count) }
    add(hashes.exact, bits: 53 * count)
  }

  /// The normal numbers of float32 and bfloat16.
  private static let range = Double(Float.leastNormalMagnitude)...Double(Float.greatestFiniteMagnitude)
  private static let rangeOfHalf = Double(Float16.leastNormalMagnitude)...Double(Float16.greatestFiniteMagnitude)

  private mutating func add(_ hash: UInt64, bits: Int) {
    if !all.contains(where: { $0.hash == hash }) { all.append(Form(hash: hash, bits: bits)) }
  }
}

/// 64-bit FNV-1a hashes of the values of a row, each in float64: as they are and rounded to types of fewer bits.
///
/// A float64 number may have been rounded to sixteen bits at once or by way of float32, so there is a hash for either.
private struct Hashes {
  private static let start: UInt64 = 0xCBF2_9CE4_8422_2325

  private(set) var exact = start
  private(set) var single = start
  private(set) var half = start
  private(set) var halfOfSingle = start
  private(set) var brain = start
  private(set) var brainOfSingle = start

  mutating func add(_ value: Double) {
    let rounded = Float(value)
    let (half, brain) = (Float16(rounded), BFloat16(rounded))
    let isSingle = Double(rounded) == value
    Self.add(value, to: &exact)
    Self.add(Double(rounded), to: &single)
    Self.add(Double(half), to: &halfOfSingle)
    Self.add(Double(Float(brain)), to: &brainOfSingle)
    Self.add(Double(isSingle ? half : Float16(value)), to: &self.half)
    Self.add(Double(Float(isSingle ? brain : BFloat16(value))), to: &self.brain)
  }

  private static func add(_ value: Double, to hash: inout UInt64) {
    // Adding zero makes -0 and 0 the same.
    hash = (hash ^ (value + 0).bitPattern) &* 0x100_0000_01B3
    hash ^= hash >> 29
  }
}

/// The forms of every row, one after the other.
func rowForms<Element>(_ rows: Matrix<Element>) -> some Sequence<RowForms> {
  (0..<rows.rows).lazy.map { i in
    let row = rows.row(i).converted(to: Double.self)
    return row.withUnsafeBase { RowForms(UnsafeBufferPointer(start: $0, count: row.count)) }
  }
}
