import CKernels
import Dispatch
import Foundation

/// Checks of threads, instruction sets and company.
extension KnownAnswer {
  private static func sample(_ n: Int) -> Matrix<Double> {
    var generator = SeededGenerator(seed: 3)
    return .normal(rows: n, columns: n, using: &generator)
  }

  static func everyNumberOfThreads() -> KnownAnswer {
    let name = "one, two and three threads agree on products and singular values of order 400"
    let a = sample(400)
    let found = [1, 2, 3].map { count in withBLASThreads(count) { (a * a, try? a.singularValues()) } }
    var error = 0.0
    for (product, values) in found.dropFirst() {
      guard let values, let alone = found[0].1 else { return KnownAnswer(name, passed: false, "no convergence") }
      error = max(error, (product - found[0].0).norm(.maximum) / 400, (values - alone).norm / alone.norm)
    }
    return KnownAnswer(name, error: error, bound: 1e-13)
  }

  static func everyInstructionSet() -> KnownAnswer {
    let levels = [Int32(0), 3, 4].filter { $0 <= ck_level() }
    let a = sample(48)
    let exact = (0..<48).map { i in (0..<48).map { a.row(i).dot(a.row($0)) } }
    var error = 0.0
    for level in levels {
      var gram = [Double](repeating: 0, count: 48 * 48)
      var scratch = [Double](repeating: 0, count: ck_gram_rows_scratch(48))
      a.withUnsafeBase { ck_gram_rows_f64_at(level, $0, 48, 48, 48, &gram, 48, &scratch) }
      for i in 0..<48 {
        for j in i..<48 { error = max(error, abs(gram[i * 48 + j] - exact[i][j])) }
      }
    }
    let names = levels.map { $0 == 4 ? "AVX-512" : $0 == 3 ? "AVX2" : "baseline" }.joined(separator: ", ")
    return KnownAnswer("the kernels for \(names) agree", error: error, bound: 1e-12)
  }

  /// A child after `fork` has threads and a lock of its own.
  static func forkedProcess() -> KnownAnswer {
    let name = "a forked process computes too"
    let a = sample(200)
    let expected = a * a
    // Swift does not import it, because a child may call little; here it calls this library alone.
    guard let symbol = dlsym(nil, "fork") else { return KnownAnswer(name, passed: true, "this system has no fork") }
    fflush(nil)
    let child = unsafeBitCast(symbol, to: (@convention(c) () -> pid_t).self)()
    if child == 0 { _exit([a * a, a * a].allSatisfy { ($0 - expected).norm(.maximum) < 1e-11 } ? 0 : 1) }
    guard child > 0 else { return KnownAnswer(name, passed: true, "no process could be started") }
    var status: Int32 = -1
    for _ in 0..<1000 where waitpid(child, &status, WNOHANG) == 0 { usleep(10_000) }
    if status == -1 {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
    return KnownAnswer(name, passed: status == 0, status == -1 ? "it did not end within 10 s" : "exit status \(status)")
  }

  /// A busy thread on every core leaves half of each; four times that loss is accepted.
  static func besideBusyThreads() -> KnownAnswer {
    let a = sample(256)
    func seconds() -> Double {
      let times = (0..<5).map { _ in
        let start = ContinuousClock.now
        _ = try? a.svd()
        return (ContinuousClock.now - start) / .seconds(1)
      }
      return times.sorted()[2]
    }
    let alone = seconds()
    let end = ContinuousClock.now + .milliseconds(1500)
    for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
      DispatchQueue.global().async {
        var x = 1.0
        while ContinuousClock.now < end { for _ in 0..<1000 { x = (x + 2 / x) / 2 } }
        withExtendedLifetime(x) {}
      }
    }
    usleep(50_000)
    let slowdown = seconds() / alone
    return KnownAnswer(
      "a decomposition beside a busy thread per core", passed: slowdown <= 8,
      "\(slowdown.formatted(digits: 2)) times as slow as alone; 2 is fair, 8 is accepted")
  }
}
