import Foundation

/// A regular file open for reading at positions, by `pread`.
///
/// Nothing is mapped: a mapped file that shrinks kills the process, a short read is an error.
final class PositionedFile: ByteSource {
  /// The path as it was given, for messages.
  let path: String
  let size: Int
  private let descriptor: Int32

  init(_ url: URL) throws(TensorFileError) {
    path = url.relativePath
    // Without O_NONBLOCK opening a named pipe would wait for a writer.
    descriptor = SystemPath(url).withCString { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else {
      throw errno == ENOENT ? .notFound(path: path) : .cannotRead(path: path, reason: errorText())
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = errorText()
      close(descriptor)
      throw .cannotRead(path: path, reason: reason)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .cannotRead(path: path, reason: "it is a \(kindOfFile(status.st_mode)), not a file")
    }
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills `target` with the bytes from `offset` on.
  ///
  /// - Throws: ``TensorFileError/truncated(path:)`` where the file ends before.
  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(TensorFileError) {
    var done = 0
    while done < target.count, let base = target.baseAddress {
      let count = pread(descriptor, base + done, target.count - done, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotRead(path: path, reason: errorText())
      }
      guard count > 0 else { throw .truncated(path: path) }
      done += count
    }
  }
}

/// The text of the last system error.
func errorText() -> String { String(cString: strerror(errno)) }

func kindOfFile(_ mode: mode_t) -> String {
  switch mode & S_IFMT {
  case S_IFDIR: "folder"
  case S_IFIFO: "named pipe"
  case S_IFSOCK: "socket"
  case S_IFREG: "file"
  default: "device"
  }
}
