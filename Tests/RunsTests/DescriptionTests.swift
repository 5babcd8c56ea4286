import Foundation
import TensorIO
import Testing
import _TestSupport

@testable import Runs

@Suite struct DescriptionTests {
  @Test func partsOfARunAreWords() throws {
    let folder = try TemporaryFolder()
    for step in [0, 2, 7] {
      try folder.write("w-\(step).safetensors", TensorValues("w", .f64, [2], [Double(step), 1]))
    }
    let run = try Trajectory(base: folder.file("w-0.safetensors"), checkpoints: folder.url)
    #expect("\(run.base)" == "step 0, w-0.safetensors" && "\(run.snapshots[1])" == "step 7, w-7.safetensors")
    #expect("\(run.origin)" == "checkpoint w-0.safetensors" && "\(Trajectory.Origin.zero)" == "zero")
    #expect(
      "\(try run.grams().tensors[0])"
        == "w [2]: 2 snapshots, 2.0 to 7.0 steps from the base, 7.0 away from it at the end")
    #expect("\(Trajectory.LeftOut(name: "notes", reason: "a folder"))" == "notes: a folder")
    let difference = Trajectory.TypeDifference(tensor: "norm", snapshot: "w-2", found: .bf16, base: .f32)
    #expect("\(difference)" == "norm is BF16 in w-2 and F32 in the base")
  }
}
