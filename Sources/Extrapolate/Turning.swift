import Nulls
import Tensor

/// Whether the increments of a path keep their direction, from their Gram matrix U.
struct Turning {
  private let increments: Matrix<Double>
  /// The cosines between the increments, row after row; 0 for an increment of length zero.
  private let cosines: [Double]

  /// The number of increments.
  private var count: Int { increments.rows }

  init(_ increments: Matrix<Double>) {
    self.increments = increments
    let lengths = increments.diagonal
    cosines = (0..<increments.rows).flatMap { i in
      (0..<increments.rows).map { j in
        let product = (lengths[i] * lengths[j]).squareRoot()
        return product > 0 ? increments[i, j] / product : 0
      }
    }
  }

  /// The cosine of the sums of the increments of both halves with the noise removed, as ``WalkTest/turning`` says.
  ///
  /// - Parameter spacings: Δ.
  func ofHalves(spacings: [Double]) -> Double? {
    let m = count / 2
    guard m >= 2 else { return nil }
    let (first, second) = (0..<m, (count - m)..<count)
    func block(_ a: Range<Int>, _ b: Range<Int>) -> Double {
      a.reduce(0) { sum, i in sum + b.reduce(0) { $0 + increments[i, $1] } }
    }
    func energy(_ half: Range<Int>) -> Double {
      // The squares of the increments hide part of a line's energy: as much as with this number of equal steps.
      let (length, square) = half.reduce((0.0, 0.0)) {
        ($0.0 + spacings[$1], $0.1 + spacings[$1] * spacings[$1])
      }
      let steps = length * length / square
      return (block(half, half) - half.reduce(0) { $0 + increments[$1, $1] }) * steps / (steps - 1)
    }
    let product = energy(first) * energy(second)
    guard energy(first) > 0, product > 0, product.isFinite else { return nil }
    return block(first, second) / product.squareRoot()
  }

  /// The mean cosine of neighbouring increments.
  var neighbourCosine: Double {
    (1..<count).reduce(0) { $0 + cosines[($1 - 1) * count + $1] } / Double(count - 1)
  }

  /// p of Σ C_ij(|i−j| − mean) under orders of the increments; small values mean that the direction turns.
  ///
  /// - Parameters:
  ///   - seed: the seed of the orders.
  ///   - rounds: R, how many orders are drawn.
  /// - Complexity: O(R·T²).
  func test(seed: UInt64, rounds: Int) -> Double {
    // The mean of |i − j| over pairs is (n + 1)/3.
    let mean = Double(count + 1) / 3
    let weights = (0..<count).map { Double($0) - mean }
    var order = Array(0..<count)
    let observed = Self.statistic(cosines, order, weights, count)
    var generator = SeededGenerator(seed: seed)
    var below = 0
    for _ in 0..<rounds {
      order.shuffle(using: &generator)
      if Self.statistic(cosines, order, weights, count) <= observed { below += 1 }
    }
    return pValue(extreme: below, of: rounds)
  }

  /// Σ_{i<j} C_{order i, order j}·weights_{j−i}, summed in this order: orders that tie must do so bit for bit.
  ///
  /// Arrays are handed over as pointers, because in debug builds each access to an array is a call.
  private static func statistic(
    _ cosines: UnsafePointer<Double>, _ order: UnsafePointer<Int>, _ weights: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var (sum, i) = (0.0, 0)
    while i < count {
      let row = cosines + order[i] * count
      var j = i + 1
      while j < count {
        sum += row[order[j]] * weights[j - i]
        j += 1
      }
      i += 1
    }
    return sum
  }
}
