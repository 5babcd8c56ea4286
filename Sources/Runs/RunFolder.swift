import Foundation
import TensorIO

/// The checkpoints in the folder of a run, and what else lies there.
struct RunFolder {
  /// Where trainers keep the model inside of a checkpoint's folder. The first of these that holds weights is read.
  static let nestedModels = ["actor/huggingface", "huggingface", "actor/lora_adapter", "lora_adapter"]

  /// The snapshots, sorted by step.
  let snapshots: [(step: Int, url: URL)]
  /// What looks like a checkpoint and is not one of the snapshots, sorted by name.
  let leftOut: [Trajectory.LeftOut]

  /// Lists the folder of a run.
  ///
  /// - Parameters:
  ///   - folder: the folder of the run.
  ///   - base: the base, which is not listed itself; `nil` where displacements are counted from zero.
  ///   - baseStep: snapshots at or before this step are left out.
  /// - Throws: ``TrajectoryError``.
  init(_ folder: URL, base: URL?, after baseStep: Int) throws(TrajectoryError) {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } catch {
      throw .file(.cannotRead(path: folder.relativePath, reason: "the folder cannot be listed"))
    }
    var found: [Int: URL] = [:]
    var leftOut: [Trajectory.LeftOut] = []
    for name in names where !name.hasPrefix(".") {
      let url = folder.appending(path: name)
      switch try Self.entry(url, name) {
      case .snapshot(let step, let model):
        if let base, Self.isSame(model, base) || Self.isSame(url, base) { continue }
        if step <= baseStep {
          leftOut.append(.init(name: name, reason: "its step \(step) is not later than the base's step \(baseStep)"))
        } else if let other = found.updateValue(model, forKey: step) {
          throw .duplicateStep(step, Self.name(of: other, in: folder), name)
        }
      case .leftOut(let reason):
        if let base, Self.isSame(url, base) { continue }
        leftOut.append(.init(name: name, reason: reason))
      case .other: continue
      }
    }
    snapshots = found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.leftOut = leftOut
  }

  private enum Entry {
    case snapshot(step: Int, model: URL)
    case leftOut(reason: String)
    /// The entry does not look like a checkpoint.
    case other
  }

  private static func entry(_ url: URL, _ name: String) throws(TrajectoryError) -> Entry {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      return FileEnding.safetensors.ends(name) ? .leftOut(reason: "the link leads nowhere") : .other
    }
    let reading = isFolder.boolValue ? SnapshotName.reading(ofFolder: name) : SnapshotName.reading(ofFile: name)
    switch reading {
    case .step(let step):
      let model = isFolder.boolValue ? model(in: url) : url
      // Many folders whose names are digits alone, such as dates, are no checkpoints.
      if isFolder.boolValue, name.allSatisfy(\.isNumber), !holdsWeights(model) {
        return .leftOut(reason: "no safetensors file in it")
      }
      return .snapshot(step: step, model: model)
    case .tooLarge(let digits):
      throw .invalidArgument("\(name): the step \(digits) in its name exceeds \(Int.max); rename it")
    case .shard: return .leftOut(reason: "a shard; a sharded snapshot is a folder named checkpoint-STEP")
    case .none: break
    }
    if isFolder.boolValue ? holdsWeights(model(in: url)) : FileEnding.safetensors.ends(name) {
      return .leftOut(reason: "no step in its name")
    }
    return hasOtherWeights(name) ? .leftOut(reason: "not a safetensors file") : .other
  }

  /// The folder that holds the model of a checkpoint: the checkpoint's folder itself or one inside of it.
  static func model(in folder: URL) -> URL {
    if holdsWeights(folder) { return folder }
    return nestedModels.map { folder.appending(path: $0) }.first(where: holdsWeights) ?? folder
  }

  /// Whether a file at this place would be read as a snapshot of the run, or as part of one.
  static func wouldRead(_ file: URL, in folder: URL) -> Bool {
    let parent = file.deletingLastPathComponent().resolvingSymlinksInPath().standardizedFileURL.pathComponents
    let run = folder.resolvingSymlinksInPath().standardizedFileURL.pathComponents
    guard parent.starts(with: run) else { return false }
    let reading =
      parent.count == run.count
      ? SnapshotName.reading(ofFile: file.lastPathComponent) : SnapshotName.reading(ofFolder: parent[run.count])
    switch reading {
    case .step, .tooLarge: return true
    case .shard, .none: return false
    }
  }

  private static func holdsWeights(_ folder: URL) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.contains { !$0.hasPrefix(".") && FileEnding.safetensors.ends($0) }
  }

  /// Whether a name is that of weights in another format, with a step before its ending.
  private static func hasOtherWeights(_ name: String) -> Bool {
    guard let ending = (FileEnding.foreign + [.npz]).first(where: { $0.ends(name) }) else { return false }
    return SnapshotName.reading(ofFile: ending.removed(from: name) + FileEnding.safetensors.text) != .none
  }

  private static func isSame(_ a: URL, _ b: URL) -> Bool {
    a.resolvingSymlinksInPath().standardizedFileURL.path == b.resolvingSymlinksInPath().standardizedFileURL.path
  }

  /// The first component of a path below a folder.
  private static func name(of url: URL, in folder: URL) -> String {
    let depth = folder.pathComponents.count
    return url.pathComponents.count > depth ? url.pathComponents[depth] : url.lastPathComponent
  }
}
