import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// The rows for which the executable gives a p-value or a verdict.
@Suite struct HeldOutTests {
  private let high = normal(9, 12, seed: 1)
  private let low = normal(8, 12, seed: 2)

  /// A direction of noise in both kinds of file, and its rows.
  private func made(_ scratch: TemporaryFolder) throws -> (p: String, n: String, named: String, bare: String) {
    let (p, n) = (try scratch.npy("p", high), try scratch.npy("n", low))
    for name in ["d.safetensors", "d.npy"] {
      let run = try linstruct(
        "direction", "--positive", p, "--negative", n, "--method", "difference-in-means", "--output",
        scratch.file(name).path)
      #expect(run.status == 0)
    }
    return (p, n, scratch.file("d.safetensors").path, scratch.file("d.npy").path)
  }

  private func words(_ direction: String, _ p: String, _ n: String, _ extra: String...) -> [String] {
    ["evaluate", "--direction", direction, "--positive", p, "--negative", n] + extra
  }

  private func p(_ words: [String]) throws -> Any? { try linstruct(words + ["--json"]).json()["permutation_p"] }

  @Test func aDirectionWithoutFingerprintsHasNoPUnlessAsserted() throws {
    let scratch = try TemporaryFolder()
    let (p, n, named, bare) = try made(scratch)
    let (held, others) = (try scratch.npy("h", normal(7, 12, seed: 3)), try scratch.npy("o", normal(7, 12, seed: 4)))
    #expect(try self.p(words(bare, p, n)) is NSNull && self.p(words(bare, held, others)) is NSNull)
    let text = try linstruct(words(bare, held, others)).output
    #expect(text.contains("without fingerprints of its rows") && text.contains("--held-out asserts"))
    #expect(try self.p(words(bare, held, others, "--held-out")) is Double)
    // With fingerprints the assertion is checked.
    #expect(
      try self.p(words(named, held, others)) is Double && self.p(words(named, held, others, "--held-out")) is Double)
    try expectRefusal(
      words(named, p, n, "--held-out"), status: 1, saying: "d.safetensors", "not held out", "fingerprints")
    try expectRefusal(words(named, held, n, "--held-out"), status: 1, saying: "not held out")
    try expectRefusal(words("\(named)#direction", p, others, "--held-out"), status: 1, saying: "not held out")
    // Where the direction is found anew for each exchange, its own rows give a valid p-value too.
    #expect(try self.p(words(bare, p, n, "--refit", "difference-in-means")) is Double)
  }

  @Test(arguments: [ElementType.f64, .f32, .f16, .bf16]) func theRowsAreKnownInEveryType(_ type: ElementType) throws {
    let scratch = try TemporaryFolder()
    let (_, _, named, _) = try made(scratch)
    let copies = try scratch.write("copy.safetensors", [TensorValues("p", high, type), TensorValues("n", low, type)])
      .path
    let others = try scratch.npy("o", normal(7, 12, seed: 4))
    for direction in [named, "\(named)#direction", "\(named)#midpoint"] {
      #expect(try p(words(direction, "\(copies)#p", "\(copies)#n")) is NSNull, "\(direction)")
      #expect(try p(words(direction, others, "\(copies)#n")) is NSNull, "\(direction)")
    }
    // The other way round: the direction is made from the copy and judged on the rows.
    let axis = scratch.file("e.safetensors").path
    let made = try linstruct(
      "direction", "--positive", "\(copies)#p", "--negative", "\(copies)#n", "--method", "difference-in-means",
      "--output", axis)
    #expect(made.status == 0)
    #expect(try p(words(axis, scratch.npy("p", high), others)) is NSNull)
    #expect(try p(words(axis, others, scratch.npy("q", normal(5, 12, seed: 6)))) is Double)
    #expect(try linstruct(words(named, "\(copies)#p", "\(copies)#n")).output.contains("these rows made the direction"))
  }

  @Test(
    arguments: ["12 zz", "", "+1", " 12", "12  13", "12345678901234567", "0x1f", "1f,2f", "１２"],
    [
      "row_fingerprints", "rounded_row_fingerprints",
    ]) func aListThatIsNoneIsAnError(_ list: String, _ key: String) throws
  {
    let scratch = try TemporaryFolder()
    let rows = try scratch.npy("p", high)
    let url = try scratch.write(
      "d.safetensors", [TensorValues("direction", .f64, [12], [Double](repeating: 1, count: 12))], metadata: [key: list]
    )
    for direction in [url.path, "\(url.path)#direction"] {
      try expectRefusal(words(direction, rows, rows), status: 1, saying: "d.safetensors", key, "linstruct direction")
    }
  }

  @Test func theVerdictOfADirectionStandsInItsFile() throws {
    let scratch = try TemporaryFolder()
    let (p, n) = (try scratch.npy("p", high), try scratch.npy("n", low))
    let shifted = try scratch.npy("s", high.map { $0 + 3 })
    for (rows, verdict) in [(p, "no direction"), (shifted, "direction")] {
      let url = scratch.file("d.safetensors")
      let words = [
        "direction", "--positive", rows, "--negative", n, "--method", "difference-in-means", "--output", url.path,
      ]
      let json = try linstruct(words + ["--json"]).json()
      #expect(json["verdict"] as? String == verdict && json["layers"] is NSNull)
      #expect(json["directions_above_chance"] is NSNull)
      #expect(try object(json, "null")["resamples"] as? Int == 999)
      #expect(try SafetensorsFile(url).metadata["verdict"] == verdict)
      #expect(try linstruct(words).output.hasSuffix("verdict: \(verdict)\n"))
    }
  }

  /// Two directions from the same prompts share their noise, which the map carries across.
  @Test func aTransferHasAVerdictOnlyFromOtherPrompts() throws {
    let scratch = try TemporaryFolder()
    let x = normal(40, 12, seed: 5)
    let map = normal(12, 6, seed: 6)
    let native = try scratch.npy("u", Matrix(row: (high * map).meanRow - (low * map).meanRow))
    let words = [
      "transfer", "--source", try scratch.npy("x", x), "--target", try scratch.npy("y", x * map), "--lambda", "0.1",
      "--source-positive", try scratch.npy("p", high), "--source-negative", try scratch.npy("n", low), "--output",
      scratch.file("m.safetensors").path,
    ]
    let without = try linstruct(words + ["--target-direction", native, "--json"]).json()
    #expect(without["verdict"] is NSNull && (without["controls"] as? [Any])?.count == 3)
    // Nothing is planted, and yet the direction would be called specific.
    let asserted = try linstruct(words + ["--target-direction", native, "--held-out", "--json"]).json()
    #expect(asserted["verdict"] as? String == "specific")
    let text = try linstruct(words + ["--target-direction", native]).output
    #expect(
      text.contains("verdict: none, since a native direction from the prompts of the class rows shares their noise"))
    let bare = try linstruct(
      Array(words.prefix(7)) + Array(words.suffix(2)) + [
        "--direction", scratch.npy("v", Matrix(row: normal(1, 12, seed: 7).row(0))), "--target-direction", native,
      ])
    #expect(bare.output.contains("verdict: none, since only class rows give exchanged labels"))
    try expectRefusal(words + ["--held-out"], status: 64, saying: "--held-out belongs to --target-direction")
  }

  @Test func nothingMeasuredIsNull() throws {
    let scratch = try TemporaryFolder()
    let v = try scratch.npy("v", Matrix<Double>([[1, 0]]))
    let flat = try scratch.npy("f", Matrix<Double>(rows: 5, columns: 2) { i, j in j == 0 ? 0.1 : Double(i) })
    let one = try scratch.npy("one", Matrix<Double>([[1, 2]])), two = try scratch.npy("two", Matrix<Double>([[3, 2]]))
    let keys = ["accuracy", "auroc", "pooled_d", "paired_d", "paired_accuracy", "permutation_p"]
    for (p, n) in [(flat, flat), (one, two)] {
      for extra in [[], ["--paired"], ["--refit", "difference-in-means"]] {
        let json = try linstruct(words(v, p, n) + ["--held-out", "--json"] + extra).json()
        for key in keys { #expect(json[key] is NSNull, "\(key) \(extra)") }
      }
      #expect(try linstruct(words(v, p, n, "--held-out")).output.contains("or there is one row a side"))
    }
  }

  /// An output that is an input would be lost.
  @Test func anOutputIsNoInput() throws {
    let scratch = try TemporaryFolder()
    let rows = try scratch.write("rows.safetensors", [TensorValues("p", high), TensorValues("n", low)])
    let link = scratch.file("link.safetensors")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: rows)
    let bytes = try Data(contentsOf: rows)
    let single = try scratch.npy("single", high)
    for output in [rows.path, link.path] {
      try expectRefusal(
        [
          "direction", "--positive", "\(rows.path)#p", "--negative", "\(rows.path)#n", "--method",
          "difference-in-means", "--output", output,
        ], status: 64, saying: "--output", "it would be overwritten")
      for option in ["--source", "--target", "--direction", "--target-direction", "--source-positive"] {
        var inputs = ["--source": single, "--target": single, "--source-positive": single, "--source-negative": single]
        inputs[option] = "\(rows.path)#p"
        try expectRefusal(
          ["transfer", "--lambda", "1", "--output", output] + inputs.flatMap { [$0.key, $0.value] }, status: 64,
          saying: "--output", "it would be overwritten")
      }
    }
    try expectRefusal(
      ["direction", "--positive", single, "--negative", single, "--method", "caa", "--output", single], status: 64,
      saying: "single.npy", "it would be overwritten")
    #expect(try Data(contentsOf: rows) == bytes)
  }

  @Test func rowsAtTheEndOfTheRangeReturn() throws {
    let scratch = try TemporaryFolder()
    let signs = normal(12, 5, seed: 8).map { $0 > 0 ? 1.7e308 : -1.7e308 }
    let (p, n) = (try scratch.npy("p", signs[rows: 0..<6]), try scratch.npy("n", signs[rows: 6..<12]))
    let v = try scratch.npy("v", Matrix<Double>([[1, 2, 3, 4, 5]]))
    let json = try linstruct(words(v, p, n, "--held-out", "--json")).json()
    #expect(json["auroc"] is Double && json["permutation_p"] is Double && json["pooled_d"] is Double)
    let opposite = try scratch.npy("o", Matrix<Double>(repeating: -1.7e308, rows: 3, columns: 2))
    let same = try scratch.npy("s", Matrix<Double>(repeating: 1.7e308, rows: 3, columns: 2))
    try expectRefusal(
      [
        "direction", "--positive", same, "--negative", opposite, "--method", "caa", "--output",
        scratch.file("d.npy").path,
      ], status: 1, saying: "leaves the range of the numbers", "divide the rows")
  }
}
