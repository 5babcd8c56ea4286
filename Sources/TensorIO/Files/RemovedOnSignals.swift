import Foundation
import Synchronization

/// Hidden files that are to be removed where a signal ends the process.
///
/// Only file systems without unnamed files need this. A handler is installed for signals that would end the process,
/// never in the place of a handler that the program has installed.
enum RemovedOnSignals {
  private static let isReady = Mutex(false)

  static func add(_ path: SystemPath) {
    isReady.withLock { isReady in
      if isReady, removingProcess != getpid() {
        // In a child of fork() the files are those of its parent, which goes on with them.
        for i in 0..<removedPathCount { removedPaths[i] = nil }
        removingProcess = getpid()
      }
      if !isReady {
        removedPaths.initialize(repeating: nil, count: removedPathCount)
        removingProcess = getpid()
        for number in [SIGINT, SIGTERM, SIGHUP, SIGXFSZ] { install(for: number) }
        isReady = true
      }
      let free = (0..<removedPathCount).first { removedPaths[$0] == nil }
      if let free { removedPaths[free] = path.withCString { strdup($0) } }
    }
  }

  static func remove(_ path: SystemPath) {
    isReady.withLock { _ in
      for i in 0..<removedPathCount {
        guard let known = removedPaths[i], path.withCString({ strcmp($0, known) }) == 0 else { continue }
        removedPaths[i] = nil
        free(known)
        return
      }
    }
  }

  private static func install(for number: Int32) {
    var current = sigaction()
    guard sigaction(number, nil, &current) == 0, current.__sigaction_handler.sa_handler == nil else { return }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      for i in 0..<removedPathCount where removingProcess == getpid() {
        if let path = removedPaths[i] { unlink(path) }
      }
      signal(number, SIG_DFL)
      raise(number)
    }
    sigaction(number, &action, nil)
  }
}

private let removedPathCount = 64

/// The process that the files belong to.
nonisolated(unsafe) private var removingProcess: pid_t = 0

/// Read in the signal handler, where neither a lock nor an allocation is allowed; written under the lock.
nonisolated(unsafe) private let removedPaths = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
  capacity: removedPathCount)
