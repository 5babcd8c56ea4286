import Foundation
import LinearStructures

struct ExtrapolateCommand: Command {
  static let name = "extrapolate"
  static let summary = "fit lines in time through a run's checkpoints and forecast a later one"
  static let usage =
    "--base FILE --checkpoints FOLDER --target STEP [--observe LAST_STEP] [--rank R] [--recipe NAME] --output FILE"
  static let details = """
    Snapshots are files named …-STEP.safetensors and folders named checkpoint-STEP or global_step_STEP; the base's own
    step comes from its name, else it is 0. With --observe later snapshots are hidden, and the skill of the forecast is
    measured on them: 0 is "keep the last observed snapshot". The forecast has the base's names, shapes and types.
    A random walk has energy 0.81 and R² 0.96 too: null_… is the walk on the same steps, matched_… one with increments
    of the same lengths. The verdict is a test against sign flips of the increments. A target more than 20 times as far
    from the base as the last observed snapshot brings a warning on standard error.
    """
  static let options = [
    Option("base", "FILE", "checkpoint that displacements are counted from: a file, folder or index"),
    Option("checkpoints", "FOLDER", "folder of snapshots"),
    Option("target", "STEP", "the step to forecast"),
    Option("observe", "LAST_STEP", "fit snapshots up to this step only"),
    Option("rank", "R", "temporal directions a tensor keeps (default 1)"),
    Option("recipe", "NAME", "relex (default): the line of each tensor; shrunk, secant, hold"),
    Option("output", "FILE", "write the forecast to FILE.safetensors"),
    Option.csv,
  ]

  private let base: URL
  private let checkpoints: URL
  private let target: Int
  private let observe: Int?
  private let rank: Int
  private let recipe: ForecastRecipe
  private let output: URL

  init(_ arguments: Arguments) throws {
    _ = try arguments.operands()
    base = URL(filePath: try arguments.required("base"))
    checkpoints = URL(filePath: try arguments.required("checkpoints"))
    _ = try arguments.required("target")
    target = try arguments.integer("target", in: 0...Int.max) ?? 0
    observe = try arguments.integer("observe", in: 0...Int.max)
    rank = try arguments.integer("rank", in: 1...Int.max) ?? 1
    output = URL(filePath: try arguments.required("output"))
    let name = arguments.text("recipe") ?? "relex"
    guard let recipe = ForecastRecipe(rawValue: name) else {
      let known = ForecastRecipe.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError.usage("--recipe \(name) is unknown; there are \(known)")
    }
    self.recipe = recipe
    guard output.pathExtension == "safetensors" else { throw CommandError.usage("--output must end in .safetensors") }
  }

  func run(_ context: Context) throws -> Report {
    let trajectory = try Trajectory(base: base, checkpoints: checkpoints)
    let progress = context.progress
    let observed = trajectory.steps.count { $0 <= observe ?? .max }
    if let observe, observed < 2 {
      throw CommandError.data(
        "\(checkpoints.relativePath): --observe \(observe) leaves \(observed) of \(trajectory.steps.count) snapshots, two are "
          + "needed; give --observe a step from \(trajectory.steps[1]) on")
    }
    if rank > observed {
      throw CommandError.usage("--rank \(rank) is outside 1...\(observed), the number of observed snapshots")
    }
    let bytes = trajectory.tensors.reduce(0) { $0 + $1.byteRange.count }
    let files = trajectory.snapshots.count + 1
    let fit = try trajectory.fit(rank: rank, observing: observe, seed: context.seed) { done, total in
      progress.report("reading \(files) checkpoints", done, of: total, bytes: bytes * files)
    }
    guard target > trajectory.base.step else {
      throw CommandError.usage("--target \(target) does not lie after the base at step \(trajectory.base.step)")
    }
    let forecast = try fit.forecast(step: target, recipe: recipe)
    try forecast.write(to: output) { done, total in progress.report("writing", done, of: total, bytes: bytes) }
    return report(fit, forecast)
  }

