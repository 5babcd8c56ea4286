public import Foundation
import Synchronization

/// A file that appears whole or not at all: written beside its target, synced, and renamed over it.
///
/// A reader sees the old file or the new one; so does whoever comes after a killed writer. Without ``commit()`` the
/// neighbour is removed and the target untouched.
public final class AtomicFile {
  private static let counter = Atomic(0)

  /// The path as it was given, for messages.
  private let path: String
  private let target: String
  private let temporary: String
  private var descriptor: Int32

  /// Starts a new file for `url`, through symbolic links.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)`` where the folder is missing or not writable, or the
  ///   target is not a regular file.
  public init(_ url: URL) throws(TensorFileError) {
    let resolved = url.resolvingSymlinksInPath()
    path = url.relativePath
    target = resolved.path
    var status = stat()
    if stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw .cannotWrite(path: url.relativePath, reason: "it is a \(kindOfFile(status.st_mode))")
    }
    let number = Self.counter.add(1, ordering: .relaxed).newValue
    let name = ".\(resolved.lastPathComponent).\(getpid())-\(number).tmp"
    temporary = resolved.deletingLastPathComponent().appending(path: name).path
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path: url.relativePath, reason: errorText()) }
  }

  deinit { abandon() }

  /// Appends bytes.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``, for example on a full disk.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(TensorFileError) {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = Foundation.write(descriptor, base + done, bytes.count - done)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure()
      }
      done += count
    }
  }

  /// Appends the bytes of `data`.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public func write(_ data: [UInt8]) throws(TensorFileError) {
    do {
      try data.withUnsafeBytes { try write($0) }
    } catch let error as TensorFileError {
      throw error
    } catch {
      throw .cannotWrite(path: path, reason: "\(error)")
    }
  }

  /// Makes the file appear: syncs it, renames it over the target, syncs the folder.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``; the target is then as before.
  public func commit() throws(TensorFileError) {
    guard fsync(descriptor) == 0 else { throw failure() }
    guard rename(temporary, target) == 0 else { throw failure() }
    close(descriptor)
    descriptor = -1
    let folder = open((target as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      // The rename is done; syncing the folder only makes it survive a power cut.
      fsync(folder)
      close(folder)
    }
  }

  /// Writes a whole file at once.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write(_ data: [UInt8], to url: URL) throws(TensorFileError) {
    let file = try AtomicFile(url)
    try file.write(data)
    try file.commit()
  }

  private func failure() -> TensorFileError {
    let reason = errorText()
    abandon()
    return .cannotWrite(path: path, reason: reason)
  }

  private func abandon() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
    descriptor = -1
  }
}
