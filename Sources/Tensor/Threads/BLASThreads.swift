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
  try withOwnThreads(count) { (_) throws(Failure) in try body() }
}

/// The number of threads that large products and factorizations use: the active cores of the machine, or the
/// environment variable `LINEARSTRUCTURES_THREADS`, else `OPENBLAS_NUM_THREADS`, where it is a smaller positive number;
/// and no more than there is address space for.
public let defaultBLASThreads: Int = {
  let environment = ProcessInfo.processInfo.environment
  let asked = ["LINEARSTRUCTURES_THREADS", "OPENBLAS_NUM_THREADS"].compactMap { environment[$0].flatMap { Int($0) } }
  let count = asked.first { $0 > 0 } ?? .max
  return min(count, ProcessInfo.processInfo.activeProcessorCount, OpenBLAS.mostCallers)
}()
