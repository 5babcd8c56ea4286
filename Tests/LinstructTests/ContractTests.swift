import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// What holds for every command: help, exit status, one JSON object, errors in words.
@Suite struct ContractTests {
  @Test func helpAndVersion() throws {
    for words in [[], ["--help"], ["-h"], ["help"]] {
      let run = try linstruct(words)
      #expect(run.status == 0 && run.output.contains("usage: linstruct COMMAND"))
    }
    #expect(try linstruct("--version").output.hasPrefix("linstruct "))
    for command in try commandNames() {
      let run = try linstruct(command, "--help")
      #expect(run.status == 0 && run.output.contains("usage: linstruct \(command)") && run.output.contains("--json"))
      #expect(try linstruct(command, "--version").output.hasPrefix("linstruct "))
    }
  }

  @Test func wordsThatAreWrongExitWith64() throws {
    let scratch = try TemporaryFolder()
    let a = try scratch.npy("a", normal(3, 2, seed: 1))
    for words in [
      ["nonsense"], ["isometry", a], ["svd"], ["svd", a, a], ["svd", a, "--nonsense"], ["svd", a, "-x"],
      ["svd", a, "--rank"], ["svd", a, "--rank", "0"], ["svd", a, "--rank", "3"], ["svd", a, "--rank", "x"],
      ["svd", a, "--rank", "1", "--rank", "1"], ["svd", a, "--repeat", "0"], ["svd", a, "--values-only=1"],
      ["svd", a, "--tolerance", "1e-3"], ["svd", a, "--rank", "1", "--tolerance", "nan"],
      ["svd", a, "--output", scratch.file("u.npy").path], ["svd", a, "--threads", "0"], ["svd", a, "--seed", "-1"],
      ["angles", a], ["capture", "--basis", a], ["spectrum", a, "--include", "("],
    ] {
      let run = try linstruct(words)
      #expect(run.status == 64, "\(words)")
      #expect(run.output.isEmpty && run.error.hasPrefix("error: ") && run.error.hasSuffix("\n"), "\(words)")
    }
  }

  @Test(arguments: [
    "drift", "backtest", "controls", "gate", "merge", "adapter", "extract", "ablate", "isometry", "conserved",
  ])
  func commandsOfThePlanAreRefusedByName(command: String) throws {
    try expectRefusal([command, "file", "--json"], status: 64, saying: "the command \(command) is not built yet")
    #expect(try !linstruct("--help").output.contains("  \(command) "))
  }

  @Test func dataThatAreWrongExitWith1() throws {
    let scratch = try TemporaryFolder()
    let a = try scratch.npy("a", normal(3, 2, seed: 1))
    let b = try scratch.npy("b", normal(4, 2, seed: 1))
    let broken = try scratch.npy("nan", Matrix<Double>([[1, .nan]]))
    let infinite = try scratch.npy("inf", Matrix<Float>([[1, .infinity]]))
    try Data("not a model".utf8).write(to: scratch.file("c.safetensors"))
    try Data(repeating: 0xFF, count: 64).write(to: scratch.file("d.safetensors"))
    let tensors = scratch.file("e.safetensors")
    try SafetensorsFile.write(
      [NamedTensor("x", normal(2, 2, seed: 1)), NamedTensor("y", normal(1, 1, seed: 1))], to: tensors)
    for words in [
      ["svd", scratch.file("none.npy").path], ["svd", scratch.url.path], ["svd", "/dev/null"], ["svd", broken],
      ["svd", infinite], ["svd", infinite, "--rank", "1"], ["svd", infinite, "--values-only"], ["svd", tensors.path],
      ["svd", "\(tensors.path)#z"], ["svd", "\(a)#x"], ["svd", scratch.file("c.safetensors").path],
      ["spectrum", scratch.file("d.safetensors").path], ["spectrum", tensors.path, "--tensor", "z"],
      ["angles", a, b], ["angles", a, broken], ["capture", "--basis", a, "--displacement", a],
      ["capture", "--basis", a, "--displacement", b],
    ] {
      let run = try linstruct(words)
      #expect(run.status == 1, "\(words)")
      #expect(run.output.isEmpty && run.error.hasPrefix("error: "), "\(words)")
    }
  }

  @Test func theSameCommandGivesTheSameBytes() throws {
    let scratch = try TemporaryFolder()
    let a = try scratch.npy("a", normal(60, 40, seed: 2).converted(to: Float.self))
    for (name, words) in [("full", ["svd", a]), ("leading", ["svd", a, "--rank", "2"])] {
      let (first, second) = (scratch.file("\(name)1.safetensors"), scratch.file("\(name)2.safetensors"))
      #expect(try linstruct(words + ["--output", first.path]).status == 0)
      #expect(try linstruct(words + ["--output", second.path]).status == 0)
      #expect(try Data(contentsOf: first) == Data(contentsOf: second))
    }
    #expect(try linstruct("spectrum", a, "--json").output == linstruct("spectrum", a, "--json").output)
    #expect(try linstruct("angles", a, a, "--json").output == linstruct("angles", a, a, "--json").output)
  }

  @Test func progressIsSilentWithoutATerminal() throws {
    let scratch = try TemporaryFolder()
    let a = try scratch.npy("a", normal(200, 200, seed: 3))
    let run = try linstruct("svd", a, "--repeat", "5", "--json")
    #expect(run.error.isEmpty)
    #expect((try run.json()["seconds"] as? [Double])?.count == 5)
  }
}
