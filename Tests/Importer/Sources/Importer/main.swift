// Everything here uses the public API alone, as a tool outside of the package does.

import Foundation

func check(_ condition: Bool, _ what: String) {
  guard condition else { fatalError("importer: \(what)") }
}

/// Checks that values print as a few readable lines.
func show(_ values: Any...) {
  for value in values {
    let lines = "\(value)".split(separator: "\n")
    check(!lines.isEmpty && lines.count <= 16 && lines.allSatisfy { $0.count <= 200 }, "\(value)")
  }
}

let folder = FileManager.default.temporaryDirectory.appending(path: "importer-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: folder.appending(path: "run"), withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: folder) }

try useEveryProduct(in: folder)
try tryFirstGuessesOfMatrices()
try tryFirstGuessesOfFactorizations()
try tryFirstGuessesOfDirections()
try tryFirstGuessesOfFiles(in: folder)
try await tryFirstGuessesOfLongCalls(in: folder)
print("importer: every product works from outside")
