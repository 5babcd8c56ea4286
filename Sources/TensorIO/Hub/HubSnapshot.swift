import Foundation

/// A snapshot in the cache of the hub: a folder of links to the blobs of one repository.
enum HubSnapshot {
  /// Refuses a shard whose link leads out of its repository. Elsewhere links are followed wherever they lead.
  ///
  /// - Parameters:
  ///   - shard: a file that a model consists of.
  ///   - folder: the folder that was opened.
  /// - Throws: ``TensorFileError/malformed(path:tensor:rule:)``.
  static func check(_ shard: URL, in folder: URL) throws(TensorFileError) {
    let root = folder.resolvingSymlinksInPath()
    let snapshots = root.deletingLastPathComponent()
    let repository = snapshots.deletingLastPathComponent()
    guard snapshots.lastPathComponent == "snapshots", SystemPath(repository.appending(path: "blobs")).isFolder else {
      return
    }
    let file = shard.resolvingSymlinksInPath().path
    guard file.utf8.starts(with: (repository.path + "/").utf8) else {
      throw .malformed(
        path: shard.relativePath, tensor: nil, rule: "the link leads out of the repository, to \(file) [link]")
    }
  }
}
