import Extrapolate
import Foundation
import Nulls
import Tensor
import _TestSupport
import Testing

@testable import Runs

/// The walk test where an optimizer's momentum correlates increments.
@Suite struct MomentumTests {
  /// A walk of `count` snapshots, `spacing` steps of a velocity with momentum apart, with a drift of some share.
  private func walk(_ count: Int, _ spacing: Int, _ beta: Double, seed: UInt64, dimension: Int = 40) -> TemporalGram {
    let noise = normal(count * spacing + 1, dimension, seed: seed)
    // The law that the velocity has after a long time.
    var velocity = noise.row(count * spacing).scaled(by: 1 / (1 - beta * beta).squareRoot())
    var position = Vector<Double>(repeating: 0, count: dimension)
    var rows = Matrix<Double>.zeros(rows: count, columns: dimension)
    for i in 0..<count {
      for k in 0..<spacing {
        velocity = velocity.scaled(by: beta) + noise.row(i * spacing + k)
        position = position + velocity
      }
      rows.setRow(i, to: position)
    }
    return TemporalGram(rows.gram(.rows), distances: (1...count).map { Double($0 * spacing) })
  }

  private func memory(_ beta: Double?, _ spacing: Double, _ count: Int) -> Int {
    TemporalGram(.identity(count), distances: (1...count).map { Double($0) * spacing }).walkTest(
      momentum: beta, count: 9
    )
    .memory
  }

  @Test func memoryFollowsMomentumAndSpacing() {
    for (beta, spacing, lag) in [
      (0.9, 1.0, 29), (0.9, 2, 15), (0.9, 5, 6), (0.9, 10, 3), (0.9, 20, 2), (0.95, 10, 6), (0.95, 20, 3),
      (0.99, 50, 6), (0.99, 100, 3), (0.9, 50, 2), (0, 1, 2),
    ] {
      #expect(memory(beta, spacing, 30) == lag, "\(beta) \(spacing)")
    }
    #expect(memory(0.9, 50, 9) == 1 && memory(0, 1, 9) == 1)
    #expect(memory(nil, 1, 9) == 1 && memory(nil, 1, 10) == 2)
    // A memory longer than any run is no verdict, and no loop.
    let endless = TemporalGram(.identity(30), distances: (1...30).map(Double.init)).walkTest(momentum: 1.0.nextDown)
    #expect(endless.verdict == .undecided && endless.p == nil && endless.driftShare == nil)
  }

  @Test func snapshotsThatAreNeeded() {
    func needed(_ count: Int, _ beta: Double?, _ spacing: Double) -> (needed: Int, isDecided: Bool) {
      let gram = walk(count, 1, 0, seed: 1)
      let test = TemporalGram(gram.gram, distances: (1...count).map { Double($0) * spacing })
        .walkTest(momentum: beta, count: 9)
      return (test.snapshotsNeeded, test.verdict != .undecided)
    }
    for (count, beta, spacing, expected) in [
      (6, nil, 1.0, 7), (7, nil, 1, 7), (7, 0.9, 50, 8), (8, 0.9, 50, 8), (9, 0.9, 20, 10), (10, 0.9, 20, 10),
      (11, 0.9, 10, 12), (12, 0.9, 10, 12), (17, 0.9, 5, 18), (18, 0.9, 5, 18), (7, 0, 1, 8),
    ] as [(Int, Double?, Double, Int)] {
      let found = needed(count, beta, spacing)
      #expect(found.needed == expected && found.isDecided == (count >= expected), "\(count) \(spacing)")
    }
  }

  @Test func theCorrectionByHand() throws {
    let (count, spacing, beta, lag) = (12, 10.0, 0.9, 3)
    let gram = TemporalGram(walk(count, 10, beta, seed: 3).gram, distances: (1...count).map { Double($0) * spacing })
    let test = gram.walkTest(momentum: beta, count: 99)
    let u = gram.increments
    let whole = pow(beta, spacing)
    let variance = spacing * (1 + beta) / (1 - beta) - 2 * beta * (1 - whole) / ((1 - beta) * (1 - beta))
    func rho(_ lag: Int) -> Double {
      let factor = (1 - whole) / (1 - beta)
      return lag == 0 ? 1 : pow(beta, Double(lag - 1) * spacing + 1) * factor * factor / variance
    }
    #expect(abs(rho(1) - 0.525) < 5e-4 && abs(rho(2) - 0.183) < 5e-4 && abs(rho(3) - 0.064) < 5e-4)
    var (sum, weight) = (0.0, 0.0)
    for i in 0..<count {
      for j in 0..<count where abs(i - j) > lag {
        sum += u[i, j] - rho(abs(i - j)) * (u[i, i] * u[j, j]).squareRoot()
        weight += spacing * spacing
      }
    }
    let last = gram.distances[count - 1]
    let share = last * last * sum / weight / gram.gram[count - 1, count - 1]
    #expect(abs(try #require(test.driftShare) - share) < 1e-12 * abs(share))
    #expect(test.momentum == beta && test.memory == lag)
    // Patterns are drawn, not listed, although there are few increments: p counts the identity as one of R + 1.
    let p = try #require(test.p)
    #expect(abs(p * 100 - (p * 100).rounded()) < 1e-9)
  }

