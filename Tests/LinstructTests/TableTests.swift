import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// The order, the width and the CSV form of what commands list.
@Suite struct TableTests {
  @Test func layersStandInNumericOrder() throws {
    let scratch = try TemporaryFolder()
    let order = ["b", "layers.2.w", "layers.02.w", "layers.10.w", "layers.10.x", "layers.100.w", "x"]
    let tensors = order.reversed().map { TensorValues($0, normal(2, 2, seed: 1)) }
    let url = try scratch.write("m.safetensors", tensors)
    // Names whose numbers are equal but have other leading zeros are ordered by their bytes.
    let sorted = ["b", "layers.02.w", "layers.2.w"] + order[3...]
    #expect(try names(linstruct("spectrum", url.path, "--json")) == sorted)
    let lines = try linstruct("spectrum", url.path).output.split(separator: "\n").dropFirst()
    #expect(lines.map { $0.split(separator: " ").first.map(String.init) ?? "" } == sorted)
    for step in 1...3 {
      try scratch.write("run/s-\(step).safetensors", order.map { TensorValues($0, normal(2, 2, seed: UInt64(step))) })
    }
    let run = try linstruct(
      "extrapolate", "--base", url.path, "--checkpoints", scratch.file("run").path, "--target", "4", "--json",
      "--output", scratch.file("f.safetensors").path)
    #expect(try names(run) == sorted)
  }

