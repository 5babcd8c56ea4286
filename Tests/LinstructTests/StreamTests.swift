import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// Standard streams that are closed, full, or read no further.
@Suite struct StreamTests {
  /// The words, and the exit status they have on streams that work.
  static let cases: [([String], Int32)] = [
    (["--help"], 0), (["svd", "--help"], 0), (["nonsense"], 64), (["svd", "a", "--nonsense"], 64),
    (["svd", "none.npy"], 1),
  ]

  @Test(arguments: ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
  func theStatusIsTheSameWithoutStandardError(redirection: String) throws {
    for (words, status) in Self.cases {
      let plain = try linstruct(words)
      let run = try linstruct(words, redirection: redirection)
      #expect(plain.status == status && run.status == status, "\(words) \(redirection)")
      #expect(run.output == plain.output, "\(words) \(redirection)")
    }
  }

  @Test(arguments: ["2>&-", "2>/dev/full", "<&- 2>&-"])
  func warningsThatCannotBeWrittenChangeNothing(redirection: String) throws {
    let scratch = try TemporaryFolder()
    let base = try scratch.write("base.safetensors", [TensorValues("w", normal(2, 2, seed: 1))])
    for step in 1...3 {
      try scratch.write("run/s-\(step).safetensors", [TensorValues("w", normal(2, 2, seed: UInt64(step + 1)))])
    }
    let output = scratch.file("f.safetensors")
    let words = [
      "extrapolate", "--base", base.path, "--checkpoints", scratch.file("run").path, "--target", "1000", "--output",
      output.path, "--json",
    ]
    let plain = try linstruct(words)
    #expect(plain.status == 0 && plain.error.contains("warning: "))
    let bytes = try Data(contentsOf: output)
    let run = try linstruct(words, redirection: redirection)
    #expect(run.status == 0 && run.output == plain.output)
    // A file that is opened while standard error is closed must not get its messages.
    #expect(try Data(contentsOf: output) == bytes)
  }

  @Test(arguments: [">/dev/full", ">&-", ">&- <&-"])
  func anOutputThatCannotBeWrittenIsAnError(redirection: String) throws {
    for (words, status) in Self.cases {
      let run = try linstruct(words, redirection: redirection)
      #expect(run.status == (status == 0 ? 1 : status), "\(words)")
      #expect(run.error.hasPrefix("error: ") && run.error.count { $0 == "\n" } == 1, "\(words)")
      if status == 0 { #expect(run.error.contains("standard output cannot be written"), "\(words)") }
    }
    #expect(try linstruct(["--help"], redirection: "\(redirection) 2>/dev/full").status == 1)
  }

  @Test func aReaderThatStopsIsNoError() throws {
    let scratch = try TemporaryFolder()
    let a = try scratch.npy("a", normal(3, 2, seed: 1))
    for words in [["--help"], ["svd", a, "--json"], ["spectrum", a]] {
      let process = Process()
      process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "linstruct")
      process.arguments = words
      let (output, error) = (Pipe(), Pipe())
      (process.standardOutput, process.standardError) = (output, error)
      try output.fileHandleForReading.close()
      try process.run()
      let message = try error.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0 && process.terminationReason == .exit, "\(words)")
      #expect(message.isEmpty, "\(words): \(String(decoding: message, as: UTF8.self))")
    }
  }

  @Test func controlCharactersOfNamesAreEscaped() throws {
    let scratch = try TemporaryFolder()
    let name = "w\u{202E}\u{2028}z"
    let url = try scratch.write(
      "m.safetensors", [TensorValues(name, normal(2, 2, seed: 1)), TensorValues("bias\u{2066}", .f32, [2], [1, 2])])
    let shown = "w\\u202e\\u2028z"
    let path = try scratch.npy("a\u{1B}[2J\r\n\tz", normal(2, 2, seed: 1))
    for words in [
      ["spectrum", url.path], ["spectrum", url.path, "--json"], ["spectrum", url.path, "--include", "zz"],
      ["spectrum", url.path, "--tensor", "w"], ["svd", "\(url.path)#\(name)"], ["svd", "none\u{1B}[2J\n.npy"],
      ["spectrum", path], ["spectrum", path, "--json"], ["svd", path + "#x"],
      ["svd\u{1B}[2J"], ["svd", "a", "--\u{9B}"], ["svd", "a", "--rank", "\u{7}"],
    ] {
      let run = try linstruct(words)
      let isControl = { (scalar: Unicode.Scalar) in
        scalar.properties.generalCategory == .control && scalar != "\n" || scalar == "\u{202E}"
      }
      #expect(!(run.output + run.error).unicodeScalars.contains(where: isControl), "\(words)")
      #expect(run.error.count { $0 == "\n" } == (run.status == 0 ? 0 : 1), "\(words)")
      if !words.contains("--json") { #expect(run.output.count { $0 == "\n" } <= 5, "\(words)") }
    }
    #expect(try linstruct("spectrum", url.path).output.contains(shown))
    #expect(try linstruct("spectrum", path).output.contains("\na\\u001b[2J\\r\\n\\tz "))
    #expect(try linstruct("spectrum", url.path, "--json").output.contains("\"name\": \"\(shown)\""))
    let list = try linstruct("spectrum", url.path, "--json").json()["tensors"] as? [[String: Any]]
    #expect(list?.contains { $0["name"] as? String == name } == true)
  }
}
