import Nulls
import Tensor

/// Exchanges of labels, drawn in blocks of up to 64: one bit for each row or pair in each exchange.
///
/// A block holds 8 bytes a row, whatever the number of exchanges. The generator is asked in the order of the exchanges,
/// so that the size of a block changes nothing.
struct Relabelling {
  /// Up to 64 exchanges. Bit b of the mask of a row is set where exchange b makes the row positive; in pairs, where it
  /// swaps the pair.
  struct Block {
    let count: Int
    let masks: [UInt64]
  }

  private enum Units {
    /// Pairs that are swapped or not.
    case pairs(Int)
    /// Groups of rows, of which a fixed number is positive; the group of each row, `nil` where each row is one.
    case groups(Int, positive: Int, ofRows: [Int]?)
  }

  /// R, the number of exchanges.
  let count: Int
  /// Whether every exchange comes once, the identity among them; else the exchanges are a random sample.
  let isComplete: Bool
  /// The labels as they are.
  let identity: Block
  private let units: Units
  private let choices: [[Int]]
  private var order: [Int] = []
  private var generator: SeededGenerator
  private var drawn = 0

  /// Exchanges of the labels of n₊ positive and n₋ negative rows.
  ///
  /// - Parameters:
  ///   - count: R; all exchanges are listed instead where they are no more than R.
  /// - Throws: ``SteeringError/unequalCounts(_:)`` for pairs;
  ///   ``SteeringError/invalidArgument(_:)`` for groups that do not fit the rows, or R < 1.
  init(
    positive: Int, negative: Int, by exchange: Exchangeability, count: Int, seed: UInt64
  ) throws(SteeringError) {
    guard count >= 1 else { throw .invalidArgument("\(count) permutations; give at least 19 for p = 0.05") }
    generator = SeededGenerator(seed: seed)
    let groups: (count: Int, positive: Int, ofRows: [Int]?)
    switch exchange {
    case .pairs:
      guard positive == negative else {
        throw .unequalCounts(
          "\(positive) positive and \(negative) negative rows do not form pairs; give row i of both sides to the same "
            + "prompt, or exchange labels by rows")
      }
      units = .pairs(positive)
      choices = []
      isComplete = positive < 62 && 1 << positive <= count
      self.count = isComplete ? 1 << positive : count
      identity = Block(count: 1, masks: [UInt64](repeating: 0, count: positive))
      return
    case .rows: groups = (positive + negative, positive, nil)
    case .groups(let numbers): groups = try Self.groups(numbers, positive: positive, rows: positive + negative)
    }
    units = .groups(groups.count, positive: groups.positive, ofRows: groups.ofRows)
    identity = Block(count: 1, masks: (0..<(positive + negative)).map { $0 < positive ? 1 : 0 })
    let listed = Self.subsets(of: groups.count, choosing: groups.positive, atMost: count)
    choices = listed ?? []
    isComplete = listed != nil
    self.count = listed?.count ?? count
    order = listed == nil ? Array(0..<groups.count) : []
  }

  /// How many groups there are and how many of them positive, and the group of each row.
  private static func groups(
    _ numbers: [Int], positive: Int, rows: Int
  ) throws(SteeringError) -> (count: Int, positive: Int, ofRows: [Int]?) {
    guard numbers.count == rows else { throw .invalidArgument("\(numbers.count) group numbers for \(rows) rows") }
    let shared = Set(numbers[..<positive]).intersection(numbers[positive...])
    if let group = shared.min() {
      throw .invalidArgument("group \(group) has rows on both sides: use pairs, or another grouping")
    }
    let names = Set(numbers).sorted()
    let index = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    return (names.count, Set(numbers[..<positive]).count, numbers.map { index[$0, default: 0] })
  }

  /// The next exchanges; `nil` after the last one.
  mutating func next() -> Block? {
    let size = min(64, count - drawn)
    guard size > 0 else { return nil }
    defer { drawn += size }
    switch units {
    case .pairs(let pairs):
      return Block(count: size, masks: flips(pairs, size))
    case .groups(let groups, let positive, let ofRows):
      let masks = labels(groups, positive: positive, size)
      return Block(count: size, masks: ofRows.map { $0.map { masks[$0] } } ?? masks)
    }
  }

  private mutating func flips(_ pairs: Int, _ size: Int) -> [UInt64] {
    var masks = [UInt64](repeating: 0, count: pairs)
    for b in 0..<size {
      for i in 0..<pairs {
        let bit = isComplete ? UInt64((drawn + b) >> i & 1) : generator.next() >> 63
        masks[i] |= bit << UInt64(b)
      }
    }
    return masks
  }

  /// As many groups stay positive as were.
  private mutating func labels(_ groups: Int, positive: Int, _ size: Int) -> [UInt64] {
    var masks = [UInt64](repeating: 0, count: groups)
    for b in 0..<size {
      if isComplete {
        for group in choices[drawn + b] { masks[group] |= 1 << UInt64(b) }
      } else {
        order.shuffle(using: &generator)
        for i in 0..<positive { masks[order[i]] |= 1 << UInt64(b) }
      }
    }
    return masks
  }

  /// All k-element subsets of 0 ..< n, or `nil` where there are more than `limit`.
  private static func subsets(of n: Int, choosing k: Int, atMost limit: Int) -> [[Int]]? {
    var number = 1.0
    // The smaller of both counts, so that no product overflows before it passes the limit.
    for i in 0..<min(k, n - k) {
      number = number * Double(n - i) / Double(i + 1)
      guard number <= Double(limit) else { return nil }
    }
    var result: [[Int]] = [[]]
    for element in 0..<n {
      result += result.filter { $0.count < k }.map { $0 + [element] }
      // Only prefixes that can still be completed stay.
      result.removeAll { $0.count + (n - 1 - element) < k }
    }
    return result
  }
}

extension Relabelling.Block {
  /// Σ of the rows whose bit is set, one sum for each exchange, in float64: count×w for each of the matrices.
  ///
  /// - Parameter matrices: n×w each, as many rows as masks.
  /// - Complexity: 2·count·nw flops through BLAS; a block of labels that stays in the cache.
  func sums(of matrices: [Matrix<Double>]) -> [Matrix<Double>] {
    var sums = matrices.map { Matrix<Double>.zeros(rows: count, columns: $0.columns) }
    let step = 2048
    for start in stride(from: 0, to: masks.count, by: step) {
      let range = start..<min(start + step, masks.count)
      let labels = Matrix<Double>(rows: count, columns: range.count) { entries in
        masks.withUnsafeBufferPointer { masks in
          for b in 0..<count {
            let row = b * range.count
            for i in 0..<range.count {
              // The bits of 1.0 where the label is set, else of 0.0.
              let isSet = 0 &- ((masks[start + i] >> UInt64(b)) & 1)
              entries[row + i] = Double(bitPattern: isSet & (1.0).bitPattern)
            }
          }
        }
      }
      for k in sums.indices { sums[k].addProduct(labels, matrices[k][rows: range]) }
    }
    return sums
  }

  /// How many rows each exchange makes positive.
  var members: [Int] {
    var counts = [Int](repeating: 0, count: count)
    for mask in masks {
      for b in 0..<count { counts[b] += Int((mask >> UInt64(b)) & 1) }
    }
    return counts
  }
}
