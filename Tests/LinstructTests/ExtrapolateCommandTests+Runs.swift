import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// What the report says of a run: its folder, its types, its adapters, and the skill of each recipe.
extension ExtrapolateCommandTests {
  @Test func everyRecipesSkillIsPrinted() throws {
    let scratch = try TemporaryFolder()
    _ = try noisyRun(scratch, steps: [1, 2, 4, 5, 7, 8, 10, 11])
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let all = words(folder.appending(path: "step-0.safetensors"), folder, 15, url) + ["--observe", "7"]
    for recipe in ["relex", "secant", "shrunk", "hold"] {
      let run = try linstruct(all + ["--recipe", recipe])
      let json = try run.json()
      let skills = try #require(json["skills"] as? [[String: Any]])
      #expect(skills.compactMap { $0["recipe"] as? String } == ["relex", "hold", "shrunk", "secant"])
      let own = try number(try #require(skills.first { $0["recipe"] as? String == recipe }), "skill")
      #expect(try own == number(json, "skill"))
      // A recipe that is worse than keeping the last snapshot says so, and what is better.
      #expect(run.error.contains("--recipe \(recipe) is worse than keeping the last") == (own < 0), "\(run.error)")
    }
    let text = try linstruct(all.filter { $0 != "--json" }).output
    #expect(text.contains("skill on hidden snapshots (keep the last: 0): relex "))
    #expect(text.contains(", shrunk ") && text.contains(", secant "))
    #expect(text.contains("5 snapshots are too few for a verdict, 7 would do"))
    let none = try linstruct(Array(all.dropLast(2)).filter { $0 != "--json" }).output
    #expect(none.contains("– (none hidden; --observe hides the last ones)"))
  }

  @Test func secantThatLosesIsWarnedOf() throws {
    let scratch = try TemporaryFolder()
    for (step, value) in [0.0, 1, 3, 3, 3].enumerated() {
      try scratch.write("run/w-\(step).safetensors", [TensorValues("w", .f32, [1], [value])])
    }
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let all = words(folder.appending(path: "w-0.safetensors"), folder, 5, url) + ["--recipe", "secant"]
    #expect(try linstruct(all).error.isEmpty)
    try scratch.write("run/w-3.safetensors", [TensorValues("w", .f32, [1], [3.5])])
    let run = try linstruct(all + ["--observe", "2"])
    #expect(run.status == 0 && run.error.contains("warning: --recipe secant is worse than keeping the last"))
    #expect(
      run.error.contains("keeping the last snapshot wins (--recipe hold)") || run.error.contains("--recipe shrunk"))
  }

  @Test func momentumCorrectsTheTests() throws {
    let scratch = try TemporaryFolder()
    try lineRun(scratch, steps: Array(0...10))
    let folder = scratch.file("run")
    let all = words(folder.appending(path: "w-0.safetensors"), folder, 20, scratch.file("f.safetensors"))
    let plain = try linstruct(all).json()
    #expect(plain["momentum"] is NSNull && plain["verdict"] as? String == "line")
    // A memory of 16 for β = 0.82 and steps of 1: 38 snapshots would do.
    let run = try linstruct(all + ["--momentum", "0.82"])
    let json = try run.json()
    #expect(try json["verdict"] as? String == "undecided" && json["p"] is NSNull && number(json, "momentum") == 0.82)
    let text = try linstruct(all.filter { $0 != "--json" } + ["--momentum", "0.82"]).output
    #expect(text.contains("10 snapshots are too few for a verdict, 38 would do"))
    #expect(try linstruct(all + ["--momentum", "0.1"]).json()["verdict"] as? String == "line")
    #expect(try linstruct(all.filter { $0 != "--json" }).output.contains("momentum of the optimizer is not excluded"))
    for wrong in ["1", "-0.1", "x", "nan"] {
      try expectRefusal(all + ["--momentum", wrong], status: 64, saying: "--momentum", wrong)
    }
  }

