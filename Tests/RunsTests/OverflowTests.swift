import Runs
import Tensor
import TensorIO
import _TestSupport
import Testing

/// Weights whose squares leave the range of float64.
@Suite struct OverflowTests {
  @Test(arguments: [(1e-160, "vanish"), (1e200, "overflow")])
  func squaresThatFloat64DoesNotHoldAreAnError(unit: Double, word: String) throws {
    let folder = try TemporaryFolder()
    for i in 0...3 { try folder.write("w-\(i).safetensors", TensorValues("w", .f64, [2], [unit * Double(i), 1])) }
    let run = try Trajectory(base: folder.file("w-0.safetensors"), checkpoints: folder.url)
    let message = refusal { try run.grams() }
    #expect(message.contains("squares \(word)"))
  }

  @Test func tensorsThatOverflowTogether() throws {
    let folder = try TemporaryFolder()
    for i in 0...2 {
      let value = Double(i) * 0.6e154
      try folder.write("w-\(i).safetensors", (0..<3).map { TensorValues("w\($0)", .f64, [1], [value]) })
    }
    let run = try Trajectory(base: folder.file("w-0.safetensors"), checkpoints: folder.url)
    let message = refusal { try run.grams() }
    #expect(message.contains("all tensors together overflow"))
  }
}
