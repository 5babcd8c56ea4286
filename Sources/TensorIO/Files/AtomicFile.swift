import Foundation

/// A file that appears whole or not at all: written without a name or beside its target, synced, and put in its place.
///
/// A reader sees the old file or the new one; so does whoever comes after a killed writer. Where the file system can
/// hold a file without a name, nothing is left of a writer that is killed; elsewhere a hidden neighbour of its own name
/// is removed on SIGINT, SIGTERM, SIGHUP and SIGXFSZ. Without ``commit()`` the target is untouched. A file that is
/// replaced keeps its permissions and its owner.
///
/// ```swift
/// let file = try AtomicFile("report.txt")  // fails at once where nothing can be written
/// try file.write(Array("42 directions".utf8))
/// try file.commit()  // now it is there
/// ```
public final class AtomicFile {
  /// The path as it was given, for messages.
  let path: String
  private let target: SystemPath
  private var temporary: TemporaryFile

  /// Starts a new file at a place, through symbolic links that lead to a file.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)`` where the folder is missing or not writable, the target is
  ///   not a regular file or belongs to another user, a link dangles, or a link in a shared folder such as `/tmp`
  ///   belongs to another user than the folder and this process.
  public convenience init(_ location: some FileLocation) throws(TensorFileError) {
    try self.init(location, naming: .unnamedWherePossible)
  }

  /// Starts a new file, with a say in how it is kept until it is whole.
  package init(_ location: some FileLocation, naming: TemporaryNaming) throws(TensorFileError) {
    let url = location.fileURL
    path = url.relativePath
    func refused(_ reason: String) -> TensorFileError { .cannotWrite(path: url.relativePath, reason: reason) }
    do throws(TemporaryFile.Failure) {
      target = try SystemPath(url).followingLinks()
      let old = target.status()
      if let old, !old.st_mode.isKind(S_IFREG) {
        throw TemporaryFile.Failure(reason: "it is a \(kindOfFile(old.st_mode))")
      }
      temporary = try TemporaryFile(in: target.folder, naming: naming)
      if let old { try temporary.takeOver(old) }
    } catch {
      throw refused(error.reason)
    }
  }

  deinit { temporary.abandon() }

  /// Appends bytes.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``, for example on a full disk.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(TensorFileError) {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = Foundation.write(temporary.descriptor, base + done, bytes.count - done)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(errorText())
      }
      done += count
    }
  }

  /// Appends the bytes of `data`.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public func write(_ data: [UInt8]) throws(TensorFileError) {
    let result = data.withUnsafeBytes { bytes in
      Result { () throws(TensorFileError) in try write(bytes) }
    }
    try result.get()
  }

  /// Makes the file appear: syncs it, puts it in the place of the target, syncs the folder.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``; the target is then as before.
  public func commit() throws(TensorFileError) {
    guard fsync(temporary.descriptor) == 0 else { throw failure(errorText()) }
    do { try temporary.place(at: target) } catch { throw failure(error.reason) }
    let folder = target.folder.withCString { open($0, O_RDONLY | O_CLOEXEC) }
    if folder >= 0 {
      // The file is in place; syncing the folder only makes it survive a power cut.
      fsync(folder)
      close(folder)
    }
  }

  /// Writes a whole file at once.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write(_ data: [UInt8], to location: some FileLocation) throws(TensorFileError) {
    let file = try AtomicFile(location)
    try file.write(data)
    try file.commit()
  }

  private func failure(_ reason: String) -> TensorFileError {
    temporary.abandon()
    return .cannotWrite(path: path, reason: reason)
  }
}

extension SystemPath {
  /// The file that a chain of links ends in, or the path itself where nothing is there yet.
  ///
  /// In a folder where everybody may write and only owners remove, a link is followed only where it belongs to this
  /// user or to the owner of the folder: this is the rule of Linux for such folders, kept where the kernel has it off.
  fileprivate func followingLinks() throws(TemporaryFile.Failure) -> SystemPath {
    var path = self
    for _ in 0..<40 {
      guard let link = path.status(throughLinks: false) else {
        // ENOENT is a file that is to be made; a name that is too long, for example, is an error now.
        guard errno == ENOENT else { throw TemporaryFile.Failure(reason: errorText()) }
        return path
      }
      guard link.st_mode.isKind(S_IFLNK) else { return path }
      if let folder = path.folder.status(), folder.st_mode & S_ISVTX != 0, folder.st_mode & S_IWOTH != 0,
        link.st_uid != geteuid(), link.st_uid != folder.st_uid
      {
        throw TemporaryFile.Failure(
          reason: "it is a link of another user in a folder that everybody can write to; name the file that is meant")
      }
      let next = path.folder.appending(path.linkTarget)
      guard path.status() != nil else {
        throw TemporaryFile.Failure(
          reason:
            "it is a link to \(Self.text(of: next.bytes)), which does not exist; remove the link or name that file")
      }
      path = next
    }
    throw TemporaryFile.Failure(reason: "it is a chain of more than 40 links")
  }

  private var linkTarget: [UInt8] {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = withCString { readlink($0, &buffer, buffer.count) }
    return buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
  }
}
