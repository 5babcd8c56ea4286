import COpenBLAS
import Foundation

/// Runs `body` with OpenBLAS set to `count` threads, alone in the process.
///
/// OpenBLAS has one thread count and one queue for the whole process, and concurrent callers of its
/// threaded kernels slow each other down by a factor of fifty or more. So every call of this library that
/// is large enough for OpenBLAS to split takes one process-wide lock, and nothing but this function sets
/// the count: it waits for the lock, sets the count, runs `body`, and restores what was set before.
/// Outside of it OpenBLAS stays at one thread.
///
/// The calls of this library use ``defaultBLASThreads`` threads, OpenBLAS's or their own; inside `body` they use `count`.
/// Calls may be nested.
///
/// - Parameters:
///   - count: the number of threads, at least 1.
///   - body: what runs alone.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws; the count is restored all the same.
public func withBLASThreads<Result, Failure: Error>(
  _ count: Int, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  try BLASLock.shared.run(threads: count, overridesOuter: true, body)
}

/// The number of threads that large products and factorizations use: the active cores of the machine,
/// or the environment variable `OPENBLAS_NUM_THREADS` where it is a positive number.
public let defaultBLASThreads: Int = {
  if let text = ProcessInfo.processInfo.environment["OPENBLAS_NUM_THREADS"], let count = Int(text), count > 0 {
    return min(count, ProcessInfo.processInfo.activeProcessorCount)
  }
  return ProcessInfo.processInfo.activeProcessorCount
}()

/// Runs a BLAS or LAPACK call that takes about `flops` operations.
///
/// Small calls run at once: below `threadedFlops` OpenBLAS does not split them, and the lock would cost
/// more than they do. Calls that a second thread would hardly shorten get one: a woken thread of OpenBLAS spins for a
/// tenth of a second, in the way of whatever comes next.
func withBLAS<Result, Failure: Error>(
  flops: Double, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  // 0.3.21 splits GEMV from 96 x 96 entries on, the smallest of its thresholds.
  let threadedFlops = 2.0 * 96 * 96
  if flops < threadedFlops || ownThread.isPart { return try body() }
  return try BLASLock.shared.run(threads: flops < 2e7 ? 1 : defaultBLASThreads, overridesOuter: false, body)
}

/// The one lock around the thread count of OpenBLAS.
final class BLASLock: @unchecked Sendable {
  static let shared = BLASLock()

  private let lock = NSRecursiveLock()
  /// Guarded by `lock`: zero outside of every call.
  private var depth = 0
  /// Guarded by `lock`: what OpenBLAS is set to.
  private var current = 1
  /// Guarded by `lock`: how many threads the outermost call may use, OpenBLAS's or its own.
  private var allowed = 1

  private init() { openblas_set_num_threads(1) }

  /// Runs `body` alone, with OpenBLAS at one thread, and tells it how many threads it may start.
  func runSplitting<Result, Failure: Error>(
    _ body: (_ threads: Int) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try exclusively { () throws(Failure) in
      if depth == 1 { allowed = defaultBLASThreads }
      set(1)
      return try body(allowed)
    }
  }

  func run<Result, Failure: Error>(
    threads: Int, overridesOuter: Bool, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try exclusively { () throws(Failure) in
      if depth == 1 || overridesOuter {
        allowed = max(overridesOuter ? threads : defaultBLASThreads, 1)
        set(max(threads, 1))
      }
      return try body()
    }
  }

  private func exclusively<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.lock()
    let outer = (current, allowed)
    depth += 1
    defer {
      depth -= 1
      allowed = outer.1
      set(outer.0)
      lock.unlock()
    }
    return try body()
  }

  private func set(_ count: Int) {
    guard count != current else { return }
    openblas_set_num_threads(Int32(clamping: count))
    current = count
  }
}

/// Which OpenBLAS runs: its version and the kernels it chose for this processor, as it reports them.
public var blasDescription: String {
  String(cString: openblas_get_config()).trimmingCharacters(in: .whitespaces)
    + ", " + String(cString: openblas_get_corename())
}