  @Test func theValuesOfASmoothRun() throws {
    let u = Matrix<Double>(rows: 8, columns: 8) { i, j in pow(0.8, Double(abs(i - j))) }
    let gram = Matrix<Double>(rows: 8, columns: 8) { i, j in
      (0...i).reduce(0) { sum, a in sum + (0...j).reduce(0) { $0 + u[a, $1] } }
    }
    let run = TemporalGram(gram, distances: (1...8).map(Double.init))
    let (short, long) = (run.walkTest(memory: 1), run.walkTest(memory: 2))
    #expect(abs(try #require(short.driftShare) - 0.768024) < 1e-6)
    #expect(abs(try #require(long.driftShare) - 0.651993) < 1e-6)
    #expect(abs(try #require(short.turning) - 0.623638) < 1e-6)
    let figures = try run.figures()
    #expect(abs(try #require(figures.energy) - 0.952748) < 1e-6)
    #expect(abs(try #require(figures.r2) - 0.993764) < 1e-6)
  }

  @Test func walksWithMomentumKeepTheirLevel() {
    // Of 120 tests at 0.05 at most 15 reject, the 99.9 % binomial quantile.
    let runs = (0..<120).map { walk(30, 10, 0.9, seed: 500 + UInt64($0)) }
    func rejections(_ momentum: Double?) -> (up: Int, low: Int, drift: Int) {
      let tests = runs.enumerated().map { $1.walkTest(momentum: momentum, seed: UInt64($0), count: 99) }
      return (
        tests.count { ($0.p ?? 1) <= 0.05 }, tests.count { ($0.pLow ?? 1) <= 0.05 },
        tests.count { $0.verdict != .walk && $0.verdict != .bounded }
      )
    }
    let corrected = rejections(0.9)
    #expect(corrected.up <= 15 && corrected.low <= 15 && corrected.drift <= 15)
    // What the correction is for: a third of them drift without it.
    #expect(rejections(nil).up >= 25)
  }

  @Test func driftIsFoundUnderMomentum() {
    let found = (0..<20).count { seed in
      let noise = walk(30, 10, 0.9, seed: 900 + UInt64(seed), dimension: 400)
      // A line along a direction of its own, with two thirds of the final energy.
      let end = 2 * noise.gram[29, 29]
      let gram = Matrix<Double>(rows: 30, columns: 30) { i, j in
        noise.gram[i, j] + end * Double((i + 1) * (j + 1)) / 900
      }
      let test = TemporalGram(gram, distances: noise.distances).walkTest(momentum: 0.9, seed: 1, count: 99)
      return (test.p ?? 1) <= 0.025 && (test.driftShare ?? 0) >= 0.5
    }
    #expect(found >= 18)
  }

  @Test func triflesAreWalks() throws {
    // Drift with p = 0.01 and a share of 0.02 to 0.04, and a bounded path of no greater effect.
    let noise = Matrix<Double>.identity(30)
    func run(_ share: Double) -> TemporalGram {
      let u = Matrix<Double>(rows: 30, columns: 30) { i, j in noise[i, j] + share / (1 - share) / 30 }
      let gram = Matrix<Double>(rows: 30, columns: 30) { i, j in
        (0...i).reduce(0) { sum, a in sum + (0...j).reduce(0) { $0 + u[a, $1] } }
      }
      return TemporalGram(gram, distances: (1...30).map(Double.init))
    }
    for (share, verdict) in [(0.04, WalkTest.Verdict.walk), (0.06, .weakDrift), (-0.04, .walk), (-0.06, .bounded)] {
      let test = run(share).walkTest(count: 99)
      #expect(abs(try #require(test.driftShare) - share) < 1e-9)
      #expect(min(test.p ?? 1, test.pLow ?? 1) == 0.01)
      #expect(test.verdict == verdict, "\(share)")
    }
    // A run that ends where it began has no drift share.
    var loop = normal(8, 30, seed: 4)
    loop.setRow(7, to: Vector(repeating: 0, count: 30))
    let closed = TemporalGram(loop.gram(.rows), distances: (1...8).map(Double.init)).walkTest()
    #expect(closed.driftShare == nil && (closed.verdict == .walk || closed.verdict == .noise))
  }
}
