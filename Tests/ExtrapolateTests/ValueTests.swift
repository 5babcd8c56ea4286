import Extrapolate
import Foundation
import Runs
import Synchronization
import Tensor
import _TestSupport
import Testing

/// Fits, prefixes and forecasts as values: stored, compared, described, and computed beside other tasks.
@Suite struct ValueTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A value after it was written as JSON and read back, with a part of the text replaced.
  private func restored<Value: Codable>(_ value: Value, _ old: String = "", _ new: String = "") throws -> Value {
    let text = String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    if !old.isEmpty { #expect(text.contains(old), "\(old)") }
    return try JSONDecoder().decode(Value.self, from: Data((old.isEmpty ? text : text.replacing(old, with: new)).utf8))
  }

  @Test func valuesAreStored() throws {
    let run = try folder.line(1...9)
    let grams = try run.grams()
    let (fit, prefix) = (try grams.fit(rank: 2, observing: 8), try grams.prefix(3))
    #expect(try restored(fit) == fit && restored(prefix) == prefix)
    #expect(try grams.fit(rank: 2, observing: 7) != fit && grams.prefix(4) != prefix)
    let capture = try prefix.capture(of: .future, count: 19)
    #expect(try restored(capture) == capture)
    let forecast = try fit.forecast(step: 12, recipe: .shrunkDrift)
    #expect(try restored(forecast) == forecast && fit.forecast(step: 12, recipe: .hold) != forecast)
    // A forecast that was stored is written like one that was not.
    try forecast.write(to: folder.file("a"), from: run)
    try restored(restored(fit).forecast(step: 12, recipe: .shrunkDrift)).write(to: folder.file("b"), from: run)
    #expect(try Data(contentsOf: folder.file("a")) == Data(contentsOf: folder.file("b")))
  }

  @Test func whatDoesNotFitTogetherIsNotRead() throws {
    let grams = try folder.line(1...4).grams()
    let fit = try grams.fit(observing: 3)
    for (old, new) in [("\"observed\":3", "\"observed\":4"), ("\"observed\":3", "\"observed\":1")] {
      #expect(throws: DecodingError.self) { try restored(fit, old, new) }
    }
    let forecast = try fit.forecast(step: 9, recipe: .hold)
    for (old, new) in [
      ("\"step\":9", "\"step\":0"), ("\"observedSteps\":[1,2,3]", "\"observedSteps\":[]"),
      ("\"observedSteps\":[1,2,3]", "\"observedSteps\":[1,2]"), ("\"baseStep\":0", "\"baseStep\":-1"),
      ("\"observedSteps\":[1,2,3]", "\"observedSteps\":[3,2,1]"),
    ] {
      #expect(throws: DecodingError.self, "\(new)") { try restored(forecast, old, new) }
    }
  }

  @Test func descriptionsAreAFewWords() throws {
    let grams = try folder.line(1...10).grams()
    let fit = try grams.fit(observing: 8)
    #expect(
      "\(fit)" == "line (drift share 1, turning 1, p 0.00781); 2 tensors, 8 snapshots, steps 1 to 8, of 10 observed")
    #expect(try "\(grams.fit(observing: 4).walkTest)".hasSuffix("; from 7 snapshots on)"))
    #expect("\(fit.totalFit)".hasPrefix("energy 1, R² 1 (walk on the same steps: energy 0.8"))
    #expect("\(fit.totalFit)".hasSuffix(", R² 1") && "\(fit.totalFit)".contains("c(s) ≈ 1.15·s + "))
    #expect(try "\(grams.prefix(3))" == "the first 3 of 10 snapshots")
    #expect(fit.tensors.map { "\($0)" }.contains("w: \(fit.walkTest), q 0.00781"))
    #expect(fit.tensors.contains { "\($0)".hasPrefix("norm: still (") && "\($0)".hasSuffix(", q undefined") })
    #expect(
      try "\(fit.forecast(step: 20, recipe: .shrunkDrift))"
        == "step 20 by shrunk, 2.5 times the observed length; 2 tensors from 8 snapshots, steps 1 to 8")
  }

  @Test func tensorForecastsShowTheirWeights() throws {
    for (json, text) in [
      (#"{"name": "w", "weights": [0, -0.5, 1.5]}"#, "w: weights [0, -0.5, 1.5] of the displacements"),
      (#"{"name": "w"}"#, "w: stays as it is"),
    ] {
      #expect("\(try JSONDecoder().decode(Forecast.TensorForecast.self, from: Data(json.utf8)))" == text)
    }
  }

  @Test func asynchronousFormsGiveTheSame() async throws {
    let run = try folder.line(1...9)
    func synchronous() throws -> (TrajectoryFit, PrefixCapture) {
      let grams = try run.grams()
      let fit = try grams.fit(observing: 7)
      try fit.forecast(step: 12).write(to: folder.file("a"), from: run)
      return (fit, try grams.prefix(3).capture(of: .full, count: 19))
    }
    let (fit, capture) = try synchronous()
    let grams = try await run.grams()
    #expect(try await grams.fit(observing: 7) == fit)
    #expect(try await grams.prefix(3).capture(of: .full, count: 19) == capture)
    #expect(try await grams.total.prefixCapture(3, of: .full, count: 19) == capture)
    try await fit.forecast(step: 12).write(to: folder.file("b"), from: run)
    #expect(try Data(contentsOf: folder.file("a")) == Data(contentsOf: folder.file("b")))
  }

  @Test func cancellationStopsEveryLongCall() async throws {
    let run = try folder.line(1...9)
    let grams = try await run.grams()
    let (fit, output) = (try await grams.fit(), folder.file("out"))
    let forecast = try fit.forecast(step: 12)
    let calls: [@Sendable () async throws -> Void] = [
      { _ = try await grams.fit() }, { try { _ = try grams.fit() }() },
      { _ = try await grams.prefix(3).capture(of: .full) }, { try { _ = try grams.prefix(3).capture(of: .full) }() },
      { try await forecast.write(to: output, from: run) }, { try { try forecast.write(to: output, from: run) }() },
    ]
    for call in calls {
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        try await call()
      }
      task.cancel()
      await #expect(throws: TrajectoryError.cancelled) { try await task.value }
    }
    #expect(!FileManager.default.fileExists(atPath: output.path))
    let algebra = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await grams.total.prefixCapture(3, of: .full)
    }
    algebra.cancel()
    await #expect(throws: LinearAlgebraError.cancelled) { try await algebra.value }
  }

  @Test func progressReachesItsTotal() throws {
    let run = try folder.line(1...9)
    let calls = Mutex<[[Int]]>([])
    func last(_ body: (@escaping ProgressHandler) throws -> Void) rethrows -> [Int]? {
      calls.withLock { $0 = [] }
      try body { done, total in calls.withLock { $0.append([done, total]) } }
      return calls.withLock { $0.last }
    }
    let grams = try run.grams()
    #expect(try last { _ = try grams.fit(progress: $0) } == [3, 3])
    #expect(try last { _ = try grams.prefix(2).capture(of: .full, count: 9, progress: $0) } == [9, 9])
    let forecast = try grams.fit().forecast(step: 12)
    #expect(try last { try forecast.write(to: folder.file("out"), from: run, progress: $0) } == [11, 11])
  }
}
