import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// The help, and the messages where a word is nearly right.
@Suite struct WordsTests {
  @Test func helpOfACommandInThreeForms() throws {
    for command in try commandNames() {
      let page = try linstruct(command, "--help")
      #expect(page.status == 0 && page.output.contains("usage: linstruct \(command)"))
      #expect(try linstruct("help", command).output == page.output)
      #expect(try linstruct("--help", command).output == page.output)
    }
    try expectRefusal(["help", "spectrm"], status: 64, saying: "unknown command spectrm; did you mean spectrum?")
    try expectRefusal(["help", "isometry"], status: 64, saying: "not built yet")
    try expectRefusal(["help", "svd", "angles"], status: 64, saying: "one command")
    #expect(try linstruct("help", "--help").output == linstruct("--help").output)
  }

  @Test func helpIsGroupedAndFitsTheTerminal() throws {
    let overview = try linstruct().output
    for (title, first) in [
      ("to begin with", "tour"), ("weights", "spectrum"), ("planes", "angles"),
      ("directions in activations", "direction"),
      ("training runs", "extrapolate"),
    ] {
      #expect(overview.contains("\n\(title):\n  \(first) "))
    }
    for page in try commandNames().map({ try linstruct("help", $0).output }) + [overview] {
      for line in page.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    }
  }

  @Test func theReadmeListsEveryCommand() throws {
    let readme = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
    let text = try String(contentsOf: readme.standardized, encoding: .utf8)
    for command in try commandNames() { #expect(text.contains("\n| `\(command)` | "), "\(command)") }
  }

  /// Options are declared once, as properties; what the usage line names is among them.
  @Test func theUsageNamesDeclaredOptionsAndEachOptionStandsOnce() throws {
    for command in try commandNames() {
      let page = try linstruct("help", command).output
      let parts = page.split(separator: "\noptions:\n")
      try #require(parts.count == 2)
      let listed = parts[1].matches(of: /(?m)^  --([a-z-]+)/).map { String($0.1) }
      #expect(Set(listed).count == listed.count && Set(listed).isSuperset(of: ["json", "seed", "threads", "help"]))
      let usage = try #require(parts[0].split(separator: "\n\n").first { $0.hasPrefix("usage:") })
      for named in usage.matches(of: /--([a-z-]+)/) {
        #expect(listed.contains(String(named.1)), "\(command) \(named.0)")
      }
    }
  }

  @Test(arguments: [
    (["spectrm"], "did you mean spectrum?"), (["sdv"], "did you mean svd?"), (["angel"], "did you mean angles?"),
    (["SVD"], "did you mean svd?"), (["extra"], "did you mean extrapolate?"), (["hlep"], "did you mean help?"),
    (["svd", "a", "--ouput", "b"], "did you mean --output?"), (["svd", "a", "-output", "b"], "did you mean --output?"),
    (["svd", "a", "--values_only"], "did you mean --values-only?"), (["svd", "a", "--JSON"], "did you mean --json?"),
    (["transfer", "--positive", "p"], "did you mean --source-positive?"),
  ])
  func theNearestNameIsOffered(words: [String], question: String) throws {
    try expectRefusal(words, status: 64, saying: question)
  }

  @Test(arguments: [
    ["nonsense"], ["x"], ["spectrumspectrum"], ["svd", "a", "--nonsense"], ["svd", "a", "-x"], ["svd", "a", "---"],
  ])
  func nothingIsOfferedWhereNothingIsNear(words: [String]) throws {
    let run = try linstruct(words)
    #expect(run.status == 64 && run.error.contains("unknown") && !run.error.contains("did you mean"))
  }

  @Test func tensorsThatMayHaveBeenMeantComeFirst() throws {
    let scratch = try TemporaryFolder()
    let names = (0..<12).map { "model.layers.\($0).mlp.weight" } + ["lm_head.weight"]
    let url = try scratch.write("m.safetensors", names.map { TensorValues($0, normal(1, 1, seed: 1)) })
    for (wanted, meant) in [
      ("lm_haed.weight", "lm_head.weight"), ("layers.11.mlp", "model.layers.11.mlp.weight"),
      ("Model.layers.3.mlp.weight", "model.layers.3.mlp.weight"),
    ] {
      let question = "no tensor \"\(wanted)\"; did you mean \"\(meant)\"? there are \(meant), "
      try expectRefusal(["svd", "\(url.path)#\(wanted)"], status: 1, saying: question)
      try expectRefusal(["spectrum", url.path, "--tensor", wanted], status: 1, saying: question)
    }
    let far = try linstruct("svd", "\(url.path)#zzz")
    #expect(far.status == 1 && !far.error.contains("did you mean") && far.error.contains(", …"))
  }

  @Test func includeThatMatchesNothingIsAnError() throws {
    let scratch = try TemporaryFolder()
    let url = try scratch.write(
      "m.safetensors",
      [10, 2].map { TensorValues("layers.\($0).w", normal(2, 2, seed: 1)) } + [TensorValues("b", .f32, [1], [1])])
    try expectRefusal(
      ["spectrum", url.path, "--include", "^w$"], status: 1, saying: url.path, "--include ^w$ matches no name",
      "there are b, layers.2.w, layers.10.w")
    try expectRefusal(
      ["spectrum", url.path, "--tensor", "b", "--include", "layers"], status: 1, saying: "there are b\n")
    try expectRefusal(["spectrum", url.path, "--include", "("], status: 64, saying: "not a regular expression")
    // A tensor that is chosen and skipped is not the same as one that is not there.
    #expect(try linstruct("spectrum", url.path, "--include", "^b$").status == 0)
    let empty = try scratch.write("e.safetensors", [])
    try expectRefusal(["spectrum", empty.path, "--include", "w"], status: 1, saying: "there are none")
    #expect(try linstruct("spectrum", empty.path).status == 0)
  }

  @Test(arguments: [
    (["svd", "a", "--output", "--json"], "write --output=--json"), (["svd", "a", "--output", "-h"], "--output=-h"),
    (["svd", "a", "--output", "--"], "looks like an option"), (["svd", "a", "--output="], "--output needs a value"),
    (["svd", "a", "--output", ""], "--output needs a value"), (["svd", ""], "an argument is empty"),
    (["svd", "a", "--json", "--json"], "given twice"), (["svd", "a", "--rank=1", "--rank", "2"], "given twice"),
    (["--json", "svd", "a"], "write `linstruct COMMAND --json`"),
  ])
  func valuesThatAreMissingOrTwice(words: [String], saying mention: String) throws {
    try expectRefusal(words, status: 64, saying: mention)
  }

  @Test func anAttachedValueMayLookLikeAnOption() throws {
    let scratch = try TemporaryFolder()
    let a = try scratch.npy("a", normal(2, 2, seed: 1))
    try expectRefusal(["svd", a, "--output=--json"], status: 64, saying: "must end in .safetensors")
    try expectRefusal(["svd", a, "--seed", "-1"], status: 64, saying: "not -1")
  }
}
