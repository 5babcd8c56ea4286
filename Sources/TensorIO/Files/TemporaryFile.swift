import Foundation

/// How a file is kept until it is whole.
package enum TemporaryNaming: Sendable {
  /// Without a name, where the file system can do that.
  case unnamedWherePossible
  /// Under a hidden name of its own.
  case named
}

/// A file that is being written, open, without a name or under a hidden one.
struct TemporaryFile {
  /// Why it cannot be made or put in its place.
  struct Failure: Error {
    let reason: String
  }

  private(set) var descriptor: Int32
  private let folder: SystemPath
  /// The hidden name, `nil` for a file without one.
  private var name: SystemPath?

  init(in folder: SystemPath, naming: TemporaryNaming) throws(Failure) {
    self.folder = folder
    descriptor = -1
    #if os(Linux)
      if naming == .unnamedWherePossible {
        // The flag of O_TMPFILE, whose own definition is no constant that is imported.
        let unnamed = 0o20000000 | O_DIRECTORY
        descriptor = folder.withCString { open($0, unnamed | O_WRONLY | O_CLOEXEC, 0o666) }
        // Without /proc such a file could not get a name later.
        if descriptor >= 0, !Self.systemName(of: descriptor).exists {
          close(descriptor)
          descriptor = -1
        }
      }
    #endif
    guard descriptor < 0 else { return }
    let made = try Self.withFreshName(in: folder) { (path) in
      open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    (descriptor, name) = (made.result, made.name)
    RemovedOnSignals.add(made.name)
  }

  /// Gives the file the owner and the permissions of the one that it will replace.
  mutating func takeOver(_ old: stat) throws(Failure) {
    var own = stat()
    guard fstat(descriptor, &own) == 0 else { throw failing(errorText()) }
    if own.st_uid != old.st_uid || own.st_gid != old.st_gid, fchown(descriptor, old.st_uid, old.st_gid) != 0 {
      throw failing(
        "it belongs to user \(old.st_uid) and group \(old.st_gid), to whom this process may not give a file; remove it "
          + "first or write elsewhere")
    }
    guard fchmod(descriptor, old.st_mode & 0o7777) == 0 else { throw failing(errorText()) }
  }

  /// Puts the file in the place of `target`, whole, and closes it.
  mutating func place(at target: SystemPath) throws(Failure) {
    if let name {
      guard name.withCString({ old in target.withCString { rename(old, $0) } }) == 0 else {
        throw failing(errorText())
      }
      RemovedOnSignals.remove(name)
      self.name = nil
    } else {
      try placeUnnamed(at: target)
    }
    close(descriptor)
    descriptor = -1
  }

  /// Closes the file and removes what there is of it.
  mutating func abandon() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    if let name {
      _ = name.withCString { unlink($0) }
      RemovedOnSignals.remove(name)
    }
    name = nil
  }

  // MARK: Pieces

  private mutating func failing(_ reason: String) -> Failure {
    abandon()
    return Failure(reason: reason)
  }

  /// A link takes only a name that is free. Where the target exists the file gets a hidden name for a moment, during
  /// which signals wait, and is renamed.
  private func placeUnnamed(at target: SystemPath) throws(Failure) {
    let source = Self.systemName(of: descriptor)
    func link(_ path: UnsafePointer<CChar>) -> Int32 {
      source.withCString { linkat(AT_FDCWD, $0, AT_FDCWD, path, AT_SYMLINK_FOLLOW) }
    }
    if target.withCString(link) == 0 { return }
    guard errno == EEXIST else { throw Failure(reason: errorText()) }
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let name = try Self.withFreshName(in: folder, link).name
    guard name.withCString({ old in target.withCString { rename(old, $0) } }) == 0 else {
      let reason = errorText()
      _ = name.withCString { unlink($0) }
      throw Failure(reason: reason)
    }
  }

  /// Calls `make` with random hidden names until one is free.
  ///
  /// Names by process number collide in containers, where every process has the same one. They are short, so that the
  /// longest name of a target leaves room.
  private static func withFreshName(
    in folder: SystemPath, _ make: (UnsafePointer<CChar>) -> Int32
  ) throws(Failure) -> (result: Int32, name: SystemPath) {
    for _ in 0..<100 {
      let number = String(UInt64.random(in: 0...UInt64.max), radix: 36)
      let name = folder.appending(Array(".\(number).tmp".utf8))
      let result = name.withCString(make)
      if result >= 0 { return (result, name) }
      guard errno == EEXIST else { break }
    }
    throw Failure(reason: errorText())
  }

  private static func systemName(of descriptor: Int32) -> SystemPath {
    SystemPath(bytes: Array("/proc/self/fd/\(descriptor)".utf8))
  }
}
