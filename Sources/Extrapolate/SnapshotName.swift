import Foundation
import TensorIO

/// The training step in the name of a checkpoint.
///
/// Files end in `-DIGITS.safetensors`, but not `model-00001-of-00003`, which is a shard; folders are named
/// `checkpoint-DIGITS` or `global_step_DIGITS`.
enum SnapshotName {
  /// The step of a file name, `nil` for other names.
  static func step(ofFile name: String) -> Int? {
    guard let match = name.wholeMatch(of: /(.*)-([0-9]+)\.safetensors/) else { return nil }
    if match.1.contains(/-[0-9]+-of$/) { return nil }
    return Int(match.2)
  }

  /// The step of a folder name, `nil` for other names.
  static func step(ofFolder name: String) -> Int? {
    guard let match = name.wholeMatch(of: /(?:checkpoint-|global_step_)([0-9]+)/) else { return nil }
    return Int(match.1)
  }

  /// The step in the name of a file or folder, whichever it is.
  static func step(of url: URL) -> Int? {
    step(ofFile: url.lastPathComponent) ?? step(ofFolder: url.lastPathComponent)
  }

  /// The snapshots in a folder, by step.
  static func snapshots(in folder: URL) throws(TrajectoryError) -> [(step: Int, url: URL)] {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } catch {
      throw .file(.cannotRead(path: folder.relativePath, reason: "the folder cannot be listed"))
    }
    var found: [Int: URL] = [:]
    for name in names where !name.hasPrefix(".") {
      let url = folder.appending(path: name)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
        let step = isFolder.boolValue ? step(ofFolder: name) : step(ofFile: name)
      else { continue }
      if let other = found.updateValue(url, forKey: step) {
        throw .duplicateStep(step, other.lastPathComponent, name)
      }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
