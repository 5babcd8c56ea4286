import Foundation
import Nulls
import Tensor
import Testing

/// Exchanges of labels, whatever the labels are of.
@Suite struct RelabellingTests {
  /// The rows (pairs) that each exchange makes positive (swaps), as the positions of a unit vector for each row.
  private func chosen(
    _ positive: Int, _ negative: Int, _ exchange: Exchangeability, count: Int, seed: UInt64 = 1
  ) throws -> (sets: [[Int]], isComplete: Bool) {
    var labels = try Relabelling(
      positive: positive, negative: negative, exchanging: exchange, count: count, seed: seed)
    let rows = exchange == .pairs ? positive : positive + negative
    let found = try labels.measures(sumsOver: [.identity(rows)], progress: nil) { found in
      found.sums[0].rowVectors.enumerated().map { r, row in
        let set = row.indices.filter { row[$0] == 1 }
        #expect(row.allSatisfy { $0 == 0 || $0 == 1 } && found.counts[r] == set.count)
        return set
      }
    }
    #expect(found.observed == (exchange == .pairs ? [] : Array(0..<positive)) && labels.count == found.null.count)
    return (found.null, found.isComplete)
  }

  @Test func everyExchangeIsListedOnce() throws {
    for (exchange, count) in [(Exchangeability.rows, 20), (.pairs, 8), (.groups([1, 1, 2, 3, 3, 4]), 6)] {
      let (sets, isComplete) = try chosen(3, 3, exchange, count: 20)
      #expect(isComplete && sets.count == count && Set(sets).count == count)
      // One exchange fewer than exist are drawn.
      #expect(try !chosen(3, 3, exchange, count: count - 1).isComplete)
    }
  }

  @Test func randomExchangesKeepCountsAndGroups() throws {
    let (sets, isComplete) = try chosen(8, 12, .rows, count: 200)
    #expect(!isComplete && sets.count == 200 && sets.allSatisfy { $0.count == 8 })
    // Each row is positive in 80 of 200 cases, ± 7.
    for i in 0..<20 { #expect(abs(sets.count { $0.contains(i) } - 80) < 28) }
    let groups = (0..<40).map { $0 / 2 }
    for set in try chosen(16, 24, .groups(groups), count: 100).sets {
      #expect(set.count == 16 && Set(set.map { groups[$0] }).count == 8)
    }
    let swaps = try chosen(70, 70, .pairs, count: 300).sets
    for i in 0..<70 { #expect(abs(swaps.count { $0.contains(i) } - 150) < 36) }
  }

  /// Exchanges come in blocks of 64 exchanges and 2048 rows, which must not show.
  @Test func blocksDoNotShow() throws {
    let many = try chosen(8, 12, .rows, count: 130).sets
    #expect(try chosen(8, 12, .rows, count: 63).sets == Array(many[..<63]))
    var labels = try Relabelling(positive: 1500, negative: 1600, exchanging: .rows, count: 3, seed: 2)
    let index = Matrix<Double>(rows: 3100, columns: 1) { i, _ in Double(i) }
    let found = try labels.measures(sumsOver: [index], progress: nil) { found in
      zip(found.sums[0].column(0), found.counts).map { [$0, Double($1)] }
    }
    #expect(found.observed == [1499 * 750, 1500] && found.null.allSatisfy { $0[1] == 1500 })
    var generator = SeededGenerator(seed: 2)
    var order = Array(0..<3100)
    for values in found.null {
      order.shuffle(using: &generator)
      #expect(values[0] == Double(order[..<1500].reduce(0, +)))
    }
  }

  @Test func exchangesThatDoNotFit() {
    func failure(_ n: Int, _ m: Int, _ exchange: Exchangeability, count: Int = 9) -> RelabellingError? {
      do {
        _ = try Relabelling(positive: n, negative: m, exchanging: exchange, count: count, seed: 1)
        return nil
      } catch { return error }
    }
    #expect(failure(3, 2, .rows, count: 0) == .noExchanges(count: 0))
    #expect(failure(3, 2, .pairs) == .unequalSides(positive: 3, negative: 2))
    #expect(failure(3, 2, .groups([1, 2])) == .groupNumbers(count: 2, rows: 5))
    #expect(failure(3, 2, .groups([7, 1, 2, 2, 7])) == .groupOnBothSides(2))
    #expect(failure(3, 2, .groups([7, 1, 1, 2, 3])) == nil)
  }

  @Test func aCancelledTaskStops() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      #expect(throws: RelabellingError.cancelled) { try chosen(8, 12, .rows, count: 200) }
    }
    await task.value
  }
}
