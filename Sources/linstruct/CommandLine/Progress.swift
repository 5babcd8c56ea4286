import Foundation
import Synchronization

/// A line on standard error for work that takes more than a second, overwritten as the work goes on.
///
/// Silent where standard error is not a terminal.
final class Progress: Sendable {
  private struct State {
    var start = ContinuousClock.now
    var last = ContinuousClock.now
    var isShown = false
  }

  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let state = Mutex(State())

  /// Says how far the work is: `done` of `total` steps of `what`.
  func report(_ what: String, _ done: Int, of total: Int) {
    guard isTerminal else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      guard now - state.start > .seconds(1), now - state.last > .milliseconds(100) else { return }
      state.last = now
      state.isShown = true
      let share = total > 0 ? 100 * done / total : 0
      FileHandle.standardError.write(Data("\r\u{1B}[K\(what): \(done) of \(total) (\(share) %)".utf8))
    }
  }

  /// Removes the line.
  func finish() {
    state.withLock { state in
      if state.isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
      state.isShown = false
    }
  }
}
