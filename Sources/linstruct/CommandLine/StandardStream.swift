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

  /// Opens `/dev/null` under the descriptor of each standard stream that is closed.
  ///
  /// The system would give a free descriptor to the next file that is opened, and messages would be written into that
  /// file. `/dev/null` is opened for reading only, so that writing to it still fails.
  static func occupyClosedStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      let opened = open("/dev/null", O_RDONLY)
      // The system takes the lowest free descriptor, and all below this one are in use.
      assert(opened == descriptor || opened < 0)
    }
  }
}

/// Writes one line to standard error. A failure to write is ignored: there is no other place to report it.
func complain(_ kind: String, _ message: String) {
  try? StandardStream.error.write("\(kind): \(TerminalText.line(message).shortened(to: 4000))\n")
}
