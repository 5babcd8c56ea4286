import Foundation
import Synchronization
import Tensor
import TensorIO
import _TestSupport
import Testing

@testable import Runs

/// The one pass over the files of a run, and the value that it leaves.
@Suite struct TrajectoryGramsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A run of three snapshots after a base at step 5, with two tensors that move.
  private func run() throws -> Trajectory {
    for step in [5, 6, 8, 12] {
      try folder.write(
        "w-\(step).safetensors", TensorValues("a", .f64, [2, 3], (0..<6).map { Double($0 * step) }),
        TensorValues("b", .f32, [2], [Double(step * step), 1]), TensorValues("ids", .i64, [4], [1, 2, 3, 4]))
    }
    return try Trajectory(base: folder.file("w-5.safetensors"), checkpoints: folder.url)
  }

  @Test func everythingFollowsFromThePass() throws {
    let grams = try run().grams()
    #expect(grams.baseStep == 5 && grams.steps == [6, 8, 12] && grams.count == 3)
    #expect(grams.tensors.map(\.name) == ["a", "b"] && grams.tensors.map(\.shape) == [[2, 3], [2]])
    #expect(grams.adapters == nil && grams.adapterGrowth == nil)
    // Displacements of a are (0 … 5)·(s − 5), of b s² − 25.
    #expect(grams.tensors[0].gram.gram == Matrix([[55, 165, 385], [165, 495, 1155], [385, 1155, 2695]]))
    #expect(grams.tensors[1].gram.gram[0, 2] == 11 * 119)
    #expect(grams.total.gram == grams.tensors[0].gram.gram + grams.tensors[1].gram.gram)
    #expect(grams.total.distances == [1, 3, 7])
    #expect("\(grams)" == "3 snapshots, steps 6 to 12, base at step 5; Gram matrices of 2 tensors")
    #expect("\(grams.total)".hasPrefix("3 snapshots, 1.0 to 7.0 steps from the base, "))
  }

  @Test func theValueOutlivesTheFiles() throws {
    let grams = try run().grams()
    let data = try JSONEncoder().encode(grams)
    #expect(try JSONDecoder().decode(TrajectoryGrams.self, from: data) == grams)
    // Gram matrices that are not of these steps, steps that do not ascend, and no tensors.
    let text = String(decoding: data, as: UTF8.self)
    for (old, new) in [
      ("\"steps\":[6,8,12]", "\"steps\":[6,8]"), ("\"steps\":[6,8,12]", "\"steps\":[6,8,7]"),
      ("\"baseStep\":5", "\"baseStep\":-9223372036854775808"), ("\"distances\":[1,3,7]", "\"distances\":[1,3]"),
      ("\"distances\":[1,3,7]", "\"distances\":[1,3,8]"), ("\"rows\":3", "\"rows\":2"),
    ] {
      #expect(text.contains(old), "\(old)")
      #expect(throws: DecodingError.self, "\(new)") {
        try JSONDecoder().decode(TrajectoryGrams.self, from: Data(text.replacing(old, with: new).utf8))
      }
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(TrajectoryGrams.self, from: Data(#"{"baseStep":0,"steps":[1,2],"tensors":[]}"#.utf8))
    }
  }

  @Test func tensorsOfManyBlocksAreReadWhole() throws {
    // More than one block of 2²² entries shared by three rows.
    let (rows, columns) = (3, 700_001)
    let base = normal(rows, columns, seed: 1)
    let step = normal(rows, columns, seed: 2)
    for i in 0...2 { try folder.write("w-\(i).safetensors", TensorValues("w", base + Double(i) * step)) }
    let run = try Trajectory(base: folder.file("w-0.safetensors"), checkpoints: folder.url)
    let gram = try run.grams().total.gram
    let expected = step.dot(step)
    #expect(abs(gram[0, 0] / expected - 1) < 1e-12 && abs(gram[1, 1] / (4 * expected) - 1) < 1e-12)
  }

  @Test func progressCountsTheElementsOfTheBase() throws {
    let calls = Mutex<[[Int]]>([])
    _ = try run().grams { done, total in calls.withLock { $0.append([done, total]) } }
    #expect(calls.withLock { $0 } == [[4, 12], [10, 12], [12, 12]])
  }

  @Test func theAsynchronousFormGivesTheSame() async throws {
    let run = try run()
    let synchronous = try { try run.grams() }()
    #expect(try await run.grams() == synchronous)
  }

  @Test func cancellationStopsTheReading() async throws {
    let run = try run()
    let waiting = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await run.grams()
    }
    waiting.cancel()
    await #expect(throws: TrajectoryError.cancelled) { try await waiting.value }
    let synchronous = Task {
      while !Task.isCancelled { await Task.yield() }
      return try { try run.grams() }()
    }
    synchronous.cancel()
    await #expect(throws: TrajectoryError.cancelled) { try await synchronous.value }
  }

  @Test func cancellationFromTheProgressHandlerStopsTheReading() async throws {
    let run = try run()
    let task = Mutex<Task<TrajectoryGrams, any Error>?>(nil)
    let started = Mutex(false)
    let reading = Task {
      while !started.withLock({ $0 }) { await Task.yield() }
      // The first call comes before the last block, and no block after it is read.
      return try await run.grams { done, _ in
        #expect(done <= 4)
        task.withLock { $0?.cancel() }
      }
    }
    task.withLock { $0 = reading }
    started.withLock { $0 = true }
    await #expect(throws: TrajectoryError.cancelled) { try await reading.value }
  }
}
