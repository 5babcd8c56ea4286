import Foundation
import Synchronization
import Testing
import linstruct

/// The lines of progress on standard error, with times short enough for a test.
@Suite struct ProgressTests {
  /// Collects the lines that would be written.
  private final class Lines: Sendable {
    private let state = Mutex("")
    var text: String { state.withLock { $0 } }
    func append(_ line: String) { state.withLock { $0 += line } }
  }

  @Test func aLogHasPlainLinesWithTheTimeLeft() {
    let lines = Lines()
    let progress = Progress("work", style: .log(delay: .zero, interval: .zero)) { lines.append($0) }
    progress.report("reading", 1_250_000, of: 5_000_000, in: .bytes)
    progress.report("entries", 1, of: 4, bytes: 8000)
    progress.report("tensors", 3, of: 4)
    progress.finish()
    let text = lines.text
    #expect(text.contains("reading: 1.2 MB of 5.0 MB (25 %), about 0 s left\n"))
    #expect(text.contains("entries: 2.0 kB of 8.0 kB (25 %), "))
    #expect(text.contains("tensors: 3 of 4 (75 %), about 0 s left\n"))
    #expect(!text.contains("\r") && !text.contains("\u{1B}") && text.hasSuffix("\n"))
  }

  @Test func workThatReportsNothingShowsTheTimeItTook() async throws {
    let lines = Lines()
    let progress = Progress("svd", style: .log(delay: .zero, interval: .milliseconds(1))) { lines.append($0) }
    while lines.text.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    progress.finish()
    #expect(lines.text.hasPrefix("svd: 0 s so far\n"))
    let length = lines.text.count
    progress.report("svd", 1, of: 2)
    #expect(lines.text.count == length, "nothing is shown after the end")
  }

  @Test func aTerminalLineIsWrittenOverAndRemoved() {
    let lines = Lines()
    let progress = Progress("work", style: .terminal(delay: .zero, interval: .zero)) { lines.append($0) }
    progress.report("layer\u{1B}[2J", 1, of: 2)
    progress.finish()
    #expect(lines.text.hasPrefix("\r\u{1B}[K") && lines.text.hasSuffix("\r\u{1B}[K") && !lines.text.contains("\n"))
    #expect(lines.text.contains("layer\\u001b[2J: 1 of 2 (50 %)"))
  }

  @Test func shortWorkIsSilentAndLinesKeepTheirDistance() {
    let lines = Lines()
    for style in [Progress.Style.log(), .terminal()] {
      let progress = Progress("work", style: style) { lines.append($0) }
      for i in 0..<1000 { progress.report("work", i, of: 1000) }
      progress.finish()
    }
    #expect(lines.text.isEmpty)
    let progress = Progress("work", style: .log(delay: .zero, interval: .seconds(3600))) { lines.append($0) }
    for i in 0..<1000 { progress.report("work", i, of: 1000) }
    #expect(lines.text.isEmpty, "the first line keeps its distance from the beginning")
    progress.finish()
  }
}
