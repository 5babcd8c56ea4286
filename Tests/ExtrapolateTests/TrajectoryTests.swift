import Extrapolate
import Foundation
import Nulls
import Tensor
import TensorIO
import _TestSupport
import Testing

@testable import Runs

/// A folder of checkpoints that is removed when the test ends.
private final class Run {
  let url = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appending(path: name) }

  /// Writes a checkpoint: a matrix that moves, a vector that stays, and integers.
  func write(_ name: String, _ matrix: Matrix<Double>, type: ElementType = .f64, extra: Bool = true) throws {
    var layouts = [TensorLayout("w", type, shape: [matrix.rows, matrix.columns])]
    if extra { layouts += [TensorLayout("norm", .bf16, shape: [3]), TensorLayout("ids", .i64, shape: [2])] }
    let url = file(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    let writer = try SafetensorsWriter(to: url, tensors: layouts, metadata: ["format": "pt"])
    for info in writer.tensors {
      let values: [Double] = info.name == "w" ? Array(matrix.flattened) : info.name == "norm" ? [1, 2, 3] : [4, 5]
      try values.withUnsafeBufferPointer { try writer.append($0, to: info.name) }
    }
    try writer.finish()
  }
}

private let start = Matrix<Double>([[1, 2, 3], [4, 5, 6]])
private let velocity = Matrix<Double>([[0.5, 0, -1], [0, 0.25, 0]])

@Suite struct TrajectoryTests {
  @Test func aLineIsForecastExactly() throws {
    let run = try Run()
    // Uneven steps: the line is in the step, not in the row.
    for step in [0, 2, 3, 7, 10] { try run.write("w-\(step).safetensors", start + Double(step) * velocity) }
    let trajectory = try Trajectory(base: run.file("w-0.safetensors"), checkpoints: run.url)
    #expect(trajectory.steps == [2, 3, 7, 10] && trajectory.tensors.map(\.name) == ["w", "norm"])
    let fit = try trajectory.fit()
    for recipe in [ForecastRecipe.relex, .secant] {
      try fit.forecast(step: 40, recipe: recipe).write(to: run.file("out"))
      let found = try SafetensorsFile(run.file("out")).matrix("w", as: Double.self)
      #expect((found - (start + 40 * velocity)).norm(.maximum) < 1e-11, "\(recipe)")
    }
    try fit.forecast(step: 40, recipe: .hold).write(to: run.file("out"))
    #expect((try SafetensorsFile(run.file("out")).matrix("w") - (start + 10 * velocity)).norm(.maximum) < 1e-14)
    #expect(try fit.forecast(step: 40).horizonRatio == 4)
  }

  @Test func theForecastLooksLikeTheBase() throws {
    let run = try Run()
    for step in [0, 1, 2, 3] { try run.write("w-\(step).safetensors", start + Double(step) * velocity, type: .bf16) }
    let fit = try Trajectory(base: run.file("w-0.safetensors"), checkpoints: run.url).fit()
    try fit.forecast(step: 4).write(to: run.file("out.safetensors"))
    let (base, out) = (
      try SafetensorsFile(run.file("w-0.safetensors")), try SafetensorsFile(run.file("out.safetensors"))
    )
    #expect(out.tensors == base.tensors && out.metadata == base.metadata)
    #expect(try out.vector("ids", as: Double.self) == [4, 5] && out.vector("norm", as: Double.self) == [1, 2, 3])
    #expect(try out.matrix("w", as: Double.self) == start + 4 * velocity)
    let still = try #require(fit.tensors.first { $0.info.name == "norm" })
    #expect(still.fit.figures.energy == nil && still.walkTest.verdict == .still && still.q == nil)
  }

  @Test func hiddenSnapshotsJudge() throws {
    let run = try Run()
    for step in 0...10 { try run.write("w-\(step).safetensors", start + Double(step) * velocity) }
    let trajectory = try Trajectory(base: run.file("w-0.safetensors"), checkpoints: run.url)
    let fit = try trajectory.fit(observing: 4)
    #expect(fit.observed == 4)
    #expect(try #require(fit.skill(of: .relex)) > 1 - 1e-12)
    #expect(fit.skill(of: .hold) == 0)
    #expect(try #require(fit.relativeError(of: .relex, at: 9)) < 1e-6)
    #expect(abs(try #require(fit.relativeError(of: .hold, at: 9)) - 0.6) < 1e-12)
    #expect(try trajectory.fit().skill(of: .relex) == nil)
    #expect(throws: TrajectoryError.self) { try trajectory.fit(observing: 1) }
    #expect(throws: TrajectoryError.self) { try trajectory.fit(rank: 5, observing: 4) }
    #expect(throws: TrajectoryError.self) { try fit.forecast(step: 0) }
  }

