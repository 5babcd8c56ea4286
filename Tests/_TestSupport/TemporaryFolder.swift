public import Foundation
public import Tensor
import TensorIO

/// A folder that is removed when the test ends.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let url: URL

  /// Makes an empty folder.
  public init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "linear-structures-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The place of a file in the folder; the file need not exist.
  public func file(_ name: String) -> URL { url.appending(path: name) }

  /// The names in the folder, hidden ones included.
  public var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }

  /// Writes bytes, and makes the folders of the name.
  @discardableResult
  public func write(_ bytes: [UInt8], _ name: String = "file.safetensors") throws -> URL {
    try makeFolder(of: name)
    try Data(bytes).write(to: file(name))
    return file(name)
  }

  /// Writes text, and makes the folders of the name.
  public func write(_ name: String, text: String) throws { try write(Array(text.utf8), name) }

  /// Writes tensors as a safetensors file, and makes the folders of the name.
  @discardableResult
  public func write(_ name: String, _ tensors: [TensorValues], metadata: [String: String] = [:]) throws -> URL {
    try makeFolder(of: name)
    let writer = try SafetensorsWriter(
      to: file(name), tensors: tensors.map { TensorLayout($0.name, $0.type, shape: $0.shape) }, metadata: metadata)
    for info in writer.tensors {
      guard let tensor = tensors.first(where: { $0.name == info.name }) else { continue }
      try tensor.values.withUnsafeBufferPointer { try writer.append($0, to: info.name) }
    }
    try writer.finish()
    return file(name)
  }

  /// Writes tensors as a safetensors file, and makes the folders of the name.
  public func write(_ name: String, _ tensors: TensorValues...) throws { try write(name, tensors) }

  /// Writes a matrix as `name.npy` and returns its path.
  public func npy<Element>(_ name: String, _ matrix: Matrix<Element>) throws -> String {
    try NumpyFile.write(matrix, to: file("\(name).npy"))
    return file("\(name).npy").path
  }

  private func makeFolder(of name: String) throws {
    try FileManager.default.createDirectory(
      at: file(name).deletingLastPathComponent(), withIntermediateDirectories: true)
  }
}
