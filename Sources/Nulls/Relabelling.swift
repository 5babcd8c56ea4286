import Tensor

/// Exchanges of labels, in blocks of up to 64: one bit for each row or pair in each exchange.
///
/// A block holds 8 bytes for each row, whatever the number of exchanges. The generator is asked in the order of the
/// exchanges, so the size of a block does not change them.
package struct Relabelling {
  /// Up to 64 exchanges. Bit b of the mask of a row is set where exchange b makes the row positive; bit b of the mask
  /// of a pair where exchange b swaps the pair.
  struct Block {
    let count: Int
    let masks: [UInt64]
  }

  /// What carries a label that can be exchanged.
  private enum Units {
    /// Pairs, each of which is swapped or not.
    case pairs(count: Int)
    /// Rows or groups of rows, a fixed number of which is positive. `ofRows` holds the group of each row; `nil` where
    /// each row is a group.
    case groups(count: Int, positive: Int, ofRows: [Int]?)
  }

  /// R, the number of exchanges.
  package let count: Int
  /// Whether every exchange comes once, the one that changes nothing among them; else the exchanges are a random
  /// sample.
  package let isComplete: Bool
  /// The labels as they are.
  let identity: Block
  private let units: Units
  /// Where groups are listed: the groups that each exchange makes positive.
  private let choices: [[Int]]
  /// Where groups are drawn: their latest order, of which the first ones are positive.
  private var order: [Int] = []
  private var generator: SeededGenerator
  /// How many exchanges have been handed out.
  private var done = 0

  /// Exchanges of the labels of n₊ positive and n₋ negative rows.
  ///
  /// - Parameters:
  ///   - count: R; where no more than R exchanges exist, each is listed once instead.
  ///   - seed: of the random exchanges.
  package init(
    positive: Int, negative: Int, exchanging exchange: Exchangeability, count: Int, seed: UInt64
  ) throws(RelabellingError) {
    guard count >= 1 else { throw .noExchanges(count: count) }
    generator = SeededGenerator(seed: seed)
    let groups: (count: Int, positive: Int, ofRows: [Int]?)
    switch exchange {
    case .pairs:
      guard positive == negative else { throw .unequalSides(positive: positive, negative: negative) }
      units = .pairs(count: positive)
      choices = []
      isComplete = positive < 62 && 1 << positive <= count
      self.count = isComplete ? 1 << positive : count
      identity = Block(count: 1, masks: [UInt64](repeating: 0, count: positive))
      return
    case .rows: groups = (positive + negative, positive, nil)
    case .groups(let numbers): groups = try Self.groups(numbers, positive: positive, rows: positive + negative)
    }
    units = .groups(count: groups.count, positive: groups.positive, ofRows: groups.ofRows)
    identity = Block(count: 1, masks: (0..<(positive + negative)).map { $0 < positive ? 1 : 0 })
    let listed = Self.subsets(of: groups.count, choosing: groups.positive, atMost: count)
    choices = listed ?? []
    isComplete = listed != nil
    self.count = listed?.count ?? count
    order = listed == nil ? Array(0..<groups.count) : []
  }

  /// How many groups there are, how many of them are positive, and the group of each row, numbered from 0.
  private static func groups(
    _ numbers: [Int], positive: Int, rows: Int
  ) throws(RelabellingError) -> (count: Int, positive: Int, ofRows: [Int]?) {
    guard numbers.count == rows else { throw .groupNumbers(count: numbers.count, rows: rows) }
    let shared = Set(numbers[..<positive]).intersection(numbers[positive...])
    if let group = shared.min() { throw .groupOnBothSides(group) }
    let names = Set(numbers).sorted()
    let index = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    return (names.count, Set(numbers[..<positive]).count, numbers.map { index[$0, default: 0] })
  }

  /// The next exchanges; `nil` after the last one.
  mutating func next() -> Block? {
    let size = min(64, count - done)
    guard size > 0 else { return nil }
    defer { done += size }
    switch units {
    case .pairs(let pairs):
      return Block(count: size, masks: swaps(of: pairs, size))
    case .groups(let groups, let positive, let ofRows):
      let masks = labels(of: groups, positive: positive, size)
      return Block(count: size, masks: ofRows.map { $0.map { masks[$0] } } ?? masks)
    }
  }

  /// Whether each pair is swapped: a fair coin for each, or the bits of the number of the exchange.
  private mutating func swaps(of pairs: Int, _ size: Int) -> [UInt64] {
    var masks = [UInt64](repeating: 0, count: pairs)
    for b in 0..<size {
      for i in 0..<pairs {
        let bit = isComplete ? UInt64((done + b) >> i & 1) : generator.next() >> 63
        masks[i] |= bit << UInt64(b)
      }
    }
    return masks
  }

  /// Which groups are positive: as many as are so in the labels as they are.
  private mutating func labels(of groups: Int, positive: Int, _ size: Int) -> [UInt64] {
    var masks = [UInt64](repeating: 0, count: groups)
    for b in 0..<size {
      if isComplete {
        for group in choices[done + b] { masks[group] |= 1 << UInt64(b) }
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
