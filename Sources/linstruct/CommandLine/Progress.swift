import Foundation
import Synchronization

/// Says on standard error how far long work is, and how long the rest will take.
///
/// On a terminal it is one line that is written over, in a log plain lines that stay. Work that reports nothing shows
/// the time that it has taken so far.
package final class Progress: Sendable {
  /// What the numbers of a report count.
  package enum Unit: Sendable {
    case items
    case bytes
  }

  /// How lines are shown, and when.
  package struct Style: Sendable {
    let beforeLine: String
    let afterLine: String
    /// The text that removes the last line; empty where lines stay.
    let removal: String
    /// Work that takes less time than this shows nothing.
    let delay: Duration
    /// The shortest time between two lines.
    let interval: Duration

    /// A line that is written over.
    package static func terminal(delay: Duration = .seconds(1), interval: Duration = .milliseconds(200)) -> Style {
      Style(beforeLine: "\r\u{1B}[K", afterLine: "", removal: "\r\u{1B}[K", delay: delay, interval: interval)
    }

    /// Lines that stay.
    package static func log(delay: Duration = .seconds(10), interval: Duration = .seconds(10)) -> Style {
      Style(beforeLine: "", afterLine: "\n", removal: "", delay: delay, interval: interval)
    }
  }

  private struct State {
    var activity: String
    var done = 0
    var total = 0
    var unit = Unit.items
    /// The time at which the activity began.
    var begin = ContinuousClock.now
    /// The time at which `done` was reported.
    var reported = ContinuousClock.now
    var lastLine: ContinuousClock.Instant?
    var isFinished = false
  }

  private let style: Style
  private let write: @Sendable (String) -> Void
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  /// Begins to watch over `activity`.
  ///
  /// - Parameter write: takes each line.
  package init(_ activity: String, style: Style, write: @escaping @Sendable (String) -> Void) {
    self.style = style
    self.write = write
    state = Mutex(State(activity: activity))
    // The work itself may be one long call, so another thread shows the time.
    Thread.detachNewThread { [weak self] in
      while let self, self.showIfDue() { Thread.sleep(forTimeInterval: style.interval / .seconds(1)) }
    }
  }

  /// Progress on standard error, in the style that suits a terminal or a log.
  convenience init(_ activity: String) {
    self.init(activity, style: isatty(STDERR_FILENO) == 1 ? .terminal() : .log()) { line in
      try? StandardStream.error.write(line)
    }
  }

  /// Says how far the work is: `done` of `total` of `activity`.
  package func report(_ activity: String, _ done: Int, of total: Int, in unit: Unit = .items) {
    state.withLock { state in
      if state.activity != activity { (state.activity, state.begin) = (activity, .now) }
      (state.done, state.total, state.unit, state.reported) = (done, total, unit, .now)
    }
    showIfDue()
  }

  /// Says how far the work is, in bytes, where the work itself counts something else, such as entries.
  ///
  /// - Parameter bytes: what all of the work reads or writes.
  package func report(_ activity: String, _ done: Int, of total: Int, bytes: Int) {
    report(activity, total > 0 ? Int(Double(bytes) * (Double(done) / Double(total))) : 0, of: bytes, in: .bytes)
  }

  /// Removes the line of a terminal; nothing is shown from now on.
  package func finish() {
    state.withLock { state in
      state.isFinished = true
      if state.lastLine != nil { write(style.removal) }
    }
  }

  /// - Returns: whether there may be more to show later.
  @discardableResult private func showIfDue() -> Bool {
    state.withLock { state in
      guard !state.isFinished else { return false }
      let now = ContinuousClock.now
      guard now - start >= style.delay, now - (state.lastLine ?? start) >= style.interval else { return true }
      state.lastLine = now
      write(style.beforeLine + TerminalText.line(line(state, at: now)) + style.afterLine)
      return true
    }
  }

  private func line(_ state: State, at now: ContinuousClock.Instant) -> String {
    let (done, total) = (state.done, state.total)
    guard done > 0, total > 0, done < total else { return "\(state.activity): \(duration(now - start)) so far" }
    let share = Double(done) / Double(total)
    let left = max(.zero, (state.reported - state.begin) / share - (now - state.begin))
    let counts =
      switch state.unit {
      case .items: "\(done) of \(total)"
      case .bytes: "\(byteCount(done)) of \(byteCount(total))"
      }
    return "\(state.activity): \(counts) (\(Int(100 * share)) %), about \(duration(left)) left"
  }
}

/// A time as people say it: `12 s`, `3 min 20 s`, `2 h 5 min`.
private func duration(_ time: Duration) -> String {
  let seconds = Int((time / .seconds(1)).rounded())
  switch seconds {
  case ..<60: return "\(seconds) s"
  case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
  default: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
  }
}

/// A number of bytes in decimal units: `950 B`, `1.2 GB`.
private func byteCount(_ bytes: Int) -> String {
  let units = ["B", "kB", "MB", "GB", "TB"]
  var (value, unit) = (Double(bytes), 0)
  while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
  return String(format: value < 100 && unit > 0 ? "%.1f" : "%.0f", value) + " " + units[unit]
}
