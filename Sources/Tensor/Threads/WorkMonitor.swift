import Synchronization

/// The progress and the cancellation of one long call, handed down to the stages of its work.
///
/// Only the thread that carries the calling task sees that this task was cancelled. A thread that sees it raises a
/// flag, which the other threads of the same call read.
struct WorkMonitor: Sendable {
  private let progress: ProgressHandler?
  /// `nil` for work that goes on whatever happens.
  private let flag: StopFlag?
  /// The part of the whole call that this stage stands for, in thousandths.
  private let (start, length): (Double, Double)

  /// The monitor of a whole call.
  init(_ progress: ProgressHandler? = nil) {
    self.init(progress: progress, flag: StopFlag(), start: 0, length: 1000)
  }

  private init(progress: ProgressHandler?, flag: StopFlag?, start: Double, length: Double) {
    (self.progress, self.flag, self.start, self.length) = (progress, flag, start, length)
  }

  /// For callers that could not tell a result that was cut short from a complete one: never stopped, reports nothing.
  static let unwatched = WorkMonitor(progress: nil, flag: nil, start: 0, length: 0)

  /// The same call without reports, for work on a thread other than the calling one.
  var silenced: WorkMonitor { WorkMonitor(progress: nil, flag: flag, start: start, length: length) }

  /// The stage from one share of this work to another, both between 0 and 1.
  func stage(from low: Double, to high: Double) -> WorkMonitor {
    WorkMonitor(progress: progress, flag: flag, start: start + low * length, length: (high - low) * length)
  }

  /// Whether to stop, which may be asked on any thread. The result of work that stopped has no meaning.
  var isStopped: Bool {
    guard let flag else { return false }
    if flag.isRaised.load(ordering: .relaxed) { return true }
    if Cancellation.isRequested { flag.isRaised.store(true, ordering: .relaxed) }
    return flag.isRaised.load(ordering: .relaxed)
  }

  /// Throws where the work is to stop.
  func checkCancelled() throws(LinearAlgebraError) {
    if isStopped { throw .cancelled }
  }

  /// Reports that this share of the stage is done, as thousandths of the whole call. Only for the calling thread.
  func report(_ share: Double) { progress?(Int(start + share * length), 1000) }
}

private final class StopFlag: Sendable {
  let isRaised = Atomic(false)
}

extension WorkMonitor {
  /// Reports that a thread of a split begins with this index of its range, where that is the calling thread, which has
  /// the first range and speaks for all.
  func reportPart(_ index: Int, of range: Range<Int>) {
    guard range.lowerBound == 0 else { return }
    report(Double(index) / Double(range.count))
  }
}
