import Extrapolate
import Foundation
import Nulls
import Tensor
import _TestSupport
import Testing

@testable import Runs

/// The Gram matrix of a path whose increments are these rows.
func path(_ increments: Matrix<Double>) -> TemporalGram {
  var displacements = increments
  for i in 1..<increments.rows { displacements.addToRow(i, displacements.row(i - 1)) }
  return TemporalGram(displacements.gram(.rows), distances: (1...increments.rows).map(Double.init))
}

/// Increments of a line whose share of the final energy is f, in walk noise.
func drifting(_ count: Int, _ dimension: Int, share f: Double, seed: UInt64) -> Matrix<Double> {
  let noise = normal(count, dimension, seed: seed)
  let speed = (f / max(1 - f, 1e-12) / Double(count) * Double(dimension)).squareRoot()
  var increments = f < 1 ? noise : .zeros(rows: count, columns: dimension)
  let direction = Vector<Double>((0..<dimension).map { $0 == 0 ? 1 : 0 })
  for i in 0..<count { increments.addToRow(i, direction, scaledBy: f < 1 ? speed : 1) }
  return increments
}

@Suite struct WalkNullTests {
  @Test(
    arguments: [
      (2, 0.8727, nil), (3, 0.8415, 0.9734), (4, 0.8291, 0.9653), (9, 0.8147, 0.9585), (15, 0.8121, 0.9579),
      (30, 0.8110, 0.9580), (75, 0.8106, 0.9582),
    ] as [(Int, Double, Double?)])
  func theWalkOnEqualSteps(count: Int, energy: Double, r2: Double?) throws {
    let gram = TemporalGram(.identity(count), distances: (1...count).map(Double.init))
    let walk = try gram.walkFigures()
    #expect(abs(try #require(walk.energy) - energy) < 6e-5)
    #expect((walk.r2 == nil) == (r2 == nil))
    if let r2 { #expect(abs(try #require(walk.r2) - r2) < 6e-5) }
  }

  @Test func unequalSteps() throws {
    let powers: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    let sparse: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300]
    for (steps, energy, r2) in [(powers, 0.728, 0.974), (sparse, 0.667, 0.888)] {
      let walk = try TemporalGram(.identity(steps.count), distances: steps).walkFigures()
      let (foundEnergy, foundR2) = (try #require(walk.energy), try #require(walk.r2))
      #expect(abs(foundEnergy - energy) < 6e-4)
      #expect(abs(foundR2 - r2) < 6e-4)
    }
  }

  @Test func aSimulatedWalkHasTheFiguresOfItsNulls() throws {
    let gram = path(normal(30, 5000, seed: 1))
    let (figures, walk, matched) = (try gram.figures(), try gram.walkFigures(), try gram.matchedWalkFigures())
    let (energy, expected, r2) = (try #require(figures.energy), try #require(walk.energy), try #require(figures.r2))
    let (matchedEnergy, expectedR2) = (try #require(matched.energy), try #require(walk.r2))
    #expect(abs(energy - expected) < 0.02 && abs(matchedEnergy - expected) < 0.01 && abs(r2 - expectedR2) < 0.02)
  }

  @Test func whatIsUndefinedIsNil() throws {
    let still = TemporalGram(.zeros(rows: 4, columns: 4), distances: [1, 2, 3, 4])
    #expect(still.isStill)
    let figures = try still.figures()
    #expect(figures.energy == nil && figures.r2 == nil)
    #expect(still.walkTest().verdict == .still)
    #expect(try TemporalFit(still).components.isEmpty)
    let one = TemporalGram(.identity(1), distances: [1])
    #expect(throws: LinearAlgebraError.self) { try TemporalFit(one) }
    #expect(throws: LinearAlgebraError.self) { try TemporalFit(still, rank: 5) }
  }
}

@Suite struct TemporalFitTests {
  @Test func aLineIsRankOneAndStraight() throws {
    let line = path(drifting(10, 40, share: 1, seed: 1))
    let fit = try TemporalFit(line)
    let component = try #require(fit.components.first)
    let (energy, r2) = (try #require(fit.figures.energy), try #require(fit.figures.r2))
    #expect(abs(energy - 1) < 1e-12)
    #expect(abs(r2 - 1) < 1e-12)
    #expect(abs(component.slope - 1) < 1e-12)
    #expect(abs(component.intercept) < 1e-10)
    // Velocity 1 from the base on, also where the line is continued backwards.
    #expect(component.coefficient(at: 0) == component.intercept)
    #expect(abs(component.coefficient(at: 25) - 25) < 1e-9 && abs(component.coefficient(at: -4) + 4) < 1e-9)
    #expect(component.direction.allSatisfy { $0 > 0 })
  }

  @Test func gramAndIncrementsAreInverse() {
    let gram = path(normal(6, 20, seed: 2))
    let increments = normal(6, 20, seed: 2).gram(.rows)
    #expect((gram.increments - increments).norm(.maximum) < 1e-11)
  }

  @Test func forecastErrorsNeedTheGramOnly() {
    let rows = normal(5, 30, seed: 3)
    let gram = TemporalGram(rows.gram(.rows), distances: [1, 2, 3, 4, 5])
    let weights = [0.5, -1, 2]
    var forecast = Vector<Double>(repeating: 0, count: 30)
    for (i, w) in weights.enumerated() { forecast.add(rows.row(i), scaledBy: w) }
    let difference = forecast - rows.row(4)
    #expect(abs(gram.squaredError(ofForecast: weights, at: 4) - difference.dot(difference)) < 1e-10)
  }
}

@Suite struct WalkTestTests {
  /// How many of these paths get the verdict.
  private func count(_ verdict: WalkTest.Verdict, of runs: Int, _ increments: (UInt64) -> Matrix<Double>) -> Int {
    (0..<runs).count { path(increments(UInt64($0))).walkTest(seed: UInt64($0), count: 199).verdict == verdict }
  }

  @Test(arguments: [7, 10, 30]) func walksAreWalks(length: Int) {
    // The table has 0.95 or more; 100 runs of 0.95 fall below 86 in one of a thousand.
    #expect(count(.walk, of: 100) { normal(length, 100, seed: 7000 + $0) } >= 86)
    #expect(count(.line, of: 100) { normal(length, 100, seed: 7000 + $0) } <= 5)
  }

  @Test func linesAndWeakDriftAreFound() {
    #expect(count(.line, of: 40) { drifting(10, 100, share: 0.9, seed: $0) } >= 34)
    #expect(count(.weakDrift, of: 40) { drifting(30, 1000, share: 0.25, seed: $0) } >= 34)
  }

  @Test func arcsAreCurves() {
    // A quarter circle with a little noise.
    let arcs = { (seed: UInt64) -> Matrix<Double> in
      var rows = normal(10, 100, seed: seed).scaled(by: 0.03)
      for i in 0..<10 {
        let angle = Double(i) / 9 * .pi / 2
        rows[i, 0] += cos(angle)
        rows[i, 1] += sin(angle)
      }
      return rows
    }
    #expect(self.count(.curve, of: 40, arcs) >= 38)
  }

  @Test func noiseAndReturningPaths() {
    // Noise about one point: increments are differences of independent draws.
    let noise = { (seed: UInt64) -> Matrix<Double> in
      let points = normal(31, 100, seed: seed)
      return points[rows: 1..<31] - points[rows: 0..<30]
    }
    #expect(self.count(.noise, of: 20, noise) >= 19)
    let returning = { (seed: UInt64) -> Matrix<Double> in
      let kicks = normal(30, 1000, seed: seed)
      var position = Vector<Double>(repeating: 0, count: 1000)
      var increments = kicks
      for i in 0..<30 {
        increments.addToRow(i, position, scaledBy: -0.2)
        position = position + increments.row(i)
      }
      return increments
    }
    #expect(self.count(.bounded, of: 20, returning) >= 18)
  }

  @Test func shortRunsAreUndecided() {
    #expect(path(drifting(6, 50, share: 0.9, seed: 1)).walkTest().verdict == .undecided)
  }

  @Test func signsDoNotRepeatInLongRuns() throws {
    // Increment i + 64 is increment i: only flips that repeat after 64 would keep every product.
    let increments = Matrix<Double>(rows: 128, columns: 64) { i, j in i % 64 == j ? 1 : 0 }
    #expect(try #require(path(increments).walkTest(count: 99).p) == 0.01)
  }
}

@Suite struct PrefixCaptureTests {
  /// A direction of the prefix counts however short the displacement is that shows it.
  @Test(arguments: [1e-3, 1e-7, 1e-30]) func shortDisplacementsSpanTheirDirection(length: Double) throws {
    let rows = Matrix<Double>([[length, 0, 0], [0, 1, 0], [1, 1, 1]])
    let capture = try TemporalGram(rows.gram(.rows), distances: [1, 2, 3]).prefixCapture(2, of: .full, count: 19)
    #expect(abs(try #require(capture.energy) - 2.0 / 3) < 1e-12)
    // The same displacement twice is one direction, and one of length zero is none.
    let twice = Matrix<Double>([[length, 0, 0], [length, 0, 0], [0, 0, 0], [3, 4, 0]])
    let again = try TemporalGram(twice.gram(.rows), distances: [1, 2, 3, 4]).prefixCapture(3, of: .full, count: 19)
    #expect(abs(try #require(again.energy) - 0.36) < 1e-12)
  }

  @Test func aWalkCapturesItsShareOfSteps() throws {
    let capture = try path(normal(40, 4000, seed: 5)).prefixCapture(10, of: .full, count: 99)
    // k/T = 0.25, sd 0.011.
    let energy = try #require(capture.energy)
    #expect(abs(energy - 0.25) < 0.04)
    #expect(abs(capture.matchedWalk - 0.25) < 0.02)
    #expect(abs(capture.signFlipMean - 0.25) < 0.03)
    #expect(!capture.exceedsWalk)
    let future = try path(normal(40, 4000, seed: 5)).prefixCapture(10, of: .future, count: 99)
    #expect(try #require(future.energy) < 0.02)
  }

  @Test func aLineIsCapturedByItsFirstStep() throws {
    let capture = try path(drifting(10, 40, share: 1, seed: 1)).prefixCapture(1, of: .future, count: 99)
    #expect(abs(try #require(capture.energy) - 1) < 1e-12)
    #expect(throws: LinearAlgebraError.self) { try path(normal(4, 9, seed: 1)).prefixCapture(4, of: .full) }
    for count in [0, -1] {
      #expect(throws: LinearAlgebraError.invalidArgument("\(count) sign flips are no null; ask for at least one")) {
        try path(normal(4, 9, seed: 1)).prefixCapture(2, of: .full, count: count)
      }
    }
  }
}
