import Foundation

/// A computation whose answer is known, run on this machine: whether it came out right.
///
/// For a machine that is new, or whose results are in doubt: some releases of OpenBLAS give wrong products, or singular
/// values that are not numbers, on some processors.
///
/// ```swift
/// for answer in KnownAnswer.checkAll() where !answer.passed { print(answer.name, answer.detail) }
/// ```
public struct KnownAnswer: Sendable, Equatable, Codable {
  /// What was computed.
  public let name: String
  /// Whether the answer was right.
  public let passed: Bool
  /// How far off it was, or what else was seen.
  public let detail: String

  /// Runs every check: products, factorizations, decompositions that are known to have failed somewhere, each kernel
  /// for each instruction set, a forked process, and the company of busy threads.
  ///
  /// - Parameter progress: called before each check with the number of those that are done and of all.
  /// - Complexity: a second or two.
  public static func checkAll(progress: ((_ done: Int, _ total: Int) -> Void)? = nil) -> [KnownAnswer] {
    let checks: [() -> KnownAnswer] = [
      products, symmetricUpdates, allOnes, exponentialSeries, clusteredValues, pascalMatrix, secondDifference,
      nearlyDependentColumns, everyNumberOfThreads, everyInstructionSet, forkedProcess, besideBusyThreads,
    ]
    return checks.enumerated().map { i, check in
      progress?(i, checks.count)
      return check()
    }
  }

  /// A check that passes where an error is within its bound.
  init(_ name: String, error: Double, bound: Double) {
    self.init(name, passed: error <= bound, "error \(error.formatted(digits: 2)), bound \(bound.formatted(digits: 2))")
  }

  init(_ name: String, passed: Bool, _ detail: String) {
    (self.name, self.passed, self.detail) = (name, passed, detail)
  }
}
