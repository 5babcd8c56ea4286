import Foundation
import Runs
import Tensor
import TensorIO
import _TestSupport
import Testing

/// Runs of low-rank adapters, followed as products or as factors.
@Suite struct AdapterTests {
  private let prefix = "base_model.model.model.layers.0.q_proj"

  private func items(_ a: Matrix<Double>, _ b: Matrix<Double>, prefix: String? = nil) -> [TensorValues] {
    let prefix = prefix ?? self.prefix
    return [
      TensorValues("\(prefix).lora_A.weight", .f64, [a.rows, a.columns], Array(a.flattened)),
      TensorValues("\(prefix).lora_B.weight", .f64, [b.rows, b.columns], Array(b.flattened)),
    ]
  }

  private func configuration(_ members: String = "", r: Int = 2, alpha: Double = 6) -> String {
    "{\"peft_type\": \"LORA\", \"r\": \(r), \"lora_alpha\": \(alpha)\(members.isEmpty ? "" : ", " + members)}"
  }

  /// Factors of a base and four snapshots: A[2, 5], B[7, 2].
  private let factors = (0...4).map { i in
    (a: normal(2, 5, seed: UInt64(10 + i)), b: normal(7, 2, seed: UInt64(20 + i)))
  }

  private func run(_ configuration: String?) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (i, pair) in factors.enumerated() {
      try folder.write("run/checkpoint-\(i)/adapter_model.safetensors", items(pair.a, pair.b))
      if let configuration { try folder.write("run/checkpoint-\(i)/adapter_config.json", text: configuration) }
    }
    return folder
  }

  /// The Gram matrix of the displacements of products that are formed.
  private func expected(scale: Double, fromZero: Bool) -> Matrix<Double> {
    let products = factors.map { (scale * ($0.b * $0.a)).flattened }
    let moved = products.dropFirst().map { fromZero ? $0 : $0 - products[0] }
    return Matrix(rows: 4, columns: 4) { i, j in moved[i].dot(moved[j]) }
  }

  private func agree(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Bool {
    (a - b).norm(.maximum) < 1e-12 * b.norm(.maximum)
  }

  @Test func pairsWithAConfigurationAreProducts() throws {
    let folder = try run(configuration())
    let based = try Trajectory(base: folder.file("run/checkpoint-0"), checkpoints: folder.file("run"))
    #expect(based.adapters == .product && based.steps == [1, 2, 3, 4])
    #expect(based.tensors.map(\.name) == ["model.layers.0.q_proj"] && based.tensors[0].shape == [7, 5])
    let grams = try based.grams()
    #expect(grams.adapters == .product && grams.tensors.map(\.shape) == [[7, 5]])
    #expect(agree(grams.tensors[0].gram.gram, expected(scale: 3, fromZero: false)))
    let zero = try Trajectory(origin: .zero, checkpoints: folder.file("run"))
    #expect(zero.base.step == 0 && zero.steps == [1, 2, 3, 4])
    #expect(agree(try zero.grams().tensors[0].gram.gram, expected(scale: 3, fromZero: true)))
    #expect(try zero.grams().adapterGrowth == nil)
    let change = factors[4].a - factors[0].a
    let growth = try #require(grams.adapterGrowth)
    #expect(abs(growth - change.norm(.frobenius) / factors[0].a.norm(.frobenius)) < 1e-12)
  }

  @Test func factorsAreTensorsWhereTheyAreAskedFor() throws {
    let folder = try run(configuration())
    let run = try Trajectory(
      base: folder.file("run/checkpoint-0"), checkpoints: folder.file("run"), adapters: .factors)
    #expect(run.adapters == .factors && run.tensors.map(\.name) == items(factors[0].a, factors[0].b).map(\.name))
    let grams = try run.grams()
    #expect(grams.adapters == .factors && grams.adapterGrowth == nil)
    let change = factors[3].a - factors[0].a
    #expect(abs(grams.tensors[0].gram.gram[2, 2] - change.dot(change)) < 1e-12)
  }

  @Test func withoutAConfigurationTheyAreFactors() throws {
    let folder = try run(nil)
    #expect(try Trajectory(origin: .zero, checkpoints: folder.file("run")).adapters == .factors)
    // One that has it, and others that have not.
    try folder.write("run/checkpoint-2/adapter_config.json", text: configuration())
    #expect(throws: TrajectoryError.self) { try Trajectory(origin: .zero, checkpoints: folder.file("run")) }
  }

  @Test(
    arguments: [
      ("", 3), ("\"use_rslora\": true", 6 / 2.0.squareRoot()), ("\"alpha_pattern\": {\"q_proj\": 10}", 5),
      ("\"alpha_pattern\": {\"k_proj\": 10}", 3), ("\"alpha_pattern\": {\"layers.0.q_proj\": 8, \"q_proj\": 10}", 4),
      ("\"alpha_pattern\": {\"q_proj\": 10, \"layers.0.q_proj\": 8}", 5),
      ("\"alpha_pattern\": {\".*\\\\.0\\\\..*\": 12}", 6), ("\"rank_pattern\": {\"v_proj\": 9}", 3),
      ("\"lora_dropout\": 0.1, \"target_modules\": [\"q_proj\"], \"bias\": \"none\"", 3),
    ] as [(String, Double)])
  func theScaleOfAModule(members: String, scale: Double) throws {
    let folder = try run(configuration(members))
    let run = try Trajectory(origin: .zero, checkpoints: folder.file("run"))
    #expect(agree(try run.grams().tensors[0].gram.gram, expected(scale: scale, fromZero: true)))
  }

  @Test func theRankOfAPattern() throws {
    let folder = try run(configuration("\"rank_pattern\": {\"q_proj\": 2}", r: 64))
    let run = try Trajectory(origin: .zero, checkpoints: folder.file("run"))
    #expect(agree(try run.grams().tensors[0].gram.gram, expected(scale: 3, fromZero: true)))
  }

  @Test(
    arguments: [
      ("\"use_dora\": true", "\"use_dora\""), ("\"target_parameters\": [\"experts\"]", "\"target_parameters\""),
      ("\"lora_bias\": true", "\"lora_bias\""), ("\"some_new_config\": {\"k\": 1}", "\"some_new_config\""),
      ("\"rank_pattern\": {\"q_proj\": 3}", "rank 3"), ("\"rank_pattern\": {\"(\": 3}", "\"(\" is no pattern"),
      ("\"alpha_pattern\": [1]", "\"alpha_pattern\" is no JSON object"),
    ])
  func whatIsNotSupportedIsRefusedByName(members: String, word: String) throws {
    let folder = try run(configuration(members))
    let message = refusal {
      try Trajectory(origin: .zero, checkpoints: folder.file("run"))
    }
    #expect(message.contains(word), "\(message)")
    // The factors are tensors all the same.
    #expect(try Trajectory(origin: .zero, checkpoints: folder.file("run"), adapters: .factors).tensors.count == 2)
  }

  @Test(
    arguments: [
      ("[]", "not a JSON object"), ("{", "not a JSON object"), ("{\"r\": 2, \"lora_alpha\": 2}", "missing-scale"),
      ("{\"peft_type\": \"LOHA\", \"r\": 2}", "LOHA"), ("{\"peft_type\": \"LORA\", \"r\": 0}", "\"r\""),
      ("{\"peft_type\": \"LORA\", \"r\": 2}", "\"lora_alpha\""),
      ("{\"fine_tune_type\": \"dora\", \"lora_parameters\": {\"scale\": 2}}", "dora"),
      ("{\"fine_tune_type\": \"lora\", \"lora_parameters\": {\"rank\": 2}}", "missing-scale"),
    ])
  func brokenConfigurations(text: String, word: String) throws {
    let folder = try run(text)
    let message = refusal {
      try Trajectory(origin: .zero, checkpoints: folder.file("run"))
    }
    #expect(message.contains(word), "\(message)")
  }

  @Test func patternsThatNeverEndAreRefused() throws {
    let folder = try TemporaryFolder()
    let prefix = String(repeating: "a", count: 60)
    for i in 0...2 { try folder.write("step_\(i).safetensors", items(factors[i].a, factors[i].b, prefix: prefix)) }
    try folder.write("adapter_config.json", text: configuration("\"alpha_pattern\": {\"(a+)+b\": 4}"))
    #expect(refusal { try Trajectory(origin: .zero, checkpoints: folder.url) }.contains("too long"))
  }

  @Test func otherLayoutsOfFactors() throws {
    let folder = try TemporaryFolder()
    for (i, pair) in factors.enumerated() {
      let (a, b) = (Matrix(pair.a.transposed), Matrix(pair.b.transposed))
      // mlx-lm: transposed, one scale that is not divided by the rank, flat files.
      try folder.write(
        "mlx/000010\(i)_adapters.safetensors", TensorValues("m.q.lora_a", .f64, [5, 2], Array(a.flattened)),
        TensorValues("m.q.lora_b", .f64, [2, 7], Array(b.flattened)))
      // PEFT: an embedding, and a convolution.
      try folder.write(
        "embedding/step_\(i).safetensors", TensorValues("m.e.lora_embedding_A", .f64, [2, 5], Array(pair.a.flattened)),
        TensorValues("m.e.lora_embedding_B", .f64, [7, 2], Array(pair.b.flattened)))
      try folder.write(
        "convolution/step_\(i).safetensors",
        TensorValues("c.lora_A.x.weight", .f64, [2, 1, 5, 1], Array(pair.a.flattened)),
        TensorValues("c.lora_B.x.weight", .f64, [7, 2, 1, 1], Array(pair.b.flattened)))
    }
    try folder.write(
      "mlx/adapter_config.json",
      text: "{\"fine_tune_type\": \"lora\", \"lora_parameters\": {\"scale\": 4, \"rank\": 2}}")
    for name in ["embedding", "convolution"] { try folder.write("\(name)/adapter_config.json", text: configuration()) }
    for (name, base, scale) in [
      ("mlx", "0000100_adapters", 4.0), ("embedding", "step_0", 3), ("convolution", "step_0", 3),
    ] {
      let run = try Trajectory(
        base: folder.file("\(name)/\(base).safetensors"), checkpoints: folder.file(name))
      #expect(run.adapters == .product)
      #expect(agree(try run.grams().tensors[0].gram.gram, expected(scale: scale, fromZero: false)), "\(name)")
    }
  }

  @Test func tensorsBesideTheFactorsAreFollowedAsTheyAre() throws {
    let folder = try TemporaryFolder()
    for (i, pair) in factors.enumerated() {
      let others = [
        TensorValues("head.weight", .f64, [2], [Double(i), 1]), TensorValues("alone.lora_A.weight", .f64, [1], [2]),
      ]
      try folder.write("run/step_\(i).safetensors", others + items(pair.a, pair.b))
    }
    try folder.write("run/adapter_config.json", text: configuration())
    let run = try Trajectory(base: folder.file("run/step_0.safetensors"), checkpoints: folder.file("run"))
    #expect(Set(run.tensors.map(\.name)) == ["head.weight", "alone.lora_A.weight", "model.layers.0.q_proj"])
    #expect(try run.grams().tensors.count == 3)
  }

  @Test func runsOfAdaptersThatCannotBeRead() throws {
    let folder = try run(configuration())
    // The model that the adapters were trained on.
    try folder.write(
      "model.safetensors", TensorValues("model.layers.0.q_proj.weight", [7, 5], .init(repeating: 1, count: 35)))
    let message = refusal {
      try Trajectory(base: folder.file("model.safetensors"), checkpoints: folder.file("run"))
    }
    #expect(message.contains("count displacements from zero"))
    // Two adapters for one module, and factors of different ranks.
    let two = try TemporaryFolder()
    let other = try TemporaryFolder()
    let high = try TemporaryFolder()
    for i in 1...2 {
      let (a, b) = (factors[i].a, factors[i].b)
      try high.write("step_\(i).safetensors", items(.zeros(rows: 5000, columns: 1), .zeros(rows: 1, columns: 5000)))
      try two.write("step_\(i).safetensors", items(a, b) + items(a, b, prefix: "model.layers.0.q_proj"))
      try other.write("step_\(i).safetensors", items(a, normal(7, 3, seed: 1)))
    }
    for broken in [two, other, high] {
      try broken.write("adapter_config.json", text: configuration())
      #expect(throws: TrajectoryError.self) { try Trajectory(origin: .zero, checkpoints: broken.url) }
    }
  }
}
