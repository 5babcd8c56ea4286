import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// What is read and written: every kind of checkpoint, and those that are refused.
extension ExtrapolateCommandTests {
  /// One checkpoint with every kind of tensor; the integers stay, and a forecast takes the base's.
  private func mixed(_ step: Double) -> [TensorValues] {
    [
      TensorValues("brain", .bf16, [2, 2], [1, 2 + step, -1 - 0.5 * step, 0]),
      TensorValues("half", .f16, [3], [0.5 + step, 1, 2 - step]),
      TensorValues("single", .f32, [1, 3], [step, 2 * step, 3]), TensorValues("double", .f64, [2], [0.1 + step, 0.2]),
      TensorValues("ids", .i64, [2], [0x1p40, 7]), TensorValues("mask", .u8, [3], [0, 255, 1]),
      TensorValues("norm", .bf16, [3], [1.5, 2.5, 3.5]), TensorValues("scalar", .f32, [], [step]),
    ]
  }

  @Test func theForecastLooksLikeTheBase() throws {
    let scratch = try TemporaryFolder()
    let metadata = ["format": "pt", "note": "größer"]
    for step in 0...3 {
      try scratch.write(
        "run/w-\(step).safetensors", mixed(Double(step)), metadata: step == 0 ? metadata : ["format": "other"])
    }
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let origin = folder.appending(path: "w-0.safetensors")
    let json = try linstruct(words(origin, folder, 6, url)).json()
    #expect(try tensors(json).count == 6)
    let (base, out) = (try SafetensorsFile(origin), try SafetensorsFile(url))
    // Names, order, shapes, types and places.
    #expect(out.tensors == base.tensors && out.metadata == metadata)
    for (expected, before) in zip(mixed(6), mixed(0)) {
      let found = try out.vector(flat: expected.name, count: expected.values.count)
      let type = expected.type
      // Each value can be written in its type, so rounding once gives it exactly; integers are the base's.
      let wanted = type == .i64 || type == .u8 ? before.values : expected.values
      for (a, b) in zip(found, wanted) { #expect(type == .f64 ? abs(a - b) < 1e-12 : a == b, "\(expected.name)") }
    }
  }

  @Test func lowPrecisionIsRoundedOnce() throws {
    let scratch = try TemporaryFolder()
    let rows = normal(3, 50, seed: 21)
    func stored(_ i: Int) -> [Double] { rows.row(i).map { Double(Float(BFloat16($0))) } }
    for i in 0..<3 {
      try scratch.write("run/w-\(i).safetensors", [TensorValues("w", .bf16, [50], Array(rows.row(i)))])
    }
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let all = words(folder.appending(path: "w-0.safetensors"), folder, 5, url) + ["--recipe", "secant"]
    #expect(try linstruct(all).status == 0)
    let found = try SafetensorsFile(url).vector("w", as: Double.self)
    for (j, (one, two)) in zip(stored(1), stored(2)).enumerated() {
      #expect(found[j] == Double(Float(BFloat16(4 * two - 3 * one))))
    }
  }

  @Test func foldersOfShardsAreSnapshots() throws {
    let scratch = try TemporaryFolder()
    for step in 0...3 {
      let name = step == 0 ? "base" : step == 3 ? "run/global_step_3" : "run/checkpoint-\(step)"
      let w = start + Double(step) * velocity
      try scratch.write("\(name)/model-00001-of-00002.safetensors", [TensorValues("w", w)])
      try scratch.write("\(name)/model-00002-of-00002.safetensors", [TensorValues("b", .f32, [1], [Double(step)])])
      let index = [
        "weight_map": ["w": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"]
      ]
      try JSONSerialization.data(withJSONObject: index)
        .write(to: scratch.file("\(name)/model.safetensors.index.json"))
    }
    // Names that are no snapshots: a shard, another ending, no step.
    for name in ["model-00001-of-00003.safetensors", "last.safetensors", "notes-4.txt"] {
      try scratch.write("run/\(name)", [TensorValues("x", .f32, [1], [1])])
    }
    let url = scratch.file("f.safetensors")
    let json = try linstruct(words(scratch.file("base"), scratch.file("run"), 4, url)).json()
    #expect(json["steps"] as? [Int] == [1, 2, 3])
    let file = try SafetensorsFile(url)
    #expect((try file.matrix("w", as: Double.self) - (start + 4 * velocity)).norm(.maximum) < 1e-12)
    #expect(try file.vector("b", as: Double.self) == [4])
  }

  @Test func theSameBytesTwice() throws {
    let scratch = try TemporaryFolder()
    _ = try noisyRun(scratch, steps: [1, 2, 4, 5, 7, 8, 10, 11, 12, 13, 15, 16, 18])
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let all = words(folder.appending(path: "step-0.safetensors"), folder, 30, url)
    for extra in [[], ["--observe", "8"], ["--recipe", "shrunk"], ["--rank", "2"], ["--seed", "5"]] {
      try expectTheSameBytes(all + extra, output: url)
    }
    try expectTheSameBytes(all.filter { $0 != "--json" }, output: url)
  }

  @Test func runsThatCannotBeForecast() throws {
    let scratch = try TemporaryFolder()
    try lineRun(scratch, steps: [0])
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let base = folder.appending(path: "w-0.safetensors")
    let all = words(base, folder, 40, url)
    try expectRefusal(all, status: 1, saying: "run: no snapshot", "two are needed", "-STEP.safetensors")
    try lineRun(scratch, steps: [1])
    try expectRefusal(all, status: 1, saying: "run: one snapshot", "two are needed", "checkpoint-STEP")
    try FileManager.default.createDirectory(at: scratch.file("empty"), withIntermediateDirectories: true)
    try expectRefusal(words(base, scratch.file("empty"), 40, url), status: 1, saying: "empty: no snapshot")
    try expectRefusal(words(base, scratch.file("nowhere"), 40, url), status: 1, saying: "nowhere", "cannot be listed")
    try expectRefusal(words(scratch.file("no.safetensors"), folder, 40, url), status: 1, saying: "no.safetensors")

    try scratch.write("run/w-2.safetensors", [TensorValues("w", start)])
    try expectRefusal(
      all, status: 1, saying: "w-2.safetensors", "\"w.still\"", "missing", "must come from the base's model")
    let still = TensorValues("w.still", .f32, [2], [1, 2])
    try scratch.write("run/w-2.safetensors", [TensorValues("w", Matrix(start.transposed)), still])
    try expectRefusal(all, status: 1, saying: "w-2.safetensors", "\"w\"", "[3, 2]", "[2, 3]", "resized?")
    var entries = start
    entries[1, 1] = .nan
    try scratch.write("run/w-2.safetensors", [TensorValues("w", entries), still])
    try expectRefusal(all, status: 1, saying: "w-2.safetensors", "\"w\"", "NaN", "leave this snapshot out")
    try Data("not a checkpoint".utf8).write(to: scratch.file("run/w-2.safetensors"))
    try expectRefusal(all, status: 1, saying: "w-2.safetensors")
    try lineRun(scratch, steps: [2, 3])
    try scratch.write("run/copy-3.safetensors", [TensorValues("w", start), still])
    try expectRefusal(all, status: 1, saying: "step 3", "copy-3.safetensors", "w-3.safetensors", "remove one")
    try FileManager.default.removeItem(at: scratch.file("run/copy-3.safetensors"))
    for observe in ["0", "1"] {
      try expectRefusal(
        all + ["--observe", observe], status: 1, saying: "run: --observe \(observe) leaves \(observe) of 3 snapshots",
        "two are needed", "give --observe a step from 2 on")
    }
    #expect(!FileManager.default.fileExists(atPath: url.path))
    #expect(try linstruct(all).status == 0)
  }

  @Test func wordsThatAreWrong() throws {
    let scratch = try TemporaryFolder()
    try lineRun(scratch, steps: [5, 6, 7, 8])
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let base = folder.appending(path: "w-5.safetensors")
    let all = words(base, folder, 40, url)
    try expectRefusal(words(base, folder, 5, url), status: 64, saying: "--target 5", "the base at step 5")
    try expectRefusal(all + ["--recipe", "spline"], status: 64, saying: "spline", "relex", "shrunk", "secant", "hold")
    for rank in ["0", "4", "x"] { try expectRefusal(all + ["--rank", rank], status: 64, saying: "--rank", rank) }
    try expectRefusal(all + ["--rank", "3", "--observe", "7"], status: 64, saying: "--rank 3", "1...2")
    for observe in ["-1", "1.5"] { try expectRefusal(all + ["--observe", observe], status: 64, saying: "--observe") }
    try expectRefusal(words(base, folder, 40, scratch.file("f.npy")), status: 64, saying: "--output", ".safetensors")
    for option in ["--base", "--checkpoints", "--target", "--output"] {
      guard let i = all.firstIndex(of: option) else { continue }
      let fewer = Array(all[..<i] + all[(i + 2)...])
      try expectRefusal(fewer, status: 64, saying: "\(option) is missing")
    }
    #expect(!FileManager.default.fileExists(atPath: url.path))
  }
}

extension SafetensorsFile {
  /// The values of a tensor of any shape.
  fileprivate func vector(flat name: String, count: Int) throws -> [Double] {
    var values = [Double](repeating: 0, count: count)
    try values.withUnsafeMutableBufferPointer { try read(name, elements: 0..<count, into: $0) }
    return values
  }
}
