import CKernels
import Foundation

/// Splits 0 ..< count into one range per thread and runs them at once.
///
/// Small work is not split. Inside `body` BLAS may be called as anywhere.
///
/// - Parameters:
///   - count: of what is split, such as rows.
///   - flops: about how many operations all of it takes.
///   - body: gets a range, not empty. Ranges depend on the number of threads alone, so results are repeatable.
/// - Returns: the results in the order of the ranges; none for a count of zero.
func inParts<Result>(_ count: Int, flops: Double, _ body: (Range<Int>) -> Result) -> [Result] {
  // To hand over a part takes up to 20 µs, as long as a million operations.
  let worthwhile = 4e6
  guard count > 0 else { return [] }
  if flops < worthwhile || ownThread.isPart { return [body(0..<count)] }
  return ThreadLock.shared.run { threads in
    let parts = min(threads, count)
    let ranges = (0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }
    if parts == 1 { return ranges.map(body) }
    var results = [Result?](repeating: nil, count: parts)
    // The parts write to places of their own and end before this call does.
    withoutActuallyEscaping(body) { body in
      results.withUnsafeMutableBufferPointer { buffer in
        let slots = buffer
        let work = Parts { part in ownThread.runPart { slots[part] = body(ranges[part]) } }
        let started = ck_pool_run(
          Int32(parts),
          { context, part in
            if let context { Unmanaged<Parts>.fromOpaque(context).takeUnretainedValue().run(Int(part)) }
          }, Unmanaged.passUnretained(work).toOpaque())
        withExtendedLifetime(work) { (Int(started)..<parts).forEach(work.run) }
      }
    }
    return results.compactMap(\.self)
  }
}

/// What the threads of a split run, as C passes it on.
private final class Parts {
  let run: (Int) -> Void

  init(_ run: @escaping (Int) -> Void) { self.run = run }
}

/// Runs `body`, which may start threads of its own, alone, and tells it how many there may be.
func withOwnThreads<Result, Failure: Error>(
  _ body: (_ threads: Int) throws(Failure) -> Result
) throws(Failure) -> Result {
  try ownThread.isPart ? body(1) : ThreadLock.shared.run(body)
}

/// Whether the running thread works on a part of a split: it then neither takes the lock, which its caller holds,
/// nor splits again.
let ownThread = OwnThread()

final class OwnThread: Sendable {
  private let key: pthread_key_t

  fileprivate init() {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    self.key = key
  }

  var isPart: Bool { pthread_getspecific(key) != nil }

  fileprivate func runPart(_ body: () -> Void) {
    pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1))
    defer { pthread_setspecific(key, nil) }
    body()
  }
}
