import Foundation
import Tensor
import TensorIO
import Testing

/// A file that came with the tests.
func fixture(_ name: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
}

/// A folder that is removed when the test ends.
final class Scratch {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "linear-structures-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appending(path: name) }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String = "file.safetensors") throws -> URL {
    try Data(bytes).write(to: file(name))
    return file(name)
  }

  var contents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }
}

/// A safetensors file with this header text and so many bytes of data.
func safetensors(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
  let text = Array(header.utf8)
  let count = length ?? UInt64(text.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + text + [UInt8](repeating: 0, count: data)
}

/// The largest resident size of this process so far, in bytes.
func peakMemory() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
  return 1024 * (Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0)
}

let sampleMatrix = Matrix<Double>([[1.5, -2.25, 3.0], [0.0, 1e-3, -4.0]])
