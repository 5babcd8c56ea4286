import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

private let positive = normal(7, 5, seed: 1).map { $0 + 0.5 }
private let negative = normal(4, 5, seed: 2)

/// The difference of the means of two sets of rows, pooled with positive rows first.
private func difference(_ rows: Matrix<Double>, _ high: some Collection<Int>, _ low: some Collection<Int>) -> [Double] {
  zip(meanOfRows(rows, high), meanOfRows(rows, low)).map { $0 - $1 }
}

/// The standard deviation of each feature over all rows.
private func scales(_ rows: Matrix<Double>) -> [Double] {
  let mean = meanOfRows(rows, 0..<rows.rows)
  return (0..<rows.columns).map { j in
    (rows.column(j).reduce(0) { $0 + ($1 - mean[j]) * ($1 - mean[j]) } / Double(rows.rows - 1)).squareRoot()
  }
}

/// ‖v‖²/(tr S₊/n₊ + tr S₋/n₋) on rows in units of the scales.
private func studentized(_ rows: Matrix<Double>, _ high: some Collection<Int>, _ low: some Collection<Int>) -> Double {
  let scales = scales(rows)
  func scatter(_ chosen: some Collection<Int>) -> Double {
    let (mean, n) = (meanOfRows(rows, chosen), Double(chosen.count))
    let squares = (0..<rows.columns).map { j in
      chosen.reduce(0) { $0 + (rows[$1, j] - mean[j]) * (rows[$1, j] - mean[j]) } / (scales[j] * scales[j])
    }
    return squares.reduce(0, +) / (n - 1) / n
  }
  let length = length(zip(difference(rows, high, low), scales).map { $0 / $1 })
  return length * length / (scatter(high) + scatter(low))
}

@Suite struct DirectionCommandTests {
  private func words(_ p: String, _ n: String, _ method: String, _ output: URL) -> [String] {
    ["direction", "--positive", p, "--negative", n, "--method", method, "--output", output.path, "--json"]
  }