  private func report(_ fit: TrajectoryFit, _ forecast: Forecast) -> Report {
    let steps = Array(fit.trajectory.steps.prefix(fit.observed))
    let skill = fit.skill(of: recipe)
    let tensors = fit.tensors.sorted { naturallyPrecedes($0.info.name, $1.info.name) }
    var table = TextTable(["tensor", "energy", "walk", "matched", "R²", "walk", "matched", "drift", "p", "verdict"])
    for tensor in tensors {
      let (figures, walk, matched) = (tensor.fit.figures, tensor.fit.walk, tensor.fit.matchedWalk)
      let test = tensor.walkTest
      table.add([
        tensor.info.name, shown(figures.energy), shown(walk.energy, digits: 3), shown(matched.energy, digits: 3),
        shown(figures.r2), shown(walk.r2, digits: 3), shown(matched.r2, digits: 3), shown(test.driftShare, digits: 3),
        shown(test.p, digits: 2), test.verdict.rawValue,
      ])
    }
    let totalTest = fit.walkTest
    return Report(
      members: [
        ("steps", .integers(steps)),
        ("verdict", .text(fit.verdict.rawValue)),
        ("skill", .optional(skill)),
        ("horizon_ratio", .optional(forecast.horizonRatio)),
        ("tensors", .list(tensors.map { json($0, baseStep: fit.trajectory.base.step) })),
        ("drift_share", .optional(totalTest.driftShare)),
        ("turning", .optional(totalTest.turning)),
        ("p", .optional(totalTest.p)),
      ],
      text: """
        \(fit.observed) snapshots observed, steps \(steps[0]) to \(steps[steps.count - 1]), base at step \
        \(fit.trajectory.base.step)

        \(table.text)

        all tensors together: \(fit.verdict.rawValue) (drift share \(shown(totalTest.driftShare, digits: 3)), turning \
        \(shown(totalTest.turning, digits: 3)), p \(shown(totalTest.p, digits: 2)))
        forecast to step \(target), \(shown(forecast.horizonRatio, digits: 3)) times the observed length: \
        \(output.relativePath)
        skill on hidden snapshots: \(skill.map { "\(shown($0, digits: 3)) (keep the last: 0)" } ?? "– (none hidden)")
        """,
      warnings: warnings(forecast), table: "tensors")
  }

  /// Rank-1 forecasts were published for up to 20 times the observed length, from 50 steps to 1000 (arXiv 2605.21468).
  private func warnings(_ forecast: Forecast) -> [String] {
    guard forecast.horizonRatio > 20 else { return [] }
    return [
      "--target \(target) lies \(shown(forecast.horizonRatio, digits: 3)) times as far from the base as the last observed "
        + "snapshot; published forecasts were checked up to 20 times: choose an earlier step, or observe more of the run"
    ]
  }

  private func json(_ tensor: TrajectoryFit.TensorFit, baseStep: Int) -> JSON {
    let line = tensor.fit.components.first
    let test = tensor.walkTest
    return .object([
      ("name", .text(tensor.info.name)),
      ("energy", .optional(tensor.fit.figures.energy)),
      ("r2", .optional(tensor.fit.figures.r2)),
      ("slope", .optional(line?.slope)),
      // The line in the true step: the fit counts from the base.
      ("intercept", .optional(line.map { $0.intercept - $0.slope * Double(baseStep) })),
      ("null_energy", .optional(tensor.fit.walk.energy)),
      ("null_r2", .optional(tensor.fit.walk.r2)),
      ("matched_energy", .optional(tensor.fit.matchedWalk.energy)),
      ("matched_r2", .optional(tensor.fit.matchedWalk.r2)),
      ("drift_share", .optional(test.driftShare)),
      ("turning", .optional(test.turning)),
      ("p", .optional(test.p)),
      ("q", .optional(tensor.q)),
      ("verdict", .text(test.verdict.rawValue)),
    ])
  }
}
