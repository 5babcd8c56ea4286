import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

private let keys: Set<String> = ["lambda", "r2_train", "r2_holdout", "cosine", "controls", "verdict"]

/// An exact linear map with an intercept from three to two dimensions.
private let weights = Matrix<Double>([[1, -2], [0.5, 3], [-1, 0.25]])
private let intercept = [10.0, -7]

private func image(_ rows: Matrix<Double>) -> Matrix<Double> {
  let product = rows * weights
  return Matrix(rows: rows.rows, columns: 2) { i, j in product[i, j] + intercept[j] }
}

private func cosine(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / (length(a) * length(b))
}

/// Wᵀv, summed entry by entry.
private func mapped(_ v: [Double]) -> [Double] {
  (0..<2).map { j in (0..<3).reduce(0) { $0 + v[$1] * weights[$1, j] } }
}

@Suite struct TransferCommandTests {
  private func words(_ x: String, _ y: String, _ lambda: String, _ output: URL) -> [String] {
    ["transfer", "--source", x, "--target", y, "--lambda", lambda, "--output", output.path, "--json"]
  }

  /// The families of controls by name.
  private func controls(_ json: [String: Any]) throws -> [String: [String: Any]] {
    let list = try #require(json["controls"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: list.map { ($0["name"] as? String ?? "", $0) })
  }