  @Test func theDifferenceOfTheMeansAndItsExactP() throws {
    let scratch = try TemporaryFolder()
    let (p, n) = (try scratch.npy("p", positive), try scratch.npy("n", negative))
    let url = scratch.file("d.safetensors")
    let json = try linstruct(words(p, n, "difference-in-means", url)).json()
    #expect(Set(json.keys).isSuperset(of: ["norm", "norm_p", "samples", "provenance"]))
    #expect(json["samples"] as? [String: Int] == ["positive": 7, "negative": 4])

    let all = Matrix(stackingRows: [positive, negative])
    let expected = difference(all, 0..<7, 7..<11)
    #expect(agree(try number(json, "norm"), length(expected)))
    let exact = listedP(positive: 7, negative: 4) { studentized(all, $0, $1) }
    #expect(abs(try number(json, "norm_p") - exact) < 1e-12)
    #expect(json["permutations"] as? Int == 330)

    let file = try SafetensorsFile(url)
    #expect(Set(file.tensors.map(\.name)) == ["direction", "midpoint"])
    #expect(file.tensors.allSatisfy { $0.type == .f64 && $0.shape == [5] })
    let found = try file.vector("direction", as: Double.self)
    let midpoint = try file.vector("midpoint", as: Double.self)
    let middle = zip(meanOfRows(all, 0..<7), meanOfRows(all, 7..<11)).map { ($0 + $1) / 2 }
    for j in 0..<5 { #expect(abs(found[j] - expected[j]) < 1e-14 && abs(midpoint[j] - middle[j]) < 1e-14) }
    #expect(file.metadata["row_fingerprints"]?.split(separator: " ").count == 11)

    let npy = scratch.file("d.npy")
    #expect(try linstruct(words(p, n, "difference-in-means", npy)).status == 0)
    let array = try NumpyFile(npy)
    #expect(array.shape == [5] && array.type == .f64)
    #expect(try Array(array.matrix(as: Double.self).flattened) == Array(found))
  }

  @Test func pairsExchangeLabelsWithinPairs() throws {
    let scratch = try TemporaryFolder()
    let (a, b) = (normal(6, 3, seed: 3).map { $0 + 0.4 }, normal(6, 3, seed: 4))
    let url = scratch.file("d.safetensors")
    let json = try linstruct(words(scratch.npy("a", a), scratch.npy("b", b), "caa", url)).json()
    func mean(_ signs: [Double]) -> [Double] {
      (0..<3).map { j in (0..<6).reduce(0) { $0 + signs[$1] * (a[$1, j] - b[$1, j]) } / 6 }
    }
    #expect(agree(try number(json, "norm"), length(mean([1, 1, 1, 1, 1, 1]))))
    let units = scales(Matrix(stackingRows: [a, b]))
    let exact = listedP(pairs: 6) { signs in length(zip(mean(signs), units).map { $0 / $1 }) }
    #expect(abs(try number(json, "norm_p") - exact) < 1e-12)
    let found = try SafetensorsFile(url).vector("direction", as: Double.self)
    for (ours, theirs) in zip(found, mean([1, 1, 1, 1, 1, 1])) { #expect(abs(ours - theirs) < 1e-14) }
    #expect(try SafetensorsFile(url).metadata["method"] == "caa")
  }

  @Test func manyRowsAreSampledBySeed() throws {
    let scratch = try TemporaryFolder()
    let (p, n) = (normal(40, 6, seed: 5), normal(40, 6, seed: 6))
    let shifted = try scratch.npy("s", p.map { $0 + 1 })
    let (a, b) = (try scratch.npy("p", p), try scratch.npy("n", n))
    let url = scratch.file("d.npy")
    #expect(try number(linstruct(words(shifted, b, "difference-in-means", url)).json(), "norm_p") == 0.001)
    func chance(_ seed: String) throws -> Double {
      let json = try linstruct(words(a, b, "difference-in-means", url) + ["--seed", seed]).json()
      #expect(try number(json, "norm_p") > 0.05)
      return try number(json, "norm_chance")
    }
    let (one, two) = (try chance("1"), try chance("2"))
    // For exchanged labels of 2·40 normal rows, E‖v‖² = 6·2/40.
    #expect(one != two && abs(one - 0.53) < 0.05 && abs(two - 0.53) < 0.05)
  }

  @Test(arguments: [
    (ElementType.f32, ElementType.f32, ElementType.f32), (.bf16, .f16, .f32), (.f64, .f32, .f64), (.i32, .f32, .f64),
  ])
  func theTypeOfTheResult(_ first: ElementType, _ second: ElementType, _ result: ElementType) throws {
    let scratch = try TemporaryFolder()
    let (a, b) = (Matrix<Double>([[3, 0], [4, 1]]), Matrix<Double>([[1, 2], [0, -4], [2, 0]]))
    let path = try scratch.write("rows.safetensors", [TensorValues("a", a, first), TensorValues("b", b, second)]).path
    let (file, array) = (scratch.file("d.safetensors"), scratch.file("d.npy"))
    for url in [file, array] {
      #expect(try linstruct(words("\(path)#a", "\(path)#b", "difference-in-means", url) + ["--integers"]).status == 0)
    }
    let (tensors, numbers) = (try SafetensorsFile(file), try NumpyFile(array))
    #expect(tensors.tensors.allSatisfy { $0.type == result } && numbers.type == result)
    let (found, same) = (try tensors.vector("direction", as: Double.self), try numbers.matrix(as: Double.self))
    #expect(abs(found[0] - 2.5) < 1e-7 && abs(found[1] - 7.0 / 6) < 1e-7 && same.flattened == found)
  }

  @Test func theSameBytesTwice() throws {
    let scratch = try TemporaryFolder()
    let (p, n) = (try scratch.npy("p", positive), try scratch.npy("n", negative))
    for name in ["d.safetensors", "d.npy"] {
      let url = scratch.file(name)
      try expectTheSameBytes(words(p, n, "difference-in-means", url), output: url)
      try expectTheSameBytes(words(p, n, "difference-in-means", url).dropLast(), output: url)
    }
  }

  @Test func rowsThatGiveNoDirection() throws {
    let scratch = try TemporaryFolder()
    let (p, n) = (try scratch.npy("seven", positive), try scratch.npy("four", negative))
    let wide = try scratch.npy("wide", normal(7, 6, seed: 1))
    let one = try scratch.npy("one", normal(1, 5, seed: 1))
    var entries = negative
    entries[2, 3] = .nan
    let broken = try scratch.npy("broken", entries)
    let url = scratch.file("d.npy")
    try Data("kept".utf8).write(to: url)
    try expectRefusal(
      words(p, n, "caa", url), status: 1, saying: "seven.npy", "four.npy", "7 positive and 4 negative rows",
      "give row i of both sides to the same prompt, or use the difference in means")
    try expectRefusal(
      words(p, wide, "difference-in-means", url), status: 1, saying: "seven.npy", "wide.npy", "5 entries", "rows 6",
      "the same layer of the same model")
    for pair in [(one, n), (p, one), (one, one)] {
      try expectRefusal(
        words(pair.0, pair.1, "difference-in-means", url), status: 1, saying: "one.npy", "at least two rows a side")
    }
    for method in ["difference-in-means", "caa"] {
      try expectRefusal(words(p, p, method, url), status: 1, saying: "seven.npy", "are they the same file?")
    }
    try expectRefusal(
      words(p, broken, "difference-in-means", url), status: 1, saying: "broken.npy", "[2, 3]", "NaN", "remove")
    try expectRefusal(
      words(p, scratch.file("none.npy").path, "caa", url), status: 1, saying: "none.npy", "no such file")
    // A command that fails leaves what was there.
    #expect(try Data(contentsOf: url) == Data("kept".utf8))
  }

  @Test func whatIsNotBuiltIsRefusedByName() throws {
    let scratch = try TemporaryFolder()
    let (p, n) = (try scratch.npy("p", positive), try scratch.npy("n", negative))
    let url = scratch.file("d.npy")
    try expectRefusal(words(p, n, "principal", url), status: 64, saying: "--method principal", "not built yet")
    try expectRefusal(words(p, n, "caa", scratch.file("d.gguf")), status: 64, saying: "--output", ".gguf is not built")
    for option in ["groups", "layer"] {
      try expectRefusal(
        words(p, n, "caa", url) + ["--\(option)", "3"], status: 64, saying: "--\(option) 3", "not built yet")
    }
    try expectRefusal(words(p, n, "median", url), status: 64, saying: "median", "difference-in-means and caa")
    try expectRefusal(words(p, n, "caa", scratch.file("d.txt")), status: 64, saying: "--output", ".npy or .safetensors")
    try expectRefusal(["direction", "--positive", p, "--negative", n], status: 64, saying: "--method is missing")
    for name in ["d.npy", "d.gguf", "d.txt"] {
      #expect(!FileManager.default.fileExists(atPath: scratch.file(name).path))
    }
  }
}
