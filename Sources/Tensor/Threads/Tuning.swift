import Synchronization

/// Numbers that decide which path a computation takes, such as the width of a block, each with the measurement behind
/// it.
///
/// Code reads them as `ProductTuning.current.…`. Tests replace them by ``withTuning(_:_:)``, so that a matrix of order
/// 40 meets the threads, blocks and levels that a user's matrix of order 4000 meets. Outside of tests they never
/// change, and reading one costs a load.
///
/// ```
/// struct SVDTuning: Tuning {
///   var largestLeaf = 25
///   static let standard = SVDTuning()
/// }
/// ```
protocol Tuning: Sendable {
  /// The measured values.
  static var standard: Self { get }
}

extension Tuning {
  /// The values that hold here: the standard ones, unless a test replaced them.
  @inline(__always)
  static var current: Self {
    ReplacedTuning.uses.load(ordering: .relaxed) == 0 ? standard : replaced
  }

  @inline(never)
  private static var replaced: Self {
    ReplacedTuning.values.lazy.compactMap { $0 as? Self }.first ?? standard
  }
}

/// What ``withTuning(_:_:)`` replaced.
enum ReplacedTuning {
  /// How many calls of ``withTuning(_:_:)`` run: without one nobody looks further.
  static let uses = Atomic<Int>(0)
  /// The innermost values first.
  @TaskLocal static var values: [any Tuning] = []

  /// Calls `body`, on a thread that works for the one that read `values`, with the same values.
  static func carrying(_ values: [any Tuning], _ body: () -> Void) {
    if values.isEmpty { body() } else { $values.withValue(values, operation: body) }
  }
}

/// Runs `body`, and what it calls, with other values than the standard ones: for tests.
func withTuning<Result>(_ tuning: any Tuning..., run body: () throws -> Result) rethrows -> Result {
  ReplacedTuning.uses.add(1, ordering: .relaxed)
  defer { ReplacedTuning.uses.subtract(1, ordering: .relaxed) }
  return try ReplacedTuning.$values.withValue(tuning + ReplacedTuning.values, operation: body)
}
