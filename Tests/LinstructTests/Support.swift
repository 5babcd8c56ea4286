import Foundation
import Tensor
import TensorIO
import Testing

/// What one run of the executable left behind.
struct Outcome {
  let status: Int32
  let output: String
  let error: String

  /// The errors and warnings, without the lines of progress that work of more than ten seconds writes.
  var complaints: [Substring] {
    error.split(separator: "\n").filter { $0.hasPrefix("error: ") || $0.hasPrefix("warning: ") }
  }

  /// The JSON object on standard output.
  func json() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }
}

/// The commands that the overview lists.
func commandNames() throws -> [String] {
  let names = try linstruct().output.matches(of: /(?m)^  ([a-z]+)\s/).map { String($0.1) }
  try #require(names.count >= 10 && names.contains("tour"))
  return names
}

/// Runs `linstruct`, which is built beside the tests.
func linstruct(_ arguments: String...) throws -> Outcome { try linstruct(arguments) }

/// - Parameters:
///   - arguments: the words after the name.
///   - environment: variables beside those of the tests.
///   - addressSpace: the limit in KiB that `ulimit -v` sets, if any.
///   - redirection: of standard streams, in the words of the shell, such as `2>/dev/full`.
func linstruct(
  _ arguments: [String], environment: [String: String] = [:], addressSpace: Int? = nil, redirection: String = ""
) throws -> Outcome {
  let executable = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "linstruct")
  let process = Process()
  process.executableURL = executable
  process.arguments = arguments
  if addressSpace != nil || !redirection.isEmpty {
    let limit = addressSpace.map { "ulimit -v \($0); " } ?? ""
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "\(limit)exec \"$0\" \"$@\" \(redirection)", executable.path] + arguments
  }
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  let (output, error) = (Pipe(), Pipe())
  (process.standardOutput, process.standardError, process.standardInput) = (output, error, FileHandle.nullDevice)
  try process.run()
  // The output is read to its end first; the errors are short enough to wait in the pipe.
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  let message = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return Outcome(status: process.terminationStatus, output: text, error: message)
}

/// A number of a JSON object.
func number(_ json: [String: Any], _ key: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Double {
  try #require(json[key] as? Double, "\(key)", sourceLocation: sourceLocation)
}

/// An object inside a JSON object.
func object(
  _ json: [String: Any], _ key: String, sourceLocation: SourceLocation = #_sourceLocation
) throws -> [String: Any] {
  try #require(json[key] as? [String: Any], "\(key)", sourceLocation: sourceLocation)
}

/// Expects that a command ends with `status`, prints nothing, and says each of `mentions` in its error.
func expectRefusal(
  _ words: [String], status: Int32, saying mentions: String..., sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let run = try linstruct(words)
  #expect(run.status == status, "\(words): \(run.error)", sourceLocation: sourceLocation)
  #expect(run.output.isEmpty, "\(words)", sourceLocation: sourceLocation)
  #expect(run.error.hasPrefix("error: ") && run.error.hasSuffix("\n"), "\(words)", sourceLocation: sourceLocation)
  for mention in mentions {
    #expect(run.error.contains(mention), "\(mention): \(run.error)", sourceLocation: sourceLocation)
  }
}

/// Expects the same standard output and the same bytes of `output` from the same words, and no path in the file.
func expectTheSameBytes(_ words: [String], output: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let first = try linstruct(words)
  let bytes = try Data(contentsOf: output)
  let second = try linstruct(words)
  #expect(first.status == 0 && !bytes.isEmpty, "\(words)", sourceLocation: sourceLocation)
  #expect(first.output == second.output, "\(words)", sourceLocation: sourceLocation)
  #expect(try bytes == Data(contentsOf: output), "\(words)", sourceLocation: sourceLocation)
  let folder = Data(output.deletingLastPathComponent().lastPathComponent.utf8)
  #expect(bytes.range(of: folder) == nil, "\(words)", sourceLocation: sourceLocation)
}

/// The p-value over every exchange of labels, by listing: the share that reaches the statistic of the labels as given.
///
/// - Parameter statistic: takes the numbers of the positive rows and those of the negative rows.
func listedP(positive: Int, negative: Int, _ statistic: ([Int], [Int]) -> Double) -> Double {
  let rows = 0..<(positive + negative)
  let values = (0..<(1 << rows.count)).filter { $0.nonzeroBitCount == positive }.map { mask in
    statistic(rows.filter { mask >> $0 & 1 == 1 }, rows.filter { mask >> $0 & 1 == 0 })
  }
  return share(of: values, reaching: statistic(Array(rows[..<positive]), Array(rows[positive...])))
}

/// The p-value over every exchange within pairs, by listing.
///
/// - Parameter statistic: takes the signs of the pair differences.
func listedP(pairs: Int, _ statistic: ([Double]) -> Double) -> Double {
  let values = (0..<(1 << pairs)).map { mask in statistic((0..<pairs).map { mask >> $0 & 1 == 1 ? -1 : 1 }) }
  return share(of: values, reaching: statistic([Double](repeating: 1, count: pairs)))
}

private func share(of values: [Double], reaching observed: Double) -> Double {
  Double(values.count { $0 >= observed - 1e-12 * abs(observed) }) / Double(values.count)
}

/// The mean of some rows, one sum after the other.
func meanOfRows(_ rows: Matrix<Double>, _ chosen: some Collection<Int>) -> [Double] {
  (0..<rows.columns).map { j in chosen.reduce(0) { $0 + rows[$1, j] } / Double(chosen.count) }
}

func length(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
