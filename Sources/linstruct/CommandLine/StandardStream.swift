import Foundation

/// Standard output or standard error, written by plain system calls: `FileHandle` traps where the stream is closed or
/// its disk is full.
enum StandardStream: Int32 {
  case output = 1
  case error = 2

  enum Failure: Error {
    /// The reader has gone away, as `head` does when it has seen enough.
    case closedPipe
    /// Nothing more can be written, for this reason.
    case cannotWrite(reason: String)
  }

  /// Writes all of `text`, waiting where the stream is not ready.
  func write(_ text: String) throws(Failure) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(rawValue, $0.baseAddress, $0.count) }
      if count >= 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EAGAIN {
        waitUntilReady()
      } else if errno == EPIPE {
        throw .closedPipe
      } else if errno != EINTR {
        throw .cannotWrite(reason: String(cString: strerror(errno)))
      }
    }
  }

  private func waitUntilReady() {
    var request = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
    poll(&request, 1, -1)
  }

  /// Opens `/dev/null` in the place of each standard stream that is closed.
  ///
  /// A closed place would be given to the next file that is opened, and messages would be written into that file.
  /// The stream is opened for reading only, so that writing to it still fails.
  static func occupyClosedStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      let opened = open("/dev/null", O_RDONLY)
      // The lowest free number is taken, and all below `descriptor` are in use.
      assert(opened == descriptor || opened < 0)
    }
  }
}

/// One line on standard error. Where it cannot be written there is nobody left to tell.
func complain(_ kind: String, _ message: String) {
  try? StandardStream.error.write("\(kind): \(TerminalText.line(message).shortened(to: 4000))\n")
}
