import Foundation
import LinearStructures

/// Serves the driver over standard input and output, one line a request and one line an answer:
///
///     load OPERATION FILE…   reads .npy files                 → ok
///     load few-rows FILE     names a .safetensors file        → ok
///     run                    runs once                        → the seconds it took
///     memory                 runs once                        → the bytes by which the peak of resident memory grew
///     write FILE             writes the last result           → ok
///     info                                                    → the BLAS in use
///
/// One process for all runs of a case, so that start-up and reading are not timed.
@main
struct Worker {
  static func main() {
    startKernels()
    var current: (any Operation)?
    while let line = readLine() {
      let words = line.split(separator: "\t").map(String.init)
      do { print(try answer(words, &current)) } catch { print("error\t\(error)") }
      fflush(nil)
    }
  }

  /// Makes OpenBLAS start with the kernels that BENCH_START_KERNELS names, as one that does not know the processor does.
  private static func startKernels() {
    guard let name = getenv("BENCH_START_KERNELS"), let quit = dlsym(nil, "gotoblas_dynamic_quit"),
      let start = dlsym(nil, "gotoblas_dynamic_init")
    else { return }
    setenv("OPENBLAS_CORETYPE", name, 1)
    for call in [quit, start] { unsafeBitCast(call, to: (@convention(c) () -> Void).self)() }
    unsetenv("OPENBLAS_CORETYPE")
  }

  private static func answer(_ words: [String], _ current: inout (any Operation)?) throws -> String {
    switch words.first {
    case "load" where words.count == 3 && words[2].hasSuffix(".safetensors"):
      current = fewRows(of: URL(filePath: words[2]))
      return "ok"
    case "load":
      let files = try words.dropFirst(2).map { try NumpyFile(URL(filePath: $0)) }
      guard words.count > 2, let first = files.first else { throw WorkerError(message: "load what?") }
      current =
        first.type.resultType == .f32
        ? try operation(words[1], files, as: Float.self) : try operation(words[1], files, as: Double.self)
      return "ok"
    case "run":
      guard let current else { throw WorkerError(message: "nothing is loaded") }
      let start = ContinuousClock.now
      try current.run()
      return String((ContinuousClock.now - start) / .seconds(1))
    case "memory":
      guard let current else { throw WorkerError(message: "nothing is loaded") }
      return String(try peakGrowth { try current.run() })
    case "write":
      guard let current, words.count == 2 else { throw WorkerError(message: "write where?") }
      try current.write(to: URL(filePath: words[1]))
      return "ok"
    case "info":
      return blasDescription
    default:
      throw WorkerError(message: "unknown request")
    }
  }
}