  @Test func whatIsLeftOutIsAWarning() throws {
    let scratch = try TemporaryFolder()
    for name in ["step_10", "step20", "0000030_adapters", "face", "model-00001-of-00002"] {
      try scratch.write("run/\(name).safetensors", [TensorValues("w", .f32, [1], [1])])
    }
    try scratch.write("run/global_step_40/actor/huggingface/model.safetensors", [TensorValues("w", .f32, [1], [2])])
    let base = try scratch.write("base.safetensors", [TensorValues("w", .f32, [1], [0])])
    let run = try linstruct(words(base, scratch.file("run"), 50, scratch.file("f.safetensors")))
    let json = try run.json()
    #expect(json["steps"] as? [Int] == [10, 20, 30, 40])
    #expect(run.error.contains("warning: face.safetensors: no step in its name; it is left out\n"))
    #expect(run.error.contains("model-00001-of-00002.safetensors: a shard"))
    #expect(
      (json["left_out"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == [
        "face.safetensors", "model-00001-of-00002.safetensors",
      ])
  }

  @Test func codesTypesAndOverflow() throws {
    let scratch = try TemporaryFolder()
    func write(_ step: Int, codes: Double, type: ElementType = .f16, value: Double? = nil) throws {
      try scratch.write(
        "run/w-\(step).safetensors",
        [
          TensorValues("norm", type, [1], [value ?? 9000 * Double(step)]),
          TensorValues("q.qweight", .i32, [2], [codes, 7]),
        ])
    }
    for step in 0...3 { try write(step, codes: 5) }
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let base = folder.appending(path: "w-0.safetensors")
    #expect(try linstruct(words(base, folder, 7, url)).status == 0)
    let before = try Data(contentsOf: url)
    try expectRefusal(words(base, folder, 8, url), status: 1, saying: "\"norm\"", "step 8", "F16", "earlier step")
    try write(2, codes: 6)
    try expectRefusal(
      words(base, folder, 7, url), status: 1, saying: "w-2.safetensors", "\"q.qweight\"", "I32", "differs")
    try write(2, codes: 5, type: .u8, value: 3)
    try expectRefusal(words(base, folder, 7, url), status: 1, saying: "w-2.safetensors", "\"norm\"", "U8", "F16")
    #expect(try Data(contentsOf: url) == before)
    try write(2, codes: 5, type: .bf16, value: 18048)
    let mixed = try linstruct(words(base, folder, 6, url))
    #expect(
      mixed.status == 0 && mixed.error.contains("stored as BF16, in the base as F16; they are compared as numbers"))
  }

  /// A run of adapters: folders with factors and a configuration.
  private func adapters(_ scratch: TemporaryFolder, configuration: String?) throws {
    for step in 0...8 {
      let (a, b) = (normal(2, 4, seed: UInt64(step)), normal(3, 2, seed: UInt64(50 + step)))
      let name = "run/checkpoint-\(step)"
      try scratch.write(
        "\(name)/adapter_model.safetensors",
        [TensorValues("base_model.model.q.lora_A.weight", a), TensorValues("base_model.model.q.lora_B.weight", b)])
      try configuration.map { try Data($0.utf8).write(to: scratch.file("\(name)/adapter_config.json")) }
    }
  }

  @Test func adaptersAsFactorsAndAsProducts() throws {
    let scratch = try TemporaryFolder()
    try adapters(scratch, configuration: #"{"peft_type": "LORA", "r": 2, "lora_alpha": 8}"#)
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let zero = ["extrapolate", "--base", "zero", "--checkpoints", folder.path, "--target", "10"]
    // The factors are forecast; what the model sees is tested beside them.
    let factors = try linstruct(zero + ["--output", url.path, "--json"]).json()
    #expect(
      try tensors(factors).map { $0["name"] as? String } == [
        "base_model.model.q.lora_A.weight", "base_model.model.q.lora_B.weight",
      ])
    #expect(factors["as"] as? String == "factors")
    let beside = try object(factors, "product")
    #expect(try SafetensorsFile(url).tensors.count == 2)
    let text = try linstruct(zero + ["--output", url.path]).output
    #expect(text.contains("the products B·A with their scale, which the model sees: "))
    try FileManager.default.removeItem(at: url)

    let product = try linstruct(zero + ["--output", url.path, "--as", "product", "--json"]).json()
    #expect(product["as"] as? String == "product" && !FileManager.default.fileExists(atPath: url.path))
    #expect(try tensors(product).map { $0["name"] as? String } == ["q"])
    for key in ["verdict", "drift_share", "turning", "p"] {
      #expect("\(beside[key] ?? "")" == "\(product[key] ?? "")", "\(key)")
    }
    let said = try linstruct(zero + ["--as", "product"]).output
    #expect(said.contains("followed: the products B·A") && said.contains("no forecast is written, because"))
    try expectRefusal(zero + ["--as", "sum", "--output", url.path], status: 64, saying: "--as sum", "factors")
    try expectRefusal(zero, status: 64, saying: "--output is missing")
    // The growth of A is known where the base is an adapter.
    let based = ["extrapolate", "--base", folder.appending(path: "checkpoint-0").path] + Array(zero.dropFirst(3))
    #expect(try number(object(linstruct(based + ["--as", "product", "--json"]).json(), "product"), "growth") > 0)
  }

