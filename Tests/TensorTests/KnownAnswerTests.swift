import Foundation
import Tensor
import Testing

/// The checks that a user runs on a new machine pass on this one.
@Suite struct KnownAnswerTests {
  /// In a process of its own: one of the checks forks, and a child has to do without the threads of the other tests.
  @Test func everyAnswerIsRight() async {
    await #expect(processExitsWith: .success) {
      var reports: [Int] = []
      let answers = KnownAnswer.checkAll { done, total in
        #expect(total == 12)
        reports.append(done)
      }
      #expect(reports == Array(0..<12) && answers.count == 12)
      // The last one is about time, which a busy machine decides.
      for answer in answers.dropLast() { #expect(answer.passed, "\(answer.name): \(answer.detail)") }
      exit(answers.count == 12 && answers.dropLast().allSatisfy(\.passed) ? 0 : 1)
    }
  }

  @Test func theCacheIsKnownOrSaidToBeUnknown() {
    let cache = SecondLevelCache.current
    for bytes in [cache.assumedByOpenBLAS, cache.reportedBySystem] { #expect(bytes.map { $0 > 0 } ?? true) }
  }
}
