import Foundation
import Runs
import Tensor
import TensorIO
import _TestSupport
import Testing

/// Runs that are opened, and runs that are refused.
@Suite struct TrajectoryTests {
  private let folder: TemporaryFolder
  private let start = Matrix<Double>([[1, 2, 3], [4, 5, 6]])

  init() throws { folder = try TemporaryFolder() }

  /// Writes a checkpoint: a matrix, a vector, and integers.
  private func write(_ name: String, _ matrix: Matrix<Double>, extra: Bool = true) throws {
    let others = [TensorValues("norm", .bf16, [3], [1, 2, 3]), TensorValues("ids", .i64, [2], [4, 5])]
    try folder.write(name, [TensorValues("w", matrix)] + (extra ? others : []))
  }

  private func open(_ base: String = "w-0.safetensors") throws -> Trajectory {
    try Trajectory(base: folder.file(base), checkpoints: folder.url)
  }

  @Test func aRunSaysWhatItHolds() throws {
    for step in [0, 2, 7] { try write("w-\(step).safetensors", start) }
    let run = try open()
    #expect(run.steps == [2, 7] && run.tensors.map(\.name) == ["w", "norm"])
    #expect("\(run)" == "2 snapshots, steps 2 to 7, base w-0.safetensors at step 0; 2 tensors, 9 weights")
    let zero = try Trajectory(origin: .zero, checkpoints: folder.url)
    #expect("\(zero)" == "2 snapshots, steps 2 to 7, counted from zero; 2 tensors, 9 weights")
  }

  @Test func namesOfSnapshots() throws {
    for name in [
      "base.safetensors", "a-5.safetensors", "model-00001-of-00003.safetensors", "notes-9.txt", "b7.safetensors",
      "checkpoint-20/model.safetensors", "global_step_30/model.safetensors", "other-40/model.safetensors",
    ] {
      try write(name, start)
    }
    let trajectory = try open("base.safetensors")
    #expect(trajectory.base.step == 0 && trajectory.steps == [5, 20, 30])
    let later = try open("a-5.safetensors")
    #expect(later.base.step == 5 && later.steps == [20, 30])
    try write("c-5.safetensors", start)
    #expect(throws: TrajectoryError.duplicateStep(5, "a-5.safetensors", "c-5.safetensors")) {
      try open("base.safetensors")
    }
  }

  @Test func runsThatCannotBeRead() throws {
    try write("w-0.safetensors", start)
    #expect(throws: TrajectoryError.tooFewSnapshots(folder: folder.url.relativePath, found: 0)) { try open() }
    try write("w-1.safetensors", start)
    #expect(throws: TrajectoryError.tooFewSnapshots(folder: folder.url.relativePath, found: 1)) { try open() }
    try write("w-2.safetensors", start, extra: false)
    #expect(throws: TrajectoryError.missingTensor(snapshot: "w-2.safetensors", tensor: "ids")) { try open() }
    try write("w-2.safetensors", Matrix(start.transposed))
    #expect(
      throws: TrajectoryError.shapeMismatch(snapshot: "w-2.safetensors", tensor: "w", found: [3, 2], base: [2, 3])
    ) {
      try open()
    }
    var broken = start
    broken[1, 1] = .infinity
    try write("w-2.safetensors", broken)
    #expect(throws: TrajectoryError.notFinite(snapshot: "w-2.safetensors", tensor: "w")) { try open().grams() }
    try folder.write("w-2.safetensors", text: "x")
    #expect(throws: TrajectoryError.self) { try open() }
    #expect(throws: TrajectoryError.self) { try open("none") }
    #expect(throws: TrajectoryError.self) {
      try Trajectory(base: folder.file("w-0.safetensors"), checkpoints: folder.file("none"))
    }
  }
}
