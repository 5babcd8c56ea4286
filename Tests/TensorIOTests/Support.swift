import Foundation
import Tensor
import TensorIO
import Testing

/// A file that came with the tests.
func fixture(_ name: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
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
