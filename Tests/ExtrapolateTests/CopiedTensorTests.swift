import Extrapolate
import Foundation
import Runs
import TensorIO
import _TestSupport
import Testing

extension Trajectory {
  /// The values of the tensor `w` in a file.
  static func values(_ url: URL) throws -> [Double] {
    Array(try SafetensorsFile(url).vector("w", as: Double.self))
  }
}

/// Tensors that a forecast only copies, and numbers that do not fit into their type.
@Suite struct CopiedTensorTests {
  /// A run of three snapshots, the tensors of each given by its step.
  private func run(_ items: (Int) -> [TensorValues]) throws -> (folder: TemporaryFolder, open: () throws -> Trajectory)
  {
    let folder = try TemporaryFolder()
    for step in 0...3 { try folder.write("w-\(step).safetensors", items(step)) }
    return (folder, { try Trajectory(base: folder.file("w-0.safetensors"), checkpoints: folder.url) })
  }

  private func weights(_ step: Int) -> TensorValues { TensorValues("w", .f32, [2], [Double(step), 1]) }

  @Test(arguments: [ElementType.i32, .u32, .u8, .i8, .i64, .bool, .u16])
  func codesThatChangeAreAnError(type: ElementType) throws {
    let changed = try run { [weights($0), TensorValues("layer.weight", type, [3], [1, 0, $0 == 2 ? 1 : 0])] }
    let error = TrajectoryError.changedCopy(
      snapshot: "w-2.safetensors", tensor: "layer.weight", content: type.rawValue)
    #expect(throws: error) { try changed.open().grams() }
    #expect("\(error)".contains("\"layer.weight\" (\(type.rawValue)) differs from the base's"))
    let same = try run { [weights($0), TensorValues("layer.weight", type, [3], [1, 0, 1])] }
    let opened = try same.open()
    try opened.grams().fit().forecast(step: 5).write(to: same.folder.file("out"), from: opened)
    #expect(try Trajectory.values(same.folder.file("out")) == [5, 1])
  }

  @Test(arguments: [ElementType.f8e4m3, .f8e5m2, .c64, .f4]) func bytesThatAreNotReadAreCompared(type: ElementType)
    throws
  {
    func write(_ folder: TemporaryFolder, _ step: Int, byte: UInt8) throws {
      let layouts = [
        TensorLayout("w", .f32, shape: [2]), TensorLayout("q.weight", type, shape: [2, 4]),
        TensorLayout("q.weight_scale_inv", .f32, shape: [1]),
      ]
      let writer = try SafetensorsWriter(to: folder.file("w-\(step).safetensors"), tensors: layouts)
      for info in writer.tensors {
        var bytes = [UInt8](repeating: 0, count: info.byteRange.count)
        if info.name == "q.weight" { bytes[bytes.count - 1] = byte }
        try bytes.withUnsafeBytes { try writer.append(bytes: $0, to: info.name) }
      }
      try writer.finish()
    }
    let folder = try TemporaryFolder()
    for step in 0...2 { try write(folder, step, byte: 7) }
    let trajectory = try Trajectory(base: folder.file("w-0.safetensors"), checkpoints: folder.url)
    try trajectory.grams().fit().forecast(step: 3).write(to: folder.file("out"), from: trajectory)
    try write(folder, 2, byte: 8)
    let changed = try Trajectory(base: folder.file("w-0.safetensors"), checkpoints: folder.url)
    #expect(
      throws: TrajectoryError.changedCopy(snapshot: "w-2.safetensors", tensor: "q.weight", content: type.rawValue)
    ) {
      try changed.grams()
    }
  }

  @Test(
    arguments: [
      ("q.weight", ElementType.u32, "q.scales"), ("q.qweight", .i32, "q.scales"), ("q.weight", .u8, "q.weight.absmax"),
      ("q.weight", .i8, "q.SCB"), ("q.weight", .i8, "q.weight_scale"), ("e_blocks", .u8, "e_scales"),
    ])
  func scalesOfCodesAreNotForecast(codes: String, type: ElementType, scales: String) throws {
    func items(_ step: Int, _ scale: Double) -> [TensorValues] {
      [weights(step), TensorValues(codes, type, [2, 2], [1, 2, 3, 4]), TensorValues(scales, .f32, [2], [scale, 1])]
    }
    let same = try run { items($0, 1) }
    #expect(try same.open().tensors.map(\.name) == ["w"])
    let opened = try same.open()
    try opened.grams().fit().forecast(step: 5).write(to: same.folder.file("out"), from: opened)
    #expect(try Trajectory.values(same.folder.file("out")) == [5, 1])
    let trained = try run { items($0, Double($0)) }
    #expect(throws: TrajectoryError.changedCopy(snapshot: "w-1.safetensors", tensor: scales, content: "F32")) {
      try trained.open().grams()
    }
  }

  @Test func theForecastOfMixedTypesHasThoseOfTheBase() throws {
    let types: [ElementType] = [.f16, .bf16, .f32, .f64]
    let mixed = try run { [TensorValues("w", types[$0], [2], [Double($0), 1])] }
    let trajectory = try mixed.open()
    try trajectory.grams().fit().forecast(step: 6).write(to: mixed.folder.file("out"), from: trajectory)
    #expect(try Trajectory.values(mixed.folder.file("out")) == [6, 1])
    #expect(try SafetensorsFile(mixed.folder.file("out")).tensors[0].type == .f16)
  }

  @Test(
    arguments: [
      (ElementType.f16, 9000.0, 7, 8), (.bf16, 0x1p125, 7, 8), (.f32, 0x1p125, 7, 8), (.f64, 1e150, 1000, nil),
    ] as [(ElementType, Double, Int, Int?)])
  func numbersThatDoNotFitAreAnError(type: ElementType, slope: Double, last: Int, first: Int?) throws {
    let (folder, open) = try run { [TensorValues("w", type, [2], [slope * Double($0), 1])] }
    let out = folder.file("out")
    let run = try open()
    let fit = try run.grams().fit()
    try fit.forecast(step: last, recipe: .secant).write(to: out, from: run)
    let before = try Data(contentsOf: out)
    #expect(try Trajectory.values(out)[0].isFinite)
    guard let first else { return }
    #expect(throws: TrajectoryError.overflow(tensor: "w", type: type, step: first)) {
      try fit.forecast(step: first, recipe: .secant).write(to: out, from: run)
    }
    // What was there stays, and nothing is left beside it.
    #expect(try Data(contentsOf: out) == before)
    #expect(folder.names.count == 5)
  }

  @Test func aFileIsBegunBeforeTheWork() throws {
    let (folder, open) = try run { [weights($0)] }
    let trajectory = try open()
    #expect(throws: TrajectoryError.self) { try ForecastFile(folder.file("none/f.safetensors"), for: trajectory) }
    let file = try ForecastFile(folder.file("f.safetensors"), for: trajectory)
    #expect(!FileManager.default.fileExists(atPath: folder.file("f.safetensors").path))
    try trajectory.grams().fit().forecast(step: 4).write(to: file)
    #expect(try Trajectory.values(folder.file("f.safetensors")) == [4, 1])
  }
}
