import Foundation
public import TensorIO

extension Trajectory {
  /// Whether a file at this place would be read as a snapshot of a run, or as part of one.
  ///
  /// - Parameters:
  ///   - file: the file that is to be written; links in its folder are followed.
  ///   - checkpoints: the folder of the run's snapshots.
  public static func wouldRead(_ file: some FileLocation, in checkpoints: some FileLocation) -> Bool {
    RunFolder.wouldRead(file.fileURL, in: checkpoints.fileURL)
  }

  /// The step that a checkpoint of this name would have in a run's folder; `nil` where it would be no snapshot.
  ///
  /// - Parameter name: the name of a file, with its ending, or of a folder.
  static func step(inName name: String) -> Int? {
    for reading in [SnapshotName.reading(ofFile: name), SnapshotName.reading(ofFolder: name)] {
      if case .step(let step) = reading { return step }
    }
    return nil
  }
}

extension Trajectory.Snapshot {
  /// The name of the snapshot in errors. It begins with the folder whose name says the step, where the name of the file
  /// does not.
  var name: String {
    let url = checkpoint.url
    let parts = url.pathComponents
    guard let start = parts.lastIndex(where: { Trajectory.step(inName: $0) != nil }), start > parts.count - 4 else {
      return url.lastPathComponent
    }
    return parts[start...].joined(separator: "/")
  }
}
