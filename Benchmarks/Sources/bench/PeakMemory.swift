import Foundation

/// By how many bytes the most memory that was resident while `body` ran exceeds what was resident before.
func peakGrowth(_ body: () throws -> Void) throws -> Int {
  // Sets the recorded peak back to what is resident now.
  try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
  let before = try resident("VmRSS")
  try body()
  return try resident("VmHWM") - before
}

/// An entry of the memory status of this process, in bytes.
private func resident(_ entry: String) throws -> Int {
  let status = try String(contentsOf: URL(filePath: "/proc/self/status"), encoding: .utf8)
  for line in status.split(separator: "\n") where line.hasPrefix(entry + ":") {
    if let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) {
      return kibibytes << 10
    }
  }
  throw WorkerError(message: "no \(entry) in /proc/self/status")
}
