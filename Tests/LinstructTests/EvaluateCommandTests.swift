import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

private let keys: Set<String> = [
  "accuracy", "auroc", "raw_gap", "pooled_d", "paired_d", "paired_accuracy", "permutation_p",
]

@Suite struct EvaluateCommandTests {
  private func words(_ direction: String, _ p: String, _ n: String) -> [String] {
    ["evaluate", "--direction", direction, "--positive", p, "--negative", n, "--json"]
  }

  /// Rows whose scores on (0, 2) are the given ones.
  private func rows(_ scores: [Double]) -> Matrix<Double> {
    Matrix(rows: scores.count, columns: 2) { i, j in j == 0 ? Double(i * i) : scores[i] / 2 }
  }

  @Test func scoresWithTiesByHand() throws {
    let scratch = try TemporaryFolder()
    let (high, low) = ([3.0, 1, 1, 0], [1.0, 0, -1])
    let (p, n) = (try scratch.npy("p", rows(high)), try scratch.npy("n", rows(low)))
    // A vector stored as a row and one stored as a column give the same direction.
    for axis in [Matrix<Double>([[0, 2]]), Matrix<Double>([[0], [2]])] {
      let json = try linstruct(words(scratch.npy("v", axis), p, n) + ["--held-out"]).json()
      #expect(Set(json.keys).isSuperset(of: keys))
      // The midpoint is 0.625: three of four positive scores lie above it, two of three negative ones below.
      #expect(agree(try number(json, "accuracy"), (0.75 + 2.0 / 3) / 2))
      // Of twelve pairs 3 + 2 + 2 + 1 are in order, and one for each of 1, 1, 0 is tied.
      #expect(agree(try number(json, "auroc"), (8 + 1.5) / 12))
      // The gap is measured along the unit direction (0, 1).
      #expect(agree(try number(json, "raw_gap"), 0.625))
      #expect(agree(try number(json, "pooled_d"), 1.25 / (6.75 / 5).squareRoot()))
      #expect(json["paired_d"] is NSNull && json["paired_accuracy"] is NSNull)
      let all = high + low
      func mean(_ chosen: [Int]) -> Double { chosen.reduce(0) { $0 + all[$1] } / Double(chosen.count) }
      let exact = listedP(positive: 4, negative: 3) { mean($0) - mean($1) }
      #expect(abs(try number(json, "permutation_p") - exact) < 1e-12)
    }
  }

