import Foundation

/// The number of p ≤ 0.05 of a calibrated test in N runs may not exceed this: its 99.9 % binomial quantile.
let allowedOf200 = 21

/// What a progress closure was told.
final class Reported: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var all: [(Int, Int)] = []

  func add(_ done: Int, of total: Int) { lock.withLock { all.append((done, total)) } }

  var values: [(Int, Int)] { lock.withLock { all } }
}
