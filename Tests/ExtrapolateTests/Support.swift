import Extrapolate
import Foundation
import Nulls
import TensorIO

@testable import Runs

/// A tensor of a checkpoint, by its values in float64.
struct Item {
  let name: String
  let type: ElementType
  let shape: [Int]
  let values: [Double]

  init(_ name: String, _ type: ElementType, _ shape: [Int], _ values: [Double]) {
    (self.name, self.type, self.shape, self.values) = (name, type, shape, values)
  }

  /// In float32.
  init(_ name: String, _ shape: [Int], _ values: [Double]) { self.init(name, .f32, shape, values) }
}

/// A folder that is removed when the test ends.
final class Folder {
  let url = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appending(path: name) }

  /// Writes a checkpoint, in folders that are made for it.
  func write(_ name: String, _ items: Item...) throws { try write(name, items) }

  func write(_ name: String, _ items: [Item]) throws {
    try makeFolder(for: name)
    let writer = try SafetensorsWriter(
      to: file(name), tensors: items.map { TensorLayout($0.name, $0.type, shape: $0.shape) })
    for info in writer.tensors {
      guard let item = items.first(where: { $0.name == info.name }) else { continue }
      try item.values.withUnsafeBufferPointer { try writer.append($0, to: info.name) }
    }
    try writer.finish()
  }

  func write(_ name: String, text: String) throws {
    try makeFolder(for: name)
    try Data(text.utf8).write(to: file(name))
  }

  private func makeFolder(for name: String) throws {
    try FileManager.default.createDirectory(
      at: file(name).deletingLastPathComponent(), withIntermediateDirectories: true)
  }

  /// The names in the folder, hidden ones included.
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() } }
}

/// The words of the error that a run is refused with; empty where it is not.
func refusal(_ body: () throws -> Any) -> String {
  do { _ = try body() } catch { return error is TrajectoryError ? "\(error)" : "" }
  return ""
}