  @Test func pairsByHand() throws {
    let scratch = try TemporaryFolder()
    let (high, low) = ([3.0, 1, 1, 0, 2], [1.0, 1, 2, -1, 0])
    let (p, n) = (try scratch.npy("p", rows(high)), try scratch.npy("n", rows(low)))
    let v = try scratch.npy("v", Matrix<Double>([[0, 2]]))
    let json = try linstruct(words(v, p, n) + ["--paired", "--held-out"]).json()
    let differences = [2.0, 0, -1, 1, 2]
    let deviation = (differences.reduce(0) { $0 + ($1 - 0.8) * ($1 - 0.8) } / 4).squareRoot()
    #expect(agree(try number(json, "paired_d"), 0.8 / deviation))
    #expect(agree(try number(json, "paired_accuracy"), 3.0 / 5))
    let exact = listedP(pairs: 5) { signs in zip(signs, differences).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(abs(try number(json, "permutation_p") - exact) < 1e-12)
    let free = try linstruct(words(v, p, n) + ["--held-out"]).json()
    #expect(try number(free, "permutation_p") != exact)
    #expect(try number(free, "paired_accuracy") == 0.6)
  }

  @Test func theMidpointOfTheFileDecides() throws {
    let scratch = try TemporaryFolder()
    let (p, n) = (try scratch.npy("p", rows([5, 3, 2])), try scratch.npy("n", rows([3, 1])))
    let url = scratch.file("v.safetensors")
    try SafetensorsFile.write(
      [NamedTensor("direction", Vector<Double>([0, 2])), NamedTensor("midpoint", Vector<Double>([99, 1.5]))], to: url)
    // The midpoint scores 3, and a score on it counts as negative.
    let json = try linstruct(words(url.path, p, n)).json()
    #expect(agree(try number(json, "accuracy"), (1.0 / 3 + 1) / 2))
    let bare = try linstruct(words("\(url.path)#direction", p, n)).json()
    #expect(agree(try number(bare, "accuracy"), (2.0 / 3 + 0.5) / 2))
  }

  @Test func onItsOwnRowsThereIsNoPUnlessRefitted() throws {
    let scratch = try TemporaryFolder()
    let (a, b) = (normal(6, 4, seed: 1).map { $0 + 0.7 }, normal(6, 4, seed: 2))
    let (p, n) = (try scratch.npy("p", a), try scratch.npy("n", b))
    let url = scratch.file("d.safetensors")
    for method in ["difference-in-means", "caa"] {
      let made = try linstruct(
        "direction", "--positive", p, "--negative", n, "--method", method, "--output", url.path, "--json")
      let own = try linstruct(words(url.path, p, n)).json()
      #expect(own["permutation_p"] is NSNull && own["accuracy"] is Double && Set(own.keys).isSuperset(of: keys))
      let refitted = try linstruct(words(url.path, p, n) + ["--refit", method]).json()
      #expect(try number(refitted, "permutation_p") == number(made.json(), "norm_p"))
    }
    // One row that the direction was made from is enough, among others.
    let mixed = try scratch.npy("m", Matrix(stackingRows: [normal(3, 4, seed: 5), a[rows: 2..<3]]))
    #expect(try linstruct(words(url.path, mixed, n)).json()["permutation_p"] is NSNull)
    let held = try scratch.npy("h", normal(5, 4, seed: 3))
    let others = try scratch.npy("o", normal(5, 4, seed: 4))
    #expect(try linstruct(words(url.path, held, others)).json()["permutation_p"] is Double)
  }

  @Test func whatIsUndefinedIsNull() throws {
    let scratch = try TemporaryFolder()
    let (p, n) = (try scratch.npy("p", normal(4, 2, seed: 1)), try scratch.npy("n", normal(4, 2, seed: 2)))
    let zero = try linstruct(words(scratch.npy("z", Matrix<Double>.zeros(rows: 2, columns: 1)), p, n)).json()
    for key in keys { #expect(zero[key] is NSNull, "\(key)") }
    let v = try scratch.npy("v", Matrix<Double>([[1, 1]]))
    let one = try scratch.npy("one", normal(1, 2, seed: 3))
    let single = try linstruct(words(v, one, one)).json()
    for key in keys.subtracting(["raw_gap"]) { #expect(single[key] is NSNull, "\(key)") }
    #expect(try number(single, "raw_gap") == 0 && Set(single.keys).isSuperset(of: keys))
  }

  @Test func theSameOutputTwice() throws {
    let scratch = try TemporaryFolder()
    let (p, n) = (try scratch.npy("p", normal(30, 3, seed: 1)), try scratch.npy("n", normal(30, 3, seed: 2)))
    let v = try scratch.npy("v", Matrix<Double>([[1, 2, 3]]))
    for extra in [[], ["--paired"], ["--refit", "caa"], ["--seed", "7"]] {
      let all = words(v, p, n) + extra
      let first = try linstruct(all)
      #expect(try first.status == 0 && first.output == linstruct(all).output)
      #expect(try linstruct(all.filter { $0 != "--json" }).output == linstruct(all.filter { $0 != "--json" }).output)
    }
  }

  @Test func rowsThatDoNotFit() throws {
    let scratch = try TemporaryFolder()
    let (p, n) = (try scratch.npy("six", normal(6, 3, seed: 1)), try scratch.npy("five", normal(5, 3, seed: 2)))
    let wide = try scratch.npy("wide", normal(6, 4, seed: 3))
    let v = try scratch.npy("v", Matrix<Double>([[1, 2, 3]]))
    let broken = try scratch.npy("broken", Matrix<Double>([[1, .infinity, 3]]))
    for extra in [["--paired"], ["--refit", "caa"]] {
      try expectRefusal(
        words(v, p, n) + extra, status: 1, saying: "six.npy", "five.npy", "6 positive and 5 negative rows")
    }
    try expectRefusal(words(v, p, wide), status: 1, saying: "six.npy", "wide.npy", "the same layer of the same model")
    try expectRefusal(words(v, wide, wide), status: 1, saying: "v.npy", "wide.npy", "4 entries, a direction of 3")
    try expectRefusal(words(v, p, broken), status: 1, saying: "broken.npy", "[0, 1]", "infinite")
    try expectRefusal(words(broken, p, n), status: 1, saying: "broken.npy", "[0, 1]", "infinite")
    try expectRefusal(words(p, p, n), status: 1, saying: "six.npy", "6x3", "a vector is needed")
    try expectRefusal(words(scratch.file("none.safetensors").path, p, n), status: 1, saying: "none.safetensors")
    let other = scratch.file("other.safetensors")
    try SafetensorsFile.write([NamedTensor("axis", Vector<Double>([1, 2, 3]))], to: other)
    try expectRefusal(words(other.path, p, n), status: 1, saying: "other.safetensors", "\"direction\"", "axis")
  }

  @Test func whatIsNotBuiltIsRefusedByName() throws {
    let scratch = try TemporaryFolder()
    let (p, v) = (try scratch.npy("p", normal(6, 3, seed: 1)), try scratch.npy("v", Matrix<Double>([[1, 2, 3]])))
    try expectRefusal(words(v, p, p) + ["--groups", "g.npy"], status: 64, saying: "--groups g.npy", "not built yet")
    try expectRefusal(words(v, p, p) + ["--refit", "principal"], status: 64, saying: "--refit principal", "not built")
    try expectRefusal(words(v, p, p) + ["--refit", "median"], status: 64, saying: "median", "caa")
    try expectRefusal(["evaluate", "--positive", p, "--negative", p], status: 64, saying: "--direction is missing")
  }
}
