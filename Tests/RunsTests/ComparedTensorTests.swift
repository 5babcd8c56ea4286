import Foundation
import Runs
import Tensor
import TensorIO
import _TestSupport
import Testing

/// Tensors that are compared with the base's, as bytes or as numbers.
@Suite struct ComparedTensorTests {
  /// A run of three snapshots, the tensors of each given by its step.
  private func run(_ items: (Int) -> [TensorValues]) throws -> (folder: TemporaryFolder, open: () throws -> Trajectory)
  {
    let folder = try TemporaryFolder()
    for step in 0...3 { try folder.write("w-\(step).safetensors", items(step)) }
    return (folder, { try Trajectory(base: folder.file("w-0.safetensors"), checkpoints: folder.url) })
  }

  private func weights(_ step: Int) -> TensorValues { TensorValues("w", .f32, [2], [Double(step), 1]) }

  @Test func bytesBeyondTheFirstBlockAreCompared() throws {
    let count = (1 << 20) + 5
    let changed = try run { step in
      var codes = [Double](repeating: 1, count: count)
      codes[count - 1] = step == 3 ? 2 : 1
      return [weights(step), TensorValues("codes", .u8, [count], codes)]
    }
    #expect(throws: TrajectoryError.changedCopy(snapshot: "w-3.safetensors", tensor: "codes", content: "U8")) {
      try changed.open().grams()
    }
  }

  @Test(arguments: [(ElementType.f16, ElementType.u8), (.u8, .f32), (.bf16, .i32), (.i32, .u32), (.i64, .f64)])
  func typesThatCannotBeCompared(base: ElementType, other: ElementType) throws {
    let mixed = try run { [TensorValues("w", $0 == 2 ? other : base, [2], [1, 0])] }
    #expect(
      throws: TrajectoryError.typeMismatch(snapshot: "w-2.safetensors", tensor: "w", found: other, base: base)
    ) {
      try mixed.open()
    }
  }

  @Test func floatingPointTypesAreComparedAsNumbers() throws {
    let types: [ElementType] = [.f16, .bf16, .f32, .f64]
    let mixed = try run { [TensorValues("w", types[$0], [2], [Double($0), 1])] }
    let trajectory = try mixed.open()
    #expect(trajectory.typeDifferences.map(\.found) == [.bf16, .f32, .f64])
    #expect(trajectory.typeDifferences.allSatisfy { $0.base == .f16 && $0.tensor == "w" })
    #expect(try trajectory.grams().total.gram.diagonal == [1, 4, 9])
  }

  @Test func aRunWithoutFloatingPointTensorsIsAnError() throws {
    let (folder, open) = try run { _ in [TensorValues("ids", .i64, [2], [1, 2])] }
    let base = folder.file("w-0.safetensors").relativePath
    #expect(throws: TrajectoryError.invalidArgument("\(base) has no floating-point tensor")) { try open().grams() }
  }
}
