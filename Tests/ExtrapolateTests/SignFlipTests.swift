import Nulls
import Runs
import Tensor
import _TestSupport
import Testing

@testable import Extrapolate

/// Statistics of many patterns at once against sums pair by pair.
@Suite struct SignFlipTests {
  /// The sum over pairs more than `lag` apart, and the two p-values, one pattern after the other.
  private func expected(_ u: Matrix<Double>, lag: Int, seed: UInt64, rounds: Int) -> (up: Double, low: Double) {
    let n = u.rows
    func sum(_ signs: [Double]) -> Double {
      (0..<n).reduce(0) { sum, i in
        ((i + lag + 1)..<max(n, i + lag + 1)).reduce(sum) { $0 + signs[i] * signs[$1] * u[i, $1] }
      }
    }
    let observed = sum([Double](repeating: 1, count: n))
    let slack = 1e-9
    var generator = SeededGenerator(seed: seed)
    let count = n <= 12 ? 1 << (n - 1) : rounds
    let values = (0..<count).map { round in
      let words = (0..<(n + 63) / 64).map { _ in n <= 12 ? UInt64(round) << 1 : generator.next() }
      return sum((0..<n).map { $0 > 0 && words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 ? -1 : 1 })
    }
    let extra = n <= 12 ? 0 : 1
    return (
      Double(extra + values.count { $0 >= observed - slack }) / Double(extra + count),
      Double(extra + values.count { $0 <= observed + slack }) / Double(extra + count)
    )
  }

  @Test(arguments: [7, 12, 13, 64, 65, 130], [1, 3]) func theSameAsPairByPair(count: Int, lag: Int) {
    let u = path(normal(count, 40, seed: UInt64(count))).increments
    let pairs = DistantPairs(u, [Double](repeating: 1, count: count), lag: lag)
    let found = pairs.signFlips(less: 0, widening: nil, seed: 3, rounds: 60)
    let expected = expected(u, lag: lag, seed: 3, rounds: 60)
    #expect(found.up == expected.up && found.low == expected.low)
  }

  @Test(arguments: [4, 7, 20]) func ordersAreComparedBitForBit(count: Int) {
    // Of few increments many orders tie: the path as it is, and reversed.
    let u = path(normal(count, 30, seed: UInt64(count))).increments
    let mean = Double(count + 1) / 3
    func statistic(_ order: [Int]) -> Double {
      var sum = 0.0
      for i in 0..<count {
        for j in (i + 1)..<max(count, i + 1) {
          let (a, b) = (order[i], order[j])
          sum += u[a, b] / (u[a, a] * u[b, b]).squareRoot() * (Double(j - i) - mean)
        }
      }
      return sum
    }
    var order = Array(0..<count)
    let observed = statistic(order)
    var generator = SeededGenerator(seed: 5)
    let below = (0..<200).count { _ in
      order.shuffle(using: &generator)
      return statistic(order) <= observed
    }
    #expect(Turning(u).test(seed: 5, rounds: 200) == Double(1 + below) / 201)
    // Near increments that are more alike than far ones turn.
    let arc = Matrix<Double>(rows: 9, columns: 9) { i, j in 1 - 0.1 * Double(abs(i - j)) }
    #expect(Turning(arc).test(seed: 1, rounds: 99) == 0.01)
  }

  @Test func cumulatedIncrementsAreDisplacements() {
    let rows = normal(6, 9, seed: 4)
    let signs: Vector<Double> = [1, -1, -1, 1, -1, 1]
    var flipped = rows
    for i in 0..<6 { flipped.setRow(i, to: rows.row(i).scaled(by: signs[i])) }
    let found = cumulated(rows.gram(.rows), flippedBy: signs)
    #expect((found - path(flipped).gram).norm(.maximum) < 1e-12)
  }
}
