import Foundation
import _TestSupport
import Testing

@testable import Tensor

/// The threads of the library beside others, and in a process that was forked.
@Suite struct ThreadTests {
  @Test func aForkedProcessHasThreadsOfItsOwn() async {
    await #expect(processExitsWith: .success) {
      let a = Family.random.matrix(200, 200)
      let expected = a * a
      // The parent forks while another thread has the lock, as a server does while it works.
      let holder = Thread { withBLASThreads(2) { _ = usleep(500_000) } }
      holder.start()
      usleep(100_000)
      let child = forkProcess()
      if child == 0 {
        // Twice: the first call starts threads, the second one wakes them.
        let isRight = [a * a, a * a].allSatisfy { distance($0, expected) < 1e-12 }
        _exit(isRight ? 0 : 1)
      }
      var status: Int32 = -1
      for _ in 0..<600 where waitpid(child, &status, WNOHANG) == 0 { usleep(100_000) }
      if status == -1 { kill(child, SIGKILL) }
      #expect(status == 0)
      #expect(distance(a * a, expected) < 1e-12)
      exit(status == 0 ? 0 : 1)
    }
  }

  @Test func nestedCallsAndCallersAtOnceAgree() async {
    let a = Family.random.matrix(180, 180)
    let expected = a * a
    await withTaskGroup(of: Double.self) { group in
      for threads in 1...4 {
        group.addTask { withBLASThreads(threads) { distance(a * a, expected) } }
      }
      for await error in group { #expect(error < 1e-12) }
    }
  }

  @Test func everyNumberOfThreadsGivesTheSameFactors() throws {
    let a = Family.random.matrix(200, 190)
    let definite = a.transposed * a + .identity(190)
    let alone = try withBLASThreads(1) { (try a.qr(), try definite.cholesky(), try definite.solve(definite)) }
    for threads in [2, 3, 5] {
      let found = try withBLASThreads(threads) { (try a.qr(), try definite.cholesky(), try definite.solve(definite)) }
      #expect(distance(found.0.q, alone.0.q) < 1e-12 && distance(found.0.r, alone.0.r) < 1e-12)
      #expect(distance(found.1.lower, alone.1.lower) < 1e-12)
      #expect(distance(found.2, .identity(190)) < 1e-9)
    }
  }

  @Test func vectorsOfEveryShapeOfMatrix() {
    // Long enough to be shared among threads.
    for (m, n) in [(3, 700_000), (700_000, 3), (1500, 1500)] {
      let a = Matrix<Float>(rows: m, columns: n) { i, j in Float((i + 2 * j) % 7 - 3) }
      let (x, y) = (Vector<Float>((0..<n).map { Float($0 % 3) }), Vector<Float>((0..<m).map { Float($0 % 3) }))
      let (ax, aty) = (a * x, a.transposed * y)
      for i in [0, m / 2, m - 1] { #expect(Double(ax[i]) == a.row(i).dot(x)) }
      for j in [0, n / 2, n - 1] { #expect(Double(aty[j]) == a.column(j).dot(y)) }
    }
  }
}

/// `fork`, which Swift does not import because a child may call little: here it calls this library alone.
private func forkProcess() -> pid_t {
  typealias Fork = @convention(c) () -> pid_t
  guard let symbol = dlsym(nil, "fork") else { return -1 }
  return unsafeBitCast(symbol, to: Fork.self)()
}
