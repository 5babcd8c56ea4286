import Dispatch
import Synchronization

/// Whether the running work is to stop because the task that wants its result was cancelled.
///
/// Work that ``onWorkerThread(_:)`` moved out of its task does not see `Task.isCancelled`, so long calls ask here.
package enum Cancellation {
  @TaskLocal fileprivate static var flag: CancellationFlag?

  /// Whether the task that wants the result was cancelled.
  package static var isRequested: Bool { Task.isCancelled || flag?.isSet == true }
}

private final class CancellationFlag: Sendable {
  private let state = Atomic(false)

  var isSet: Bool { state.load(ordering: .relaxed) }

  func set() { state.store(true, ordering: .relaxed) }
}

/// The threads for work that an asynchronous call waits for.
private let workers = DispatchQueue(label: "LinearStructures.workers", attributes: .concurrent)

/// Runs `body` on a thread of its own while the calling task waits without a thread.
///
/// The threads of Swift's cooperative pool are as many as there are cores, and a long computation on one of them delays
/// every other task of the program. Where the calling task is cancelled, ``Cancellation/isRequested`` is true in
/// `body`.
///
/// - Throws: what `body` throws.
package func onWorkerThread<Value: Sendable, Failure: Error>(
  _ body: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
  let flag = CancellationFlag()
  let work: @Sendable () -> Result<Value, Failure> = {
    Cancellation.$flag.withValue(flag) {
      Result { () throws(Failure) in try body() }
    }
  }
  let result: Result<Value, Failure> = await withTaskCancellationHandler {
    await withCheckedContinuation { continuation in
      workers.async { continuation.resume(returning: work()) }
    }
  } onCancel: {
    flag.set()
  }
  return try result.get()
}