  @Test func oneLongNameDoesNotWidenTheTable() throws {
    let scratch = try TemporaryFolder()
    let long = (0..<3).map { "model.language_model.\(String(repeating: "x", count: 5000)).layers.\($0).weight" }
    let url = try scratch.write(
      "m.safetensors", (["w", "權重"] + long).map { TensorValues($0, normal(2, 2, seed: 1)) })
    let lines = try linstruct("spectrum", url.path).output.split(separator: "\n")
    for line in lines { #expect(line.count <= 100, "\(line)") }
    // Shortened names still differ from each other.
    #expect(Set(lines).count == lines.count && lines.count { $0.contains("…") } == 3)
    #expect(try Set(names(linstruct("spectrum", url.path, "--json"))) == Set(["w", "權重"] + long))
    for step in 1...3 {
      try scratch.write("run/s-\(step).safetensors", long.map { TensorValues($0, normal(2, 2, seed: UInt64(step))) })
    }
    let base = try scratch.write("base.safetensors", long.map { TensorValues($0, normal(2, 2, seed: 9)) })
    let run = try linstruct(
      "extrapolate", "--base", base.path, "--checkpoints", scratch.file("run").path, "--target", "4",
      "--output", scratch.file("f.safetensors").path)
    #expect(run.status == 0 && run.output.count { $0 == "…" } >= 3)
    let table = run.output.split(separator: "\n").filter { $0.contains("…") || $0.contains("energy") }
    for line in table { #expect(line.count <= 100, "\(line)") }
  }

  @Test func shortenedNamesStayDifferent() throws {
    let scratch = try TemporaryFolder()
    let names = (9...10).flatMap { layer in
      ["q", "k", "v"].map {
        "base_model.model.model.language_model.layers.\(layer).self_attention.\($0)_proj.lora_A.weight"
      }
    }
    let url = try scratch.write("m.safetensors", names.map { TensorValues($0, normal(2, 2, seed: 1)) })
    let lines = try linstruct("spectrum", url.path).output.split(separator: "\n").filter { $0.contains("…") }
    let shown = lines.compactMap { $0.split(separator: " ").first }
    #expect(shown.count == 6 && Set(shown).count == 6 && lines.allSatisfy { $0.count <= 100 }, "\(shown)")
    // The beginning that all names share is cut before what tells them apart.
    #expect(shown.count { $0.hasPrefix("…9.") } == 3 && shown.count { $0.hasPrefix("…10.") } == 3, "\(shown)")
  }

  @Test func theTableAsCSV() throws {
    let scratch = try TemporaryFolder()
    let name = "a,\"b\""
    let url = try scratch.write(
      "m.safetensors",
      [
        TensorValues(name, normal(3, 2, seed: 1)), TensorValues("nan", .f32, [1, 2], [.nan, 1]),
        TensorValues("zero", .f32, [2, 2], [0, 0, 0, 0]),
      ])
    let csv = scratch.file("t.csv")
    let run = try linstruct("spectrum", url.path, "--json", "--csv", csv.path)
    let text = try String(contentsOf: csv, encoding: .utf8)
    #expect(text.hasPrefix("name,") && text.hasSuffix("\r\n"))
    let header = try #require(text.split(separator: "\r\n").first).split(separator: ",").map(String.init)
    #expect(Set(["name", "shape_1", "shape_2", "stable_rank", "energy_1", "energy_2", "error"]).isSubset(of: header))
    #expect(!header.contains("energy"))
    // Quotes are doubled, and numbers are those of JSON to their last digit.
    let start = "\r\n\"a,\"\"b\"\"\",3,2,"
    let cells = try #require(text.split(separator: start).last).split(separator: ",")
    let column = try #require(header.firstIndex(of: "stable_rank")) - 3
    #expect(text.contains(start) && run.output.contains("\"stable_rank\": \(cells[column]),"))
    let path = try scratch.npy("line\r\nbreak", normal(2, 2, seed: 1))
    let second = scratch.file("u.csv")
    #expect(try linstruct("spectrum", path, "--csv", second.path).status == 0)
    #expect(try String(contentsOf: second, encoding: .utf8).contains("\r\n\"line\r\nbreak\",2,2,"))
    // An undefined number is an empty cell.
    #expect(text.contains("\r\nzero,") && text.contains(",,"))
    // The text is the same as without the file, and the same words write the same bytes.
    #expect(try linstruct("spectrum", url.path, "--csv", csv.path).output == linstruct("spectrum", url.path).output)
    #expect(try String(contentsOf: csv, encoding: .utf8) == text)
  }

  @Test func aTableWithoutRowsHasItsHeader() throws {
    let scratch = try TemporaryFolder()
    let url = try scratch.write("m.safetensors", [TensorValues("b", .f32, [1], [1])])
    let csv = scratch.file("t.csv")
    #expect(try linstruct("spectrum", url.path, "--csv", csv.path).status == 0)
    #expect(try String(contentsOf: csv, encoding: .utf8) == "name\r\n")
  }

  @Test func aCSVThatCannotBeWritten() throws {
    let scratch = try TemporaryFolder()
    let a = try scratch.npy("a", normal(2, 2, seed: 1))
    let missing = scratch.file("none/t.csv").path
    try expectRefusal(["spectrum", a, "--csv", missing], status: 1, saying: missing)
    try expectRefusal(["spectrum", a, "--csv", scratch.file("t.txt").path], status: 64, saying: "must end in .csv")
    try expectRefusal(["svd", a, "--csv", scratch.file("t.csv").path], status: 64, saying: "unknown option --csv")
    try FileManager.default.createDirectory(at: scratch.file("d.csv"), withIntermediateDirectories: false)
    try expectRefusal(["spectrum", a, "--csv", scratch.file("d.csv").path], status: 1, saying: "folder")
    // A failed run leaves the old file, and nothing beside it.
    let csv = scratch.file("t.csv")
    try Data("old".utf8).write(to: csv)
    #expect(try linstruct("spectrum", scratch.file("none.npy").path, "--csv", csv.path).status == 1)
    #expect(try Data(contentsOf: csv) == Data("old".utf8))
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
    #expect(Set(left) == ["a.npy", "d.csv", "t.csv"])
  }

  @Test func aCSVOverAnInputIsRefused() throws {
    let scratch = try TemporaryFolder()
    let a = try scratch.npy("a", normal(2, 2, seed: 1))
    let bytes = try Data(contentsOf: scratch.file("a.npy"))
    let link = scratch.file("link.csv")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: scratch.file("a.npy"))
    try expectRefusal(["spectrum", a, "--csv", link.path], status: 64, saying: "--csv")
    let hard = scratch.file("hard.csv")
    try FileManager.default.linkItem(at: scratch.file("a.npy"), to: hard)
    try expectRefusal(["spectrum", a, "--csv", hard.path], status: 64, saying: "--csv")
    #expect(try Data(contentsOf: scratch.file("a.npy")) == bytes)
  }

  private func names(_ run: Outcome) throws -> [String] {
    let list = try #require(run.json()["tensors"] as? [[String: Any]], "\(run.error)")
    return list.compactMap { $0["name"] as? String }
  }
}