  @Test func namesOfSnapshots() throws {
    let run = try Run()
    for name in [
      "base.safetensors", "a-5.safetensors", "model-00001-of-00003.safetensors", "notes-9.txt", "b7.safetensors",
      "checkpoint-20/model.safetensors", "global_step_30/model.safetensors", "other-40/model.safetensors",
    ] {
      try run.write(name, start)
    }
    let trajectory = try Trajectory(base: run.file("base.safetensors"), checkpoints: run.url)
    #expect(trajectory.base.step == 0 && trajectory.steps == [5, 20, 30])
    let later = try Trajectory(base: run.file("a-5.safetensors"), checkpoints: run.url)
    #expect(later.base.step == 5 && later.steps == [20, 30])
    try run.write("c-5.safetensors", start)
    #expect(throws: TrajectoryError.duplicateStep(5, "a-5.safetensors", "c-5.safetensors")) {
      try Trajectory(base: run.file("base.safetensors"), checkpoints: run.url)
    }
  }

  @Test func runsThatCannotBeRead() throws {
    let run = try Run()
    try run.write("w-0.safetensors", start)
    func open() throws -> Trajectory { try Trajectory(base: run.file("w-0.safetensors"), checkpoints: run.url) }
    #expect(throws: TrajectoryError.tooFewSnapshots(folder: run.url.relativePath, found: 0)) { try open() }
    try run.write("w-1.safetensors", start)
    #expect(throws: TrajectoryError.tooFewSnapshots(folder: run.url.relativePath, found: 1)) { try open() }
    try run.write("w-2.safetensors", start, extra: false)
    #expect(throws: TrajectoryError.missingTensor(snapshot: "w-2.safetensors", tensor: "ids")) { try open() }
    try run.write("w-2.safetensors", Matrix(start.transposed))
    #expect(
      throws: TrajectoryError.shapeMismatch(snapshot: "w-2.safetensors", tensor: "w", found: [3, 2], base: [2, 3])
    ) {
      try open()
    }
    var broken = start
    broken[1, 1] = .infinity
    try run.write("w-2.safetensors", broken)
    #expect(throws: TrajectoryError.notFinite(snapshot: "w-2.safetensors", tensor: "w")) { try open().fit() }
    try Data("x".utf8).write(to: run.file("w-2.safetensors"))
    #expect(throws: TrajectoryError.self) { try open() }
    #expect(throws: TrajectoryError.self) { try Trajectory(base: run.file("none"), checkpoints: run.url) }
    #expect(throws: TrajectoryError.self) {
      try Trajectory(base: run.file("w-0.safetensors"), checkpoints: run.file("none"))
    }
  }

  @Test func tensorsOfManyBlocksAreReadWhole() throws {
    let run = try Run()
    // More than one block of 2²² entries shared by three rows.
    let (rows, columns) = (3, 700_001)
    let base = normal(rows, columns, seed: 1)
    let step = normal(rows, columns, seed: 2)
    for i in 0...2 { try run.write("w-\(i).safetensors", base + Double(i) * step, extra: false) }
    let trajectory = try Trajectory(base: run.file("w-0.safetensors"), checkpoints: run.url)
    let gram = try trajectory.grams()[0].gram
    let expected = step.dot(step)
    #expect(abs(gram[0, 0] / expected - 1) < 1e-12 && abs(gram[1, 1] / (4 * expected) - 1) < 1e-12)
    try trajectory.fit().forecast(step: 3).write(to: run.file("out"))
    let found = try SafetensorsFile(run.file("out")).matrix("w", as: Double.self)
    #expect((found - (base + 3 * step)).norm(.maximum) < 1e-10)
  }

  @Test func cancellationStopsTheReading() async throws {
    let run = try Run()
    for step in 0...2 { try run.write("w-\(step).safetensors", start) }
    let trajectory = try Trajectory(base: run.file("w-0.safetensors"), checkpoints: run.url)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try trajectory.grams()
    }
    task.cancel()
    await #expect(throws: TrajectoryError.cancelled) { try await task.value }
  }
}
