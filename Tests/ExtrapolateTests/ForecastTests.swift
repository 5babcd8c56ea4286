import Extrapolate
import Foundation
import Runs
import Tensor
import TensorIO
import _TestSupport
import Testing

private let start = Matrix<Double>([[1, 2, 3], [4, 5, 6]])
private let velocity = Matrix<Double>([[0.5, 0, -1], [0, 0.25, 0]])

extension TemporaryFolder {
  /// Writes a checkpoint of a run: a matrix that moves, a vector that stays, and integers.
  func writeSnapshot(_ step: Int, _ matrix: Matrix<Double>, type: ElementType = .f64) throws {
    try write(
      "w-\(step).safetensors",
      [
        TensorValues("w", matrix, type), TensorValues("norm", .bf16, [3], [1, 2, 3]),
        TensorValues("ids", .i64, [2], [4, 5]),
      ], metadata: ["format": "pt"])
  }

  /// A run on a line, with a snapshot at each of the steps after 0.
  func line(_ steps: some Sequence<Int>, type: ElementType = .f64) throws -> Trajectory {
    for step in [0] + steps { try writeSnapshot(step, start + Double(step) * velocity, type: type) }
    return try Trajectory(base: file("w-0.safetensors"), checkpoints: url)
  }
}

/// Forecasts of runs in files.
@Suite struct ForecastTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(_ name: String = "out") throws -> Matrix<Double> {
    try SafetensorsFile(folder.file(name)).matrix("w", as: Double.self)
  }

  @Test func aLineIsForecastExactly() throws {
    // Uneven steps: the line is in the step, not in the row.
    let run = try folder.line([2, 3, 7, 10])
    let fit = try run.grams().fit()
    for recipe in [ForecastRecipe.relex, .secant] {
      try fit.forecast(step: 40, recipe: recipe).write(to: folder.file("out"), from: run)
      #expect(try (written() - (start + 40 * velocity)).norm(.maximum) < 1e-11, "\(recipe)")
    }
    try fit.forecast(step: 40, recipe: .hold).write(to: folder.file("out"), from: run)
    #expect(try (written() - (start + 10 * velocity)).norm(.maximum) < 1e-14)
    #expect(try fit.forecast(step: 40).horizonRatio == 4)
  }

  @Test func theForecastLooksLikeTheBase() throws {
    let run = try folder.line([1, 2, 3], type: .bf16)
    let fit = try run.grams().fit()
    try fit.forecast(step: 4).write(to: folder.file("out.safetensors"), from: run)
    let (base, out) = (
      try SafetensorsFile(folder.file("w-0.safetensors")), try SafetensorsFile(folder.file("out.safetensors"))
    )
    #expect(out.tensors == base.tensors && out.metadata == base.metadata)
    #expect(try out.vector("ids", as: Double.self) == [4, 5] && out.vector("norm", as: Double.self) == [1, 2, 3])
    #expect(try out.matrix("w", as: Double.self) == start + 4 * velocity)
    let still = try #require(fit.tensors.first { $0.name == "norm" })
    #expect(still.fit.figures.energy == nil && still.walkTest.verdict == .still && still.q == nil)
    let weights = try fit.forecast(step: 4).tensors.map { ($0.name, $0.weights) }
    #expect(weights.allSatisfy { ($0 == "norm") == ($1 == nil) })
  }

  @Test func hiddenSnapshotsJudge() throws {
    let grams = try folder.line(1...10).grams()
    let fit = try grams.fit(observing: 4)
    #expect(fit.observed == 4)
    #expect(try #require(fit.skill(of: .relex)) > 1 - 1e-12)
    #expect(fit.skill(of: .hold) == 0)
    #expect(try #require(fit.relativeError(of: .relex, at: 9)) < 1e-6)
    #expect(abs(try #require(fit.relativeError(of: .hold, at: 9)) - 0.6) < 1e-12)
    #expect(try grams.fit().skill(of: .relex) == nil)
    #expect(throws: TrajectoryError.self) { try grams.fit(observing: 1) }
    #expect(throws: TrajectoryError.self) { try grams.fit(rank: 5, observing: 4) }
    #expect(throws: TrajectoryError.self) { try grams.fit(momentum: 1) }
    #expect(throws: TrajectoryError.self) { try fit.forecast(step: 0) }
    for k in [0, 10] { #expect(throws: TrajectoryError.self) { try grams.prefix(k) } }
  }

  @Test func blocksJoin() throws {
    // More than one block of 2¹⁸ elements.
    let (base, step) = (normal(3, 100_001, seed: 1), normal(3, 100_001, seed: 2))
    for i in 0...2 { try folder.write("w-\(i).safetensors", TensorValues("w", base + Double(i) * step)) }
    let run = try Trajectory(base: folder.file("w-0.safetensors"), checkpoints: folder.url)
    try run.grams().fit().forecast(step: 3).write(to: folder.file("out"), from: run)
    #expect(try (written() - (base + 3 * step)).norm(.maximum) < 1e-10)
  }

  @Test func farSteps() throws {
    // From a near base the differences are small, so that the secant is exact.
    let base = 1 << 53
    for i in 0...3 { try folder.write("run/w-\(base + i).safetensors", TensorValues("w", [2], [Double(i), 1])) }
    let near = try Trajectory(base: folder.file("run/w-\(base).safetensors"), checkpoints: folder.file("run"))
    try near.grams().fit().forecast(step: base + 5, recipe: .secant).write(to: folder.file("out"), from: near)
    #expect(try Trajectory.values(folder.file("out")) == [5, 1])
    for i in 1...3 {
      try folder.write("far/w-\(i * 2_000_000_000_000_000_000).safetensors", TensorValues("w", [2], [Double(i), 1]))
    }
    let far = try Trajectory(origin: .zero, checkpoints: folder.file("far"))
    try far.grams().fit().forecast(step: 8_000_000_000_000_000_000, recipe: .secant)
      .write(to: folder.file("out"), from: far)
    #expect(try Trajectory.values(folder.file("out")) == [4, 1])
  }

  @Test func anotherRunIsRefused() throws {
    let run = try folder.line(1...4)
    let forecast = try run.grams().fit(observing: 3).forecast(step: 9)
    let other = try TemporaryFolder()
    for steps in [[1, 2, 5, 6], [1, 2]] {
      let continued = try other.line(steps)
      #expect(throws: TrajectoryError.self) { try forecast.write(to: folder.file("out"), from: continued) }
    }
    for i in 0...3 { try folder.write("other/w-\(i).safetensors", TensorValues("v", [1], [Double(i)])) }
    let names = try Trajectory(base: folder.file("other/w-0.safetensors"), checkpoints: folder.file("other"))
    #expect(throws: TrajectoryError.self) { try forecast.write(to: folder.file("out"), from: names) }
    #expect(!FileManager.default.fileExists(atPath: folder.file("out").path))
    try forecast.write(to: folder.file("out"), from: run)
  }

  @Test func aProductIsNoCheckpoint() throws {
    for i in 0...4 {
      try folder.write(
        "step_\(i).safetensors", TensorValues("q.lora_A.weight", normal(2, 5, seed: UInt64(i))),
        TensorValues("q.lora_B.weight", normal(7, 2, seed: 10 + UInt64(i))))
    }
    try folder.write("adapter_config.json", text: #"{"peft_type": "LORA", "r": 2, "lora_alpha": 6}"#)
    let run = try Trajectory(base: folder.file("step_0.safetensors"), checkpoints: folder.url)
    let forecast = try run.grams().fit().forecast(step: 6)
    #expect(throws: TrajectoryError.self) { try forecast.write(to: folder.file("out"), from: run) }
    #expect(!FileManager.default.fileExists(atPath: folder.file("out").path))
    // The factors can be forecast, also from zero: the line through the origin at step 0.
    let factors = try Trajectory(origin: .zero, checkpoints: folder.url, adapters: .factors)
    try factors.grams().fit().forecast(step: 5, recipe: .secant).write(to: folder.file("out"), from: factors)
    let found = try SafetensorsFile(folder.file("out")).matrix("q.lora_B.weight", as: Double.self)
    #expect((found - (2 * normal(7, 2, seed: 14) - normal(7, 2, seed: 13))).norm(.maximum) < 1e-13)
    #expect(throws: TrajectoryError.self) { try forecast.write(to: folder.file("out"), from: factors) }
  }
}