  @Test func adaptersWhoseScaleIsNotKnown() throws {
    let scratch = try TemporaryFolder()
    try adapters(scratch, configuration: nil)
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let zero = ["extrapolate", "--base", "zero", "--checkpoints", folder.path, "--target", "10"]
    let run = try linstruct(zero + ["--output", url.path, "--json"])
    #expect(run.status == 0 && run.error.contains("no adapter_config.json") && run.error.contains("[missing-scale]"))
    #expect(try run.json()["product"] is NSNull)
    try expectRefusal(zero + ["--as", "product"], status: 1, saying: "adapter_config.json", "--as product")
    try adapters(scratch, configuration: #"{"peft_type": "LORA", "r": 2, "lora_alpha": 8, "use_dora": true}"#)
    let dora = try linstruct(zero + ["--output", url.path, "--json"])
    #expect(dora.status == 0 && dora.error.contains("B·A is not tested") && dora.error.contains("\"use_dora\""))
    try expectRefusal(zero + ["--as", "product"], status: 1, saying: "\"use_dora\"", "[unsupported-adapter]")
    // A model that is not an adapter has no factors to multiply.
    try lineRun(scratch, steps: [0, 1, 2])
    let plain = try TemporaryFolder()
    try lineRun(plain, steps: [0, 1, 2])
    let base = plain.file("run/w-0.safetensors").path
    try expectRefusal(
      ["extrapolate", "--base", base, "--checkpoints", plain.file("run").path, "--target", "5", "--as", "product"],
      status: 1, saying: "--as product", "LoRA")
  }

  @Test func outputsThatWouldBecomeSnapshots() throws {
    let scratch = try TemporaryFolder()
    try lineRun(scratch, steps: [0, 1, 2])
    let folder = scratch.file("run")
    let base = folder.appending(path: "w-0.safetensors")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "checkpoint-7"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(at: scratch.file("link"), withDestinationURL: folder)
    for name in [
      "run/w-3.safetensors", "run/step_3.safetensors", "link/0000003.safetensors", "run/checkpoint-7/model.safetensors",
    ] {
      try expectRefusal(words(base, folder, 5, scratch.file(name)), status: 64, saying: "--output", "become a snapshot")
      #expect(!FileManager.default.fileExists(atPath: scratch.file(name).path))
    }
    try FileManager.default.removeItem(at: folder.appending(path: "checkpoint-7"))
    // A missing folder is reported before the run is read.
    try expectRefusal(words(base, folder, 5, scratch.file("no/f.safetensors")), status: 1, saying: "f.safetensors")
    #expect(try linstruct(words(base, folder, 5, scratch.file("run/forecast.safetensors"))).status == 0)
  }

  @Test func outputsThatAreInputs() throws {
    let scratch = try TemporaryFolder()
    // As in a hub's cache: links to blobs, the base and a snapshot's folder elsewhere.
    for step in 0...3 {
      let w = TensorValues("w", start + Double(step) * velocity)
      try scratch.write("blobs/\(step).safetensors", [w])
      let name = step == 3 ? "run/checkpoint-3/model.safetensors" : "run/w-\(step).safetensors"
      try FileManager.default.createDirectory(
        at: scratch.file(name).deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        at: scratch.file(name), withDestinationURL: scratch.file("blobs/\(step).safetensors"))
    }
    try FileManager.default.linkItem(at: scratch.file("blobs/2.safetensors"), to: scratch.file("hard.safetensors"))
    try FileManager.default.createSymbolicLink(
      at: scratch.file("soft.safetensors"), withDestinationURL: scratch.file("blobs/0.safetensors"))
    let base = scratch.file("run/w-0.safetensors")
    let before = try (0...3).map { try Data(contentsOf: scratch.file("blobs/\($0).safetensors")) }
    for name in [
      "run/w-0.safetensors", "run/w-1.safetensors", "run/checkpoint-3/model.safetensors", "blobs/0.safetensors",
      "blobs/1.safetensors", "blobs/3.safetensors", "hard.safetensors", "soft.safetensors",
    ] {
      try expectRefusal(words(base, scratch.file("run"), 9, scratch.file(name)), status: 64, saying: "--output")
    }
    #expect(try (0...3).map { try Data(contentsOf: scratch.file("blobs/\($0).safetensors")) } == before)
    #expect(try linstruct(words(base, scratch.file("run"), 9, scratch.file("blobs/9.safetensors"))).status == 0)
  }

  @Test func zeroMeansZero() throws {
    let scratch = try TemporaryFolder()
    try lineRun(scratch, steps: [0, 1, 2])
    let (folder, url) = (scratch.file("run"), scratch.file("f.safetensors"))
    let all = ["extrapolate", "--base", "zero", "--checkpoints", folder.path, "--target", "4", "--output", url.path]
    let run = try linstruct(all + ["--recipe", "secant"])
    #expect(run.status == 0 && run.output.contains("counted from zero"))
    #expect(run.error.contains("w-0.safetensors: its step 0 is not later"))
    let found = try SafetensorsFile(url).matrix("w", as: Double.self)
    #expect((found - (start + 4 * velocity)).norm(.maximum) < 1e-12)
  }
}
