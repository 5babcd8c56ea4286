import Foundation
import LinearStructures
import Testing

/// The errors that users of the library meet.
@Suite struct ErrorTests {
  /// One error of every public type; a new type belongs here as well.
  static let examples: [any LocalizedError & CustomStringConvertible] = [
    LinearAlgebraError.notFinite(row: 1, column: 2), TensorFileError.notFound(path: "a.npy"),
    SteeringError.noDirection, TrajectoryError.file(.truncated(path: "b.npy")),
  ]

  @Test func theLocalizedDescriptionIsTheWords() {
    for example in Self.examples {
      let error: any Error = example
      #expect(error.localizedDescription == example.description && !example.description.isEmpty)
    }
  }

  @Test func everyPublicErrorTypeIsAmongTheExamples() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardized
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var declared: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      let pattern = /public (?:indirect )?(?:enum|struct|final class) (\w+)[^{\n]*[:,] *(?:Error|LocalizedError)\b/
      declared.formUnion(text.matches(of: pattern).map { String($0.1) })
    }
    #expect(declared == Set(Self.examples.map { String(describing: type(of: $0)) }))
  }
}
