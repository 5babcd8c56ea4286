import Extrapolate
import Foundation
import Nulls
import Tensor
import TensorIO
import _TestSupport
import Testing

@testable import Runs

/// The same answer on every grid of steps and in every unit.
@Suite struct UnitTests {
  @Test(
    arguments: [
      [1, 2, 3, 4, 5, 6, 7], [3, 7, 8, 20, 33, 34, 90, 91], [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      [100, 110, 120, 130, 140, 150, 160, 170], [1, 2, 3, 1000, 1_000_000, 1_000_001, 1_000_003], [5, 6, 10, 11],
    ])
  func aNoiselessLineDoesNotTurn(steps: [Double]) throws {
    let line = Matrix<Double>(rows: steps.count, columns: steps.count) { i, j in 3 * steps[i] * steps[j] }
    let test = TemporalGram(line, distances: steps).walkTest()
    #expect(abs(try #require(test.turning) - 1) < 1e-9)
  }

  @Test func aCurveOnUnequalStepsIsACurve() throws {
    // A quarter circle by the step, observed densely and then sparsely, with a little noise.
    let steps: [Double] = [2, 4, 6, 8, 10, 12, 20, 30, 40, 50, 60, 70]
    var rows = normal(12, 60, seed: 8).scaled(by: 0.002)
    for i in 1..<12 { rows.addToRow(i, rows.row(i - 1)) }
    for (i, step) in steps.enumerated() {
      rows[i, 0] += sin(step / 70 * .pi / 2)
      rows[i, 1] += 1 - cos(step / 70 * .pi / 2)
    }
    let test = TemporalGram(rows.gram(.rows), distances: steps).walkTest()
    #expect(test.verdict == .curve && (test.turning ?? 1) < 0.95)
  }

  @Test func turningIsUndefinedForFewOrOpposedIncrements() {
    for count in 2...3 {
      let line = Matrix<Double>(rows: count, columns: count) { i, j in Double((i + 1) * (j + 1)) }
      #expect(TemporalGram(line, distances: (1...count).map(Double.init)).walkTest().turning == nil)
    }
    // Forth and back: nothing is left of either half.
    let back = TemporalGram(
      Matrix(rows: 4, columns: 4) { i, j in i % 2 == 0 && j % 2 == 0 ? 1 : 0 }, distances: [1, 2, 3, 4])
    #expect(back.walkTest().turning == nil)
  }

  @Test(arguments: [-140, -100, -40, 0, 40, 80, 100, 150])
  func figuresDoNotDependOnTheUnit(exponent: Int) throws {
    var rows = normal(9, 20, seed: 6)
    for i in 1..<9 { rows.addToRow(i, rows.row(i - 1)) }
    let steps = (1...9).map(Double.init)
    let unit = TemporalGram(rows.gram(.rows), distances: steps)
    // A power of two is exact in float64, so that every figure has the same bits.
    let factor = Double(sign: .plus, exponent: Int((Double(exponent) * log2(10)).rounded()), significand: 1)
    let scaled = TemporalGram(rows.scaled(by: factor).gram(.rows), distances: steps)
    #expect(scaled.walkTest() == unit.walkTest() && scaled.walkTest().turning != nil)
    #expect(scaled.walkTest(momentum: 0.1) == unit.walkTest(momentum: 0.1))
    #expect(try scaled.figures() == unit.figures() && scaled.matchedWalkFigures() == unit.matchedWalkFigures())
    let capture = try scaled.prefixCapture(3, of: .future, count: 99)
    #expect(try capture == unit.prefixCapture(3, of: .future, count: 99))
    let (fit, own) = (try TemporalFit(scaled), try TemporalFit(unit))
    #expect(fit.components[0].r2 == own.components[0].r2 && fit.components[0].direction == own.components[0].direction)
    #expect(fit.components[0].slope == own.components[0].slope * factor)
    #expect(fit.components[0].singularValue == own.components[0].singularValue * factor)
  }

  @Test(arguments: [1e-130, 1, 1e80, 1e150]) func filesInEveryUnit(unit: Double) throws {
    let folder = try TemporaryFolder()
    let rows = normal(10, 6, seed: 2)
    var position = Vector<Double>(repeating: 0, count: 6)
    for i in 0..<10 {
      try folder.write("w-\(i).safetensors", TensorValues("w", .f64, [6], position.map { $0 * unit }))
      position = position + rows.row(i) + Vector(repeating: 0.5, count: 6)
    }
    let fit = try Trajectory(base: folder.file("w-0.safetensors"), checkpoints: folder.url).grams().fit(observing: 7)
    #expect(fit.walkTest.driftShare != nil && fit.walkTest.turning != nil && fit.totalFit.figures.r2 != nil)
    for recipe in ForecastRecipe.allCases {
      let skill = try #require(fit.skill(of: recipe))
      #expect(skill.isFinite && (recipe == .hold ? skill == 0 : skill != 0))
      #expect(try #require(fit.relativeError(of: recipe, at: 8)).isFinite)
    }
  }
}
