import Foundation
import Runs
import TensorIO
import _TestSupport
import Testing

/// Which files and folders are snapshots, and what is said of the others.
@Suite struct RunFolderTests {
  private func weights(_ value: Double) -> TensorValues { TensorValues("w", [2], [value, 1]) }

  private func steps(_ names: String...) throws -> [Int] {
    let folder = try TemporaryFolder()
    for (i, name) in names.enumerated() { try folder.write("run/\(name)", weights(Double(i))) }
    return try Trajectory(origin: .zero, checkpoints: folder.file("run")).steps
  }

  @Test func namesOfFiles() throws {
    #expect(
      try steps("a-00000100.safetensors", "NAME-step00000200.safetensors", "step_300.safetensors") == [100, 200, 300])
    #expect(try steps("0000100_adapters.safetensors", "000200.safetensors", "adapters.safetensors") == [100, 200])
    #expect(
      try steps("step10.safetensors", "model.step-20.safetensors", "epoch=1-step=30.safetensors") == [10, 20, 30])
    #expect(try steps("checkpoint_5.safetensors", "run_iter_0006.safetensors", "ckpt-7.safetensors") == [5, 6, 7])
  }

  @Test func namesOfFolders() throws {
    let model = "model.safetensors"
    #expect(
      try steps("checkpoint-1/\(model)", "global_step_2/\(model)", "global_step3/\(model)", "step_4/\(model)") == [
        1, 2, 3, 4,
      ])
    #expect(try steps("step10/\(model)", "000100/\(model)", "run-step-200/\(model)") == [10, 100, 200])
    #expect(
      try steps(
        "global_step_10/actor/huggingface/\(model)", "global_step_20/actor/huggingface/\(model)",
        "global_step_30/actor/lora_adapter/adapter_model.safetensors") == [10, 20, 30])
  }

  @Test func whatIsLeftOutIsSaid() throws {
    let folder = try TemporaryFolder()
    let names = [
      "w-1.safetensors", "w-2.safetensors", "face.safetensors", "model-00001-of-00002.safetensors",
      "v2.safetensors", "best/model.safetensors", "old-0.safetensors",
    ]
    for name in names { try folder.write("run/\(name)", weights(1)) }
    // Nothing that looks like weights is not worth a word, nor is a hidden file.
    for name in ["log-3.txt", "2024/notes.txt", ".cache-9.safetensors", "logs/events.txt", "step_9.pt"] {
      try folder.write("run/\(name)", text: "x")
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("run/gone-7.safetensors").path, withDestinationPath: "nowhere")
    let run = try Trajectory(origin: .zero, checkpoints: folder.file("run"))
    #expect(run.steps == [1, 2])
    #expect(
      run.leftOut.map { "\($0.name): \($0.reason)" } == [
        "2024: no safetensors file in it", "best: no step in its name", "face.safetensors: no step in its name",
        "gone-7.safetensors: the link leads nowhere",
        "model-00001-of-00002.safetensors: a shard; a sharded snapshot is a folder named checkpoint-STEP",
        "old-0.safetensors: its step 0 is not later than the base's step 0",
        "step_9.pt: not a safetensors file", "v2.safetensors: no step in its name",
      ])
    // The base is not left out: it is read.
    let based = try Trajectory(base: folder.file("run/old-0.safetensors"), checkpoints: folder.file("run"))
    #expect(!based.leftOut.contains { $0.name == "old-0.safetensors" })
  }

  @Test func theStepOfTheBase() throws {
    let folder = try TemporaryFolder()
    for name in ["checkpoint-5", "global_step_7/actor/huggingface", "step_8", "000009"] {
      try folder.write("run/\(name)/model.safetensors", weights(1))
    }
    func step(_ base: String) throws -> Int {
      try Trajectory(base: folder.file("run/\(base)"), checkpoints: folder.file("run")).base.step
    }
    #expect(try step("checkpoint-5") == 5 && step("checkpoint-5/model.safetensors") == 5)
    #expect(try step("global_step_7") == 7 && step("global_step_7/actor/huggingface") == 7)
    try folder.write("checkpoint-3/other.safetensors", weights(1))
    #expect(try step("../checkpoint-3/other.safetensors") == 0)
    for (key, text, expected) in [("step", "6", 6), ("global_step", "5", 5), ("step", "x", 0), ("step", "-3", 0)] {
      let url = folder.file("base.safetensors")
      let writer = try SafetensorsWriter(to: url, tensors: [TensorLayout("w", .f32, shape: [2])], metadata: [key: text])
      try [1.0, 2].withUnsafeBufferPointer { try writer.append($0, to: "w") }
      try writer.finish()
      #expect(try step("../base.safetensors") == expected)
    }
  }

  @Test(arguments: ["w-9223372036854775808.safetensors", "step_99999999999999999999.safetensors"])
  func stepsThatNoIntegerHolds(name: String) throws {
    let folder = try TemporaryFolder()
    for name in ["w-1.safetensors", "w-2.safetensors", name] { try folder.write("run/\(name)", weights(1)) }
    let message = refusal {
      try Trajectory(origin: .zero, checkpoints: folder.file("run"))
    }
    #expect(message.hasPrefix(name))
  }

  @Test func filesThatWouldBecomeSnapshots() throws {
    let folder = try TemporaryFolder()
    try folder.write("run/checkpoint-5/model.safetensors", weights(1))
    try folder.write("run/logs/x.safetensors", weights(1))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link").path, withDestinationPath: folder.file("run").path)
    func wouldRead(_ name: String) -> Bool { Trajectory.wouldRead(folder.file(name), in: folder.file("run")) }
    for name in [
      "run/w-7.safetensors", "run/step_7.safetensors", "run/000007.safetensors", "link/w-7.safetensors",
      "run/../run/w-7.safetensors", "run/checkpoint-5/more.safetensors", "run/checkpoint-6/model.safetensors",
      "run/global_step_6/actor/huggingface/model.safetensors", "run/w-99999999999999999999.safetensors",
    ] {
      #expect(wouldRead(name), "\(name)")
    }
    for name in ["run/forecast.safetensors", "w-7.safetensors", "runs/w-7.safetensors", "run/logs/w-7.safetensors"] {
      #expect(!wouldRead(name), "\(name)")
    }
  }

  @Test func twoNamesOfOneStep() throws {
    let folder = try TemporaryFolder()
    for name in ["step_10.safetensors", "checkpoint-10/model.safetensors", "w-20.safetensors"] {
      try folder.write("run/\(name)", weights(1))
    }
    #expect(throws: TrajectoryError.duplicateStep(10, "checkpoint-10", "step_10.safetensors")) {
      try Trajectory(origin: .zero, checkpoints: folder.file("run"))
    }
  }

  @Test func stepsBeyondWhatFloat64TellsApart() throws {
    let folder = try TemporaryFolder()
    let base = 1 << 53
    for i in 0...3 { try folder.write("run/w-\(base + i).safetensors", weights(Double(i))) }
    let near = try Trajectory(
      base: folder.file("run/w-\(base).safetensors"), checkpoints: folder.file("run"))
    #expect(try near.grams().total.distances == [1, 2, 3])
    // From a far base they would all be the same distance.
    #expect(throws: TrajectoryError.self) { try Trajectory(origin: .zero, checkpoints: folder.file("run")) }
    // Far steps that float64 does tell apart are fine.
    let far = try TemporaryFolder()
    for i in 1...3 { try far.write("run/w-\(i * 2_000_000_000_000_000_000).safetensors", weights(Double(i))) }
    #expect(try Trajectory(origin: .zero, checkpoints: far.file("run")).grams().total.distances == [2e18, 4e18, 6e18])
  }
}