  @Test func anExactMapIsFound() throws {
    let scratch = try TemporaryFolder()
    let rows = normal(30, 3, seed: 1)
    let (x, y) = (try scratch.npy("x", rows), try scratch.npy("y", image(rows)))
    let url = scratch.file("map.safetensors")
    let bare = try linstruct(words(x, y, "0", url)).json()
    #expect(Set(bare.keys).isSuperset(of: keys))
    #expect(try abs(number(bare, "r2_train") - 1) < 1e-12 && abs(number(bare, "r2_holdout") - 1) < 1e-12)
    #expect(try number(bare, "lambda") == 0)
    #expect(bare["cosine"] is NSNull && bare["controls"] is NSNull && bare["verdict"] is NSNull)
    #expect(try Set(SafetensorsFile(url).tensors.map(\.name)) == ["weights", "intercept"])

    let (v, u) = ([1.0, 2, -1], [3.0, 1])
    let axis = try scratch.npy("v", Matrix<Double>([v]))
    let native = try scratch.npy("u", Matrix<Double>([u]))
    let json = try linstruct(words(x, y, "0", url) + ["--direction", axis, "--target-direction", native]).json()
    let file = try SafetensorsFile(url)
    #expect(file["weights"]?.shape == [3, 2] && file["intercept"]?.shape == [2])
    #expect(file["mapped_direction"]?.shape == [2] && file.tensors.allSatisfy { $0.type == .f64 })
    #expect((try file.matrix("weights", as: Double.self) - weights).norm(.maximum) < 1e-13)
    let (b, image) = (try file.vector("intercept", as: Double.self), mapped(v))
    let found = try file.vector("mapped_direction", as: Double.self)
    for j in 0..<2 { #expect(abs(b[j] - intercept[j]) < 1e-12 && abs(found[j] - image[j]) < 1e-12) }
    #expect(abs(try number(json, "cosine") - cosine(image, u)) < 1e-12)
    // Without class rows there are isotropic controls for context, and no verdict.
    #expect(try controls(json).keys.sorted() == ["covariance", "isotropic"] && json["verdict"] is NSNull)
    for family in try controls(json).values {
      #expect(Set(family.keys) == ["name", "mean", "sd", "p"])
      // In two dimensions cosines of isotropic directions scatter widely.
      #expect(try abs(number(family, "mean")) < 0.1 && number(family, "sd") > 0.5)
    }
  }

  @Test(arguments: [(12, nil, 2), (13, nil, 3), (13, "0.1", 1), (12, "0.5", 6), (9, "0", 0)] as [(Int, String?, Int)])
  func theRidgeAndItsR2ByHand(_ n: Int, _ holdout: String?, _ held: Int) throws {
    let scratch = try TemporaryFolder()
    let x = Array(normal(n, 1, seed: 3).map { $0 + 4 }.flattened)
    let noise = normal(n, 1, seed: 4)
    let y = (0..<n).map { 2 * x[$0] - 1 + noise[$0, 0] }
    let paths = (
      try scratch.npy("x", Matrix(rows: n, columns: 1, entries: x)),
      try scratch.npy("y", Matrix(rows: n, columns: 1, entries: y))
    )
    let url = scratch.file("map.safetensors")
    let lambda = 1.5
    let json = try linstruct(words(paths.0, paths.1, "1.5", url) + (holdout.map { ["--holdout", $0] } ?? [])).json()

    let (train, test) = (0..<(n - held), (n - held)..<n)
    func mean(_ values: [Double]) -> Double { train.reduce(0) { $0 + values[$1] } / Double(train.count) }
    let (mx, my) = (mean(x), mean(y))
    let slope =
      train.reduce(0) { $0 + (x[$1] - mx) * (y[$1] - my) }
      / (lambda + train.reduce(0) { $0 + (x[$1] - mx) * (x[$1] - mx) })
    func r2(_ rows: Range<Int>) -> Double {
      // The free intercept puts the line through the means; SST is about the training mean.
      let residuals = rows.map { y[$0] - my - slope * (x[$0] - mx) }
      return 1 - residuals.reduce(0) { $0 + $1 * $1 } / rows.reduce(0) { $0 + (y[$1] - my) * (y[$1] - my) }
    }
    let file = try SafetensorsFile(url)
    #expect(agree(try file.matrix("weights", as: Double.self)[0, 0], slope))
    #expect(abs(try file.vector("intercept", as: Double.self)[0] - (my - slope * mx)) < 1e-12)
    #expect(try number(json, "lambda") == lambda)
    #expect(abs(try number(json, "r2_train") - r2(train)) < 1e-12)
    if held > 0 {
      #expect(abs(try number(json, "r2_holdout") - r2(test)) < 1e-12)
    } else {
      #expect(json["r2_holdout"] is NSNull)
    }
  }

  @Test func fewerRowsThanDimensionsSolveTheNormalEquations() throws {
    let scratch = try TemporaryFolder()
    let (x, y) = (normal(8, 20, seed: 5), normal(8, 3, seed: 6))
    let url = scratch.file("map.safetensors")
    let run = try linstruct(words(scratch.npy("x", x), scratch.npy("y", y), "0.5", url) + ["--holdout", "0"])
    #expect(run.status == 0)
    let w = try SafetensorsFile(url).matrix("weights", as: Double.self)
    let (xc, yc) = (x.centeredRows(), y.centeredRows())
    let residual = xc.transposed * (yc - xc * w) - 0.5 * w
    #expect(residual.norm(.maximum) < 1e-12 && w.norm(.maximum) > 0.01)
  }

  @Test func aVerdictNeedsClassRows() throws {
    let scratch = try TemporaryFolder()
    let rows = normal(30, 3, seed: 1)
    let (x, y) = (try scratch.npy("x", rows), try scratch.npy("y", image(rows)))
    let (a, b) = (normal(4, 3, seed: 7).map { $0 + 0.5 }, normal(4, 3, seed: 8))
    let all = Matrix(stackingRows: [a, b])
    func difference(_ high: [Int], _ low: [Int]) -> [Double] {
      zip(meanOfRows(all, high), meanOfRows(all, low)).map { $0 - $1 }
    }
    let url = scratch.file("map.safetensors")
    let classes = try ["--source-positive", scratch.npy("p", a), "--source-negative", scratch.npy("n", b)]
    func run(against u: [Double], _ extra: [String] = []) throws -> [String: Any] {
      let native = try scratch.npy("u", Matrix<Double>([u]))
      let all = classes + ["--target-direction", native, "--held-out"] + extra
      return try linstruct(words(x, y, "0", url) + all).json()
    }
    let image = mapped(difference(Array(0..<4), Array(4..<8)))
    let skew = [image[0] - 0.4 * image[1], image[1] + 0.4 * image[0]]
    let json = try run(against: skew)
    #expect(abs(try number(json, "cosine") - cosine(image, skew)) < 1e-12)
    let permuted = try #require(controls(json)["permuted_labels"])
    let exact = listedP(positive: 4, negative: 4) { cosine(mapped(difference($0, $1)), skew) }
    #expect(try abs(number(permuted, "p") - exact) < 1e-9 && abs(number(permuted, "mean")) < 1e-12)
    let found = try SafetensorsFile(url).vector("mapped_direction", as: Double.self)
    for j in 0..<2 { #expect(abs(found[j] - image[j]) < 1e-12) }

    let same = try run(against: image)
    #expect(try same["verdict"] as? String == "specific" && abs(number(same, "cosine") - 1) < 1e-12)
    let across = try run(against: [-image[1], image[0]])
    #expect(try across["verdict"] as? String == "not specific" && abs(number(across, "cosine")) < 1e-12)

    let paired = try #require(controls(run(against: skew, ["--paired"]))["permuted_labels"])
    let pairs = listedP(pairs: 4) { signs in
      cosine(mapped((0..<3).map { j in (0..<4).reduce(0) { $0 + signs[$1] * (a[$1, j] - b[$1, j]) } }), skew)
    }
    #expect(abs(try number(paired, "p") - pairs) < 1e-9)
  }

  @Test func whatIsUndefinedIsNull() throws {
    let scratch = try TemporaryFolder()
    let x = try scratch.npy("x", normal(10, 3, seed: 1))
    let still = try scratch.npy("y", Matrix<Double>(repeating: 2, rows: 10, columns: 2))
    let (v, u) = (try scratch.npy("v", Matrix<Double>([[1, 2, 3]])), try scratch.npy("u", Matrix<Double>([[1, 1]])))
    let directions = ["--direction", v, "--target-direction", u]
    let json = try linstruct(words(x, still, "1", scratch.file("m.safetensors")) + directions).json()
    for key in ["r2_train", "r2_holdout", "cosine", "controls", "verdict"] { #expect(json[key] is NSNull, "\(key)") }
    let zero = try scratch.npy("z", Matrix<Double>.zeros(rows: 3, columns: 1))
    let y = try scratch.npy("w", normal(10, 2, seed: 2))
    let none = try linstruct(
      words(x, y, "1", scratch.file("m.safetensors")) + ["--direction", zero, "--target-direction", u]
    ).json()
    #expect(none["cosine"] is NSNull && none["r2_train"] is Double)
  }

  @Test func typesAndBytes() throws {
    let scratch = try TemporaryFolder()
    let rows = normal(20, 3, seed: 1)
    let single = try scratch.npy("x32", rows.converted(to: Float.self))
    let (x, y) = (try scratch.npy("x", rows), try scratch.npy("y", image(rows).converted(to: Float.self)))
    let axis = try scratch.npy("v", Matrix<Double>([[1, 2, 3]]))
    let native = try scratch.npy("u", Matrix<Double>([[1, 2]]))
    for (source, type) in [(single, ElementType.f32), (x, .f64)] {
      let url = scratch.file("map.safetensors")
      let all = words(source, y, "0.1", url) + ["--direction", axis, "--target-direction", native]
      try expectTheSameBytes(all, output: url)
      try expectTheSameBytes(all.filter { $0 != "--json" }, output: url)
      #expect(try SafetensorsFile(url).tensors.allSatisfy { $0.type == type })
    }
  }

  @Test func dataThatDoNotFit() throws {
    let scratch = try TemporaryFolder()
    let (x, y) = (try scratch.npy("x", normal(20, 3, seed: 1)), try scratch.npy("y", normal(20, 2, seed: 2)))
    let fewer = try scratch.npy("fewer", normal(19, 2, seed: 2))
    let (three, two) = (try scratch.npy("three", normal(1, 3, seed: 3)), try scratch.npy("two", normal(1, 2, seed: 3)))
    let (p, n) = (try scratch.npy("p", normal(6, 3, seed: 4)), try scratch.npy("n", normal(5, 3, seed: 5)))
    let wide = try scratch.npy("wide", normal(6, 4, seed: 6))
    let wider = try scratch.npy("wider", normal(6, 4, seed: 7))
    let broken = try scratch.npy("broken", Matrix<Double>([[1, 2], [3, .nan], [5, 6]]))
    let url = scratch.file("map.safetensors")
    func refused(_ x: String, _ y: String, _ extra: [String] = [], _ mentions: [String]) throws {
      let all = words(x, y, "1", url) + extra
      for mention in mentions { try expectRefusal(all, status: 1, saying: mention) }
    }
    try refused(x, fewer, [], ["x.npy has 20 rows", "fewer.npy 19", "must be the same prompt"])
    try refused(three, two, [], ["three.npy", "1 of 1 rows", "--holdout"])
    try refused(x, y, ["--holdout", "1"], ["x.npy", "0 of 20 rows", "lower --holdout"])
    try refused(broken, broken, ["--holdout", "0"], ["broken.npy", "[1, 1]", "NaN"])
    try refused(x, y, ["--direction", two], ["two.npy", "x.npy", "2 entries, a map from 3"])
    try refused(x, y, ["--direction", three, "--target-direction", three], ["three.npy", "y.npy", "2 and 3 entries"])
    func classes(_ p: String, _ n: String) -> [String] {
      ["--source-positive", p, "--source-negative", n, "--target-direction", two]
    }
    try refused(x, y, classes(p, n) + ["--paired"], ["p.npy", "n.npy", "6 positive and 5 negative rows"])
    try refused(x, y, classes(p, wide), ["p.npy", "wide.npy", "the same layer of the same model"])
    try refused(x, y, classes(wide, wider), ["wide.npy", "wider.npy", "x.npy", "4 entries, a map from 3"])
    try refused(x, y, classes(wide, wider) + ["--direction", three], ["wide.npy", "x.npy", "4 entries, a map from 3"])
    try refused(x, y, classes(p, p), ["p.npy", "are they the same file?"])
    try refused(x, y, classes(three, p), ["three.npy", "at least two rows a side"])
    #expect(!FileManager.default.fileExists(atPath: url.path))
  }

  @Test func whatIsNotBuiltIsRefusedByName() throws {
    let scratch = try TemporaryFolder()
    let (x, y) = (try scratch.npy("x", normal(20, 3, seed: 1)), try scratch.npy("y", normal(20, 2, seed: 2)))
    let url = scratch.file("map.safetensors")
    for choice in ["loo", "gcv", "kfold"] {
      try expectRefusal(words(x, y, choice, url), status: 64, saying: "--lambda \(choice)", "not built yet")
    }
    let without = ["transfer", "--source", x, "--target", y, "--output", url.path]
    try expectRefusal(without, status: 64, saying: "--lambda is missing", "loo")
    for wrong in ["-1", "nan", "inf", "one"] {
      try expectRefusal(words(x, y, wrong, url), status: 64, saying: "--lambda", wrong)
    }
    for wrong in ["1.5", "-0.1", "nan"] {
      try expectRefusal(words(x, y, "1", url) + ["--holdout", wrong], status: 64, saying: "--holdout", wrong)
    }
    try expectRefusal(words(x, y, "1", scratch.file("m.npy")), status: 64, saying: "--output", ".safetensors")
    for half in ["--source-positive", "--source-negative"] {
      try expectRefusal(words(x, y, "1", url) + [half, x], status: 64, saying: "belong together")
    }
    try expectRefusal(words(x, y, "1", url) + ["--paired"], status: 64, saying: "--paired")
  }
}
