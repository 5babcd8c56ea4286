import Foundation

/// The one lock around the threads that split work: one caller at a time has them. ``withOwnThreads(_:_:)`` takes it.
final class ThreadLock: @unchecked Sendable {
  static let shared = ThreadLock()

  /// Recursive; made anew in a forked process, which has none of the threads that may hold it here.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// Guarded by the mutex: zero outside of every call.
  private var depth = 0
  /// Guarded by the mutex: how many threads the outermost call may use.
  private var allowed = 1

  private init() {
    makeMutex()
    pthread_atfork(nil, nil, { ThreadLock.shared.startAnew() })
  }

  /// Runs `body` alone and tells it how many threads it may use: `count`, or as many as the call around it allows.
  func run<Result, Failure: Error>(
    threads count: Int?, _ body: (_ threads: Int) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    let outer = allowed
    depth += 1
    if let count {
      allowed = min(max(count, 1), OpenBLAS.mostCallers)
    } else if depth == 1 {
      allowed = defaultBLASThreads
    }
    defer {
      depth = max(depth - 1, 0)
      allowed = outer
      pthread_mutex_unlock(mutex)
    }
    return try body(allowed)
  }

  private func makeMutex() {
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
    pthread_mutex_init(mutex, &attributes)
    pthread_mutexattr_destroy(&attributes)
  }

  private func startAnew() {
    makeMutex()
    (depth, allowed) = (0, 1)
  }
}
