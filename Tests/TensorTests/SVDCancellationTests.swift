import Foundation
import Synchronization
import Tensor
import _TestSupport
import Testing

/// What a listener heard, and what it does when it hears it.
private final class Listener: Sendable {
  private let calls = Mutex([Int]())
  /// Cancels the running task from this many thousandths on.
  private let limit: Int

  init(cancellingFrom limit: Int = .max) { self.limit = limit }

  var heard: [Int] { calls.withLock(\.self) }

  var handler: ProgressHandler {
    { [self] done, total in
      #expect(total == 1000)
      calls.withLock { $0.append(done) }
      if done >= limit { withUnsafeCurrentTask { $0?.cancel() } }
    }
  }
}

/// Long calls end soon after their task was cancelled, whichever stage they are in.
@Suite struct SVDCancellationTests {
  private let a = Family.random.matrix(260, 230)

  /// The error of `body` in a task that its progress handler cancels from so many thousandths on, and what it reported.
  private func cancelled(
    from limit: Int, _ body: @escaping @Sendable (@escaping ProgressHandler) throws -> Void
  ) async -> (error: LinearAlgebraError?, heard: [Int]) {
    let listener = Listener(cancellingFrom: limit)
    let result = await Task { try body(listener.handler) }.result
    guard case .failure(let error) = result else { return (nil, listener.heard) }
    return (error as? LinearAlgebraError, listener.heard)
  }

  /// In the reduction, in the divide and conquer, and where the vectors are transformed back.
  @Test(arguments: [1, 401, 750]) func everyStageOfADecompositionStops(limit: Int) async throws {
    let whole = Listener()
    let a = a
    _ = try await a.svd(method: .onePass, progress: whole.handler)
    let expected = whole.heard
    let (error, heard) = await cancelled(from: limit) { _ = try a.svd(method: .onePass, progress: $0) }
    #expect(error == .cancelled)
    // One more report may come before the flag is read: a panel of the reduction is finished.
    let before = expected.count { $0 < limit }
    #expect(heard.count <= before + 1 && heard.count < expected.count, "\(heard) of \(expected)")
  }

  @Test func singularValuesStop() async {
    let a = a
    let (error, heard) = await cancelled(from: 1) { _ = try a.singularValues(method: .onePass, progress: $0) }
    #expect(error == .cancelled && heard.count == 1, "\(heard)")
  }

  @Test(arguments: [SVDMethod.gram, .choleskyQR]) func methodsForElongatedMatricesStop(method: SVDMethod) async {
    let long = Family.random.matrix(400, 20)
    let (error, heard) = await cancelled(from: 1) { _ = try long.svd(method: method, progress: $0) }
    #expect(error == .cancelled && heard.count == 1, "\(heard)")
  }

  @Test func leadingTripletsStop() async {
    let a = a
    let (error, heard) = await cancelled(from: 1) { _ = try a.svd(rank: 2, tolerance: 1e-9, progress: $0) }
    #expect(error == .cancelled && heard.count <= 2, "\(heard)")
  }

  @Test func batchesStop() async {
    let batch = MatrixBatch(stacked: uniform(3 * 16 * 16, 8, seed: 3), rows: 8)
    let (error, heard) = await cancelled(from: 1) { _ = try batch.svd(progress: $0) }
    #expect(error == .cancelled && heard.last.map { $0 < 1000 } == true, "\(heard)")
    let large = MatrixBatch(stacked: uniform(4 * 70, 70, seed: 3), rows: 70)
    let (other, heardOfLarge) = await cancelled(from: 1) { _ = try large.svd(progress: $0) }
    #expect(other == .cancelled && heardOfLarge.last.map { $0 < 1000 } == true, "\(heardOfLarge)")
  }

  @Test func aCancelledTaskGetsNothing() async {
    let a = a
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await a.svd(rank: 2)
    }
    task.cancel()
    await #expect(throws: LinearAlgebraError.cancelled) { try await task.value }
  }

  @Test func cancellationReachesTheThreadOfAnAsynchronousCall() async {
    let a = a
    let running = Mutex<Task<SVD<Double>, any Error>?>(nil)
    let task = Task {
      while running.withLock({ $0 == nil }) { await Task.yield() }
      // The handler runs outside of the task, and cancels it as another thread of a program would.
      return try await a.svd(method: .onePass) { _, _ in running.withLock { $0?.cancel() } }
    }
    running.withLock { $0 = task }
    await #expect(throws: LinearAlgebraError.cancelled) { try await task.value }
  }
}

/// Asynchronous decompositions leave the cooperative pool to others.
@Suite struct AsyncSVDTests {
  @Test func theResultsAreThoseOfTheSynchronousCalls() async throws {
    let a = Family.random.matrix(120, 90)
    func alone() throws -> (SVD<Double>, TruncatedSVD<Double>, Vector<Double>) {
      (try a.svd(), try a.svd(rank: 2), try a.singularValues())
    }
    let (svd, top, values) = try alone()
    #expect(try await a.svd() == svd)
    #expect(try await a.svd(rank: 2) == top)
    #expect(try await a.singularValues() == values)
    let batch = MatrixBatch(stacked: a, rows: 12)
    func batchAlone() throws -> BatchSVD<Double> { try batch.svd() }
    let expected = try batchAlone()
    #expect(try await batch.svd() == expected)
    let bad = Matrix<Double>([[.nan]])
    await #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 0)) { try await bad.svd() }
  }

  @Test func theWorkRunsOutsideOfTasks() async throws {
    let a = Family.graded.matrix(300, 300)
    let inTask = Mutex([Bool]())
    @Sendable func listen(_ done: Int, _ total: Int) {
      let isInTask = withUnsafeCurrentTask { $0 != nil }
      inTask.withLock { $0.append(isInTask) }
    }
    _ = try await a.svd(progress: listen)
    _ = try await a.svd(rank: 3, progress: listen)
    _ = try await a.singularValues(progress: listen)
    _ = try await MatrixBatch(stacked: a, rows: 30).svd(progress: listen)
    let found = inTask.withLock(\.self)
    #expect(!found.isEmpty && found.allSatisfy { !$0 })
  }

  /// While one thread keeps the threads of the library, many more decompositions than there are cores wait for them. If
  /// each held a thread of the pool, the ticker could not run before they are let go. In a process of its own, because
  /// other tests hold threads of the pool while they wait.
  @Test func manyDecompositionsThatWaitDoNotStopATicker() async {
    await #expect(processExitsWith: .success) {
      let a = Family.graded.matrix(200, 200)
      let isReleased = Mutex(false)
      let (held, released) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      let holder = Thread {
        withBLASThreads(1) {
          held.signal()
          _ = released.wait(timeout: .now() + 30)
          isReleased.withLock { $0 = true }
        }
      }
      holder.start()
      await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
          held.wait()
          continuation.resume()
        }
      }
      let tasks = (0..<4 * ProcessInfo.processInfo.activeProcessorCount).map { _ in
        Task { try await a.svd(rank: 3) }
      }
      for _ in 0..<50 {
        try await Task.sleep(for: .milliseconds(1))
        await Task { await Task.yield() }.value
      }
      let isInTime = isReleased.withLock { !$0 }
      released.signal()
      for task in tasks { _ = try await task.value }
      exit(isInTime ? 0 : 1)
    }
  }
}
