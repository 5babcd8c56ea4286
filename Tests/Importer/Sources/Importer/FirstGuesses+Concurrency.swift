import Foundation
import LinearStructures

/// Long calls with progress, awaited and cancelled, and a run of checkpoints.
func tryFirstGuessesOfLongCalls(in folder: URL) async throws {
  let a = Matrix<Float>.normal(rows: 64, columns: 48, seed: 1)
  async let one = a.svd()
  async let two = a.svd(rank: 3)
  show(try await one.singularValues[0], try await two.singularValues[0])
  let task = Task { try await a.svd { done, total in _ = (done, total) } }
  task.cancel()
  do { _ = try await task.value } catch LinearAlgebraError.cancelled {}

  for step in 0..<8 {
    let drifted = Float(step) * a + 0.01 * Matrix<Float>.normal(rows: 64, columns: 48, seed: UInt64(step))
    try SafetensorsFile.write([NamedTensor("w", drifted)], to: folder.path + "/run/step-\(10 * step).safetensors")
  }
  let run = try Trajectory(base: folder.path + "/run/step-0.safetensors", checkpoints: folder.path + "/run")
  let grams = try await run.grams { done, total in _ = (done, total) }
  show(run, grams)
  show(try await grams.prefix(3).capture(of: .full))
  let fit = try await grams.fit(rank: 1)
  show(fit.verdict, fit)
  let data = try JSONEncoder().encode(fit)
  check(!data.isEmpty, "a fit as JSON")
  try await fit.forecast(step: 500, recipe: .shrunkDrift).write(to: folder.path + "/forecast.safetensors", from: run)
}
