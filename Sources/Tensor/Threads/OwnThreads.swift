import CKernels
import Foundation

/// Splits 0 ..< count into one range per thread and runs them at once.
///
/// Small work is not split, nor is what runs on a part of a split already. Inside `body` BLAS may be called as
/// anywhere.
///
/// - Parameters:
///   - count: of what is split, such as rows.
///   - flops: about how many operations all of it takes.
///   - body: gets a range, not empty. Ranges depend on the number of threads alone, so results are repeatable.
/// - Returns: the results in the order of the ranges; none for a count of zero.
@discardableResult
func inParts<Result>(_ count: Int, flops: Double, _ body: (Range<Int>) -> Result) -> [Result] {
  guard count > 0 else { return [] }
  if flops < ThreadTuning.current.flopsWorthSplitting { return [body(0..<count)] }
  return withOwnThreads { threads in
    let parts = min(threads, count)
    if parts == 1 { return [body(0..<count)] }
    var results = [Result?](repeating: nil, count: parts)
    results.withUnsafeMutableBufferPointer { buffer in
      let slots = buffer
      // Each part writes to a place of its own and ends before this call does.
      runAtOnce(parts) { part in slots[part] = body(part * count / parts..<(part + 1) * count / parts) }
    }
    return results.compactMap(\.self)
  }
}

/// Runs `body`, which may start threads of its own, alone in the process, and tells it how many threads there may be.
///
/// Everything that uses several threads comes through here: it is the only place that takes the lock. Calls may be
/// nested. A part of a split gets one thread and does not wait, as the caller of the split holds the lock.
///
/// - Parameter count: the number of threads to allow; by default as many as the call around this one allows.
func withOwnThreads<Result, Failure: Error>(
  _ count: Int? = nil, _ body: (_ threads: Int) throws(Failure) -> Result
) throws(Failure) -> Result {
  try PartOfSplit.isRunning ? body(1) : ThreadLock.shared.run(threads: count, body)
}

/// Calls `work` with 0 ..< count, each on a thread of its own, and returns when all have returned.
private func runAtOnce(_ count: Int, _ work: (Int) -> Void) {
  let tuning = ReplacedTuning.values
  withoutActuallyEscaping(work) { work in
    let parts = Parts { part in PartOfSplit.run { ReplacedTuning.carrying(tuning) { work(part) } } }
    let started = ck_pool_run(
      Int32(count),
      { context, part in
        if let context { Unmanaged<Parts>.fromOpaque(context).takeUnretainedValue().run(Int(part)) }
      }, Unmanaged.passUnretained(parts).toOpaque())
    // Where threads could not be started, this one does what is left.
    withExtendedLifetime(parts) { (Int(started)..<count).forEach(parts.run) }
  }
}

/// What the threads of a split run, as C passes it on.
private final class Parts {
  let run: (Int) -> Void

  init(_ run: @escaping (Int) -> Void) { self.run = run }
}

/// Whether the running thread works on a part of a split: it then neither takes the lock, which the caller of the split
/// holds, nor splits again.
private enum PartOfSplit {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  static var isRunning: Bool { pthread_getspecific(key) != nil }

  static func run(_ body: () -> Void) {
    pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1))
    defer { pthread_setspecific(key, nil) }
    body()
  }
}
