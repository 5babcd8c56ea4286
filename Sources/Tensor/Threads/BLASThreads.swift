import Foundation

/// Runs `body` with large products and factorizations of this library on `count` threads, alone in the process.
///
/// The threads are this library's own, and one caller at a time has them: others wait. OpenBLAS stays at one thread,
/// inside and outside. Calls may be nested; the innermost count holds.
///
/// - Parameters:
///   - count: the number of threads, at least 1.
///   - body: what runs alone.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws.
public func withBLASThreads<Result, Failure: Error>(
  _ count: Int, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  try ThreadLock.shared.run(threads: count) { (_) throws(Failure) in try body() }
}

/// The number of threads that large products and factorizations use: the active cores of the machine,
/// or the environment variable `OPENBLAS_NUM_THREADS` where it is a positive number.
public let defaultBLASThreads: Int = {
  if let text = ProcessInfo.processInfo.environment["OPENBLAS_NUM_THREADS"], let count = Int(text), count > 0 {
    return min(count, ProcessInfo.processInfo.activeProcessorCount)
  }
  return ProcessInfo.processInfo.activeProcessorCount
}()
