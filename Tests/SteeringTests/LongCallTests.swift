import Nulls
import Steering
import Tensor
import Testing
import _TestSupport

/// Calls that may take long tell how far they are, stop where their task is cancelled, and can be awaited.
@Suite struct LongCallTests {
  private let contrast: Contrast<Double>
  private let rows = normal(40, 3, seed: 14)
  private let axis: Direction<Double>
  private let map: RidgeMap<Double>

  init() throws {
    contrast = try Contrast(positive: rows[rows: 0..<20], negative: rows[rows: 20..<40])
    axis = try Direction(Vector<Double>([1, 2, 3]))
    map = try RidgeMap(from: rows, to: rows, regularization: .fixed(1))
  }

  /// The calls, each as what runs it with a handler of progress.
  private var calls: [@Sendable (ProgressHandler?) throws -> Void] {
    [
      { [contrast] in _ = try contrast.normTest(exchanging: .rows, progress: $0) },
      { [contrast, axis] in _ = try axis.evaluate(on: contrast, rows: .heldOut, progress: $0) },
      { [rows] in _ = try RidgeMap(from: rows, to: rows, regularization: .fixed(1), progress: $0) },
      { [rows] in _ = try RidgeMap(from: rows, to: rows, regularization: .fixed(0), progress: $0) },
      { [map, axis, rows] in _ = try map.controlFamilies(of: axis, against: axis, rows: rows, progress: $0) },
      { [map, axis, contrast] in
        _ = try map.specificity(of: contrast, against: axis, nativePrompts: .same, exchanging: .rows, progress: $0)
      },
    ]
  }

  @Test func progressGrowsToTheTotal() throws {
    for call in calls {
      let reported = Reported()
      try call { reported.add($0, of: $1) }
      let done = reported.values.map(\.0)
      #expect(done.count > 2 && done == done.sorted() && Set(done).count == done.count)
      #expect(reported.values.last.map { $0 == $1 } == true && Set(reported.values.map(\.1)).count == 1)
    }
  }

  @Test func aCancelledTaskStops() async {
    let calls = calls
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      for call in calls { #expect(throws: SteeringError.cancelled) { try call(nil) } }
    }
    await task.value
  }

  /// The asynchronous forms see the cancellation of their task although they run outside of it.
  @Test func aCancelledTaskStopsWhatItAwaits() async throws {
    let (contrast, axis, map, rows) = (contrast, axis, map, rows)
    func stops(_ call: @escaping @Sendable () async throws(SteeringError) -> Void) async {
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        do throws(SteeringError) {
          try await call()
          return nil as SteeringError?
        } catch { return error }
      }
      #expect(await task.value == .cancelled)
    }
    await stops { () async throws(SteeringError) in _ = try await contrast.normTest(exchanging: .rows) }
    await stops { () async throws(SteeringError) in _ = try await axis.evaluate(on: contrast, rows: .heldOut) }
    await stops { () async throws(SteeringError) in
      _ = try await RidgeMap(from: rows, to: rows, regularization: .fixed(1))
    }
    await stops { () async throws(SteeringError) in
      _ = try await map.controlFamilies(of: axis, against: axis, rows: rows)
    }
    await stops { () async throws(SteeringError) in
      _ = try await map.specificity(of: contrast, against: axis, nativePrompts: .others, exchanging: .rows)
    }
  }

  @Test func whatIsAwaitedIsTheSame() async throws {
    func now<Value>(_ body: () throws -> Value) rethrows -> Value { try body() }
    #expect(try await contrast.normTest(exchanging: .rows) == now { try contrast.normTest(exchanging: .rows) })
    #expect(
      try await axis.evaluate(on: contrast, rows: .heldOut) == now { try axis.evaluate(on: contrast, rows: .heldOut) })
    #expect(try await RidgeMap(from: rows, to: rows, regularization: .fixed(1)) == map)
    #expect(
      try await map.controlFamilies(of: axis, against: axis, rows: rows)
        == now { try map.controlFamilies(of: axis, against: axis, rows: rows) })
  }
}
