import Foundation
import LinearStructures

struct ExtrapolateCommand: Command {
  static let name = "extrapolate"
  static let summary = "fit lines in time through a run's checkpoints and forecast a later one"
  static let usage =
    "--base FILE|zero --checkpoints FOLDER --target STEP [--observe LAST_STEP] [--rank R] [--recipe NAME] "
    + "[--momentum B] [--as factors|product] --output FILE"
  static let details = """
    Snapshots are files named …-STEP.safetensors, step_STEP.safetensors, STEP_adapters.safetensors and the like, and
    folders named checkpoint-STEP, global_step_STEP, step_STEP or STEP; what is left out is said. The base's own step
    comes from its name, else it is 0; --base zero counts from zero at step 0. With --observe later snapshots are
    hidden, and the skill of every recipe is measured on them: 0 is "keep the last observed snapshot". The forecast has
    the base's names, shapes and types.
    A random walk has energy 0.81 and R² 0.96 too: null_… is the walk on the same steps, matched_… one with increments
    of the same lengths. The verdict is a test against sign flips of the increments; an optimizer's momentum can look
    like drift, unless --momentum corrects for it. A target more than 20 times as far from the base as the last observed
    snapshot brings a warning on standard error.
    Of LoRA checkpoints the factors A and B are the tensors, and with an adapter_config.json the product B·A with its
    scale is tested beside them. --as product tests B·A alone, and writes nothing.
    """

  struct Options: TableOptions {
    let base = Option(
      required: "base", "FILE", .text,
      "checkpoint that displacements are counted from: a file, folder or index; or zero")
    let checkpoints = Option(required: "checkpoints", "FOLDER", .text, "folder of snapshots")
    let target = Option(required: "target", "STEP", .integer(in: 0...), "the step to forecast")
    let observe = Option("observe", "LAST_STEP", .integer(in: 0...), "fit snapshots up to this step only")
    let rank = Option("rank", "R", .integer(in: 1...), default: 1, "temporal directions a tensor keeps (default 1)")
    let recipe = Option(
      "recipe", "NAME", .choice(of: ForecastRecipe.self), default: .relex,
      "relex (default): the line of each tensor; shrunk, secant, hold")
    let momentum = Option(
      "momentum", "B", .number(in: 0...1.0.nextDown),
      "correct the tests for this momentum of the optimizer (Adam: beta1), 0 to below 1")
    let view = Option(
      "as", "VIEW", .choice(of: Trajectory.AdapterView.self), default: .factors,
      "of LoRA checkpoints: factors (default) or product")
    let output = Option(
      "output", "FILE", .output(endings: ["safetensors"]), "write the forecast to FILE.safetensors")
    let csv = Option<OutputName?>.csv
  }

  /// The word after `--base`.
  private let origin: String
  private let base: Trajectory.Origin
  private let checkpoints: URL
  private let target: Int
  private let observe: Int?
  private let rank: Int
  private let recipe: ForecastRecipe
  private let momentum: Double?
  private let view: Trajectory.AdapterView
  private let output: OutputFile?

  init(_ arguments: Arguments<Options>) throws {
    origin = try arguments.base
    base =
      origin == "zero" && !FileManager.default.fileExists(atPath: origin) ? .zero : .checkpoint(URL(filePath: origin))
    checkpoints = URL(filePath: try arguments.checkpoints)
    target = try arguments.target
    observe = try arguments.observe
    rank = try arguments.rank
    momentum = try arguments.momentum
    view = try arguments.view
    let name = view == .product ? try arguments.output : try arguments.required(\.output)
    let inputs = [origin, checkpoints.path]
    output = try name.map { try OutputFile($0, isNot: inputs) }
    recipe = try arguments.recipe
    if let url = output?.url, Trajectory.wouldRead(url, in: checkpoints) {
      throw CommandError.usage(
        "--output \(url.relativePath) would become a snapshot of the run in \(checkpoints.relativePath); name a file "
          + "outside of it")
    }
  }

  func run(_ context: Context) throws -> Report {
    let trajectory = try Trajectory(origin: base, checkpoints: checkpoints, adapters: view)
    if view == .product, trajectory.adapters != .product {
      throw CommandError.data(
        "\(checkpoints.relativePath): --as product needs pairs of LoRA factors with an adapter_config.json beside "
          + "them; leave it out to follow the tensors as they are")
    }
    try checkWords(trajectory)
    // Begun before the long work, so that a place that cannot be written to is an error at once.
    let file = try view == .product ? nil : output.map { try ForecastFile($0.url, for: trajectory) }
    let fit = try fit(trajectory, context)
    let forecast = try fit.forecast(step: target, recipe: recipe)
    let product = try product(beside: trajectory, fit, context)
    if let file {
      let bytes = trajectory.base.checkpoint.tensors.reduce(0) { $0 + $1.byteRange.count }
      try forecast.write(to: file) { done, total in
        context.progress.report("writing", done, of: total, bytes: bytes)
      }
    }
    return ExtrapolateReport(
      run: trajectory, fit: fit, forecast: forecast, product: product, output: file == nil ? nil : output?.url
    ).report
  }

  private func checkWords(_ trajectory: Trajectory) throws {
    // Snapshots are folders, or links to files elsewhere: each is an input of its own.
    if let output {
      let read = [trajectory.base.checkpoint.url.path] + trajectory.snapshots.map(\.checkpoint.url.path)
      try output.check(isNot: read)
    }
    let observed = trajectory.steps.count { $0 <= observe ?? .max }
    if let observe, observed < 2 {
      throw CommandError.data(
        "\(checkpoints.relativePath): --observe \(observe) leaves \(observed) of \(trajectory.steps.count) "
          + "snapshots, two are needed; give --observe a step from \(trajectory.steps[1]) on")
    }
    if rank > observed {
      throw CommandError.usage("--rank \(rank) is outside 1...\(observed), the number of observed snapshots")
    }
    guard target > trajectory.base.step else {
      throw CommandError.usage("--target \(target) does not lie after the base at step \(trajectory.base.step)")
    }
  }

  private func fit(_ trajectory: Trajectory, _ context: Context) throws -> TrajectoryFit {
    let (progress, files) = (context.progress, trajectory.snapshots.count + 1)
    let bytes = trajectory.base.checkpoint.tensors.reduce(0) { $0 + $1.byteRange.count }
    let grams = try trajectory.grams { done, total in
      progress.report("reading \(files) checkpoints", done, of: total, bytes: bytes * files)
    }
    return try grams.fit(rank: rank, observing: observe, momentum: momentum, seed: context.seed)
  }

  /// What the model sees of LoRA factors: tests on B·A, beside those on the factors.
  private func product(
    beside trajectory: Trajectory, _ fit: TrajectoryFit, _ context: Context
  ) throws -> ProductFindings? {
    switch trajectory.adapters {
    case nil: return nil
    case .product: return .followed(fit)
    case .factors:
      do {
        let products = try Trajectory(origin: base, checkpoints: checkpoints, adapters: .product)
        guard products.adapters == .product else { return .unscaled }
        return .beside(try self.fit(products, context))
      } catch TrajectoryError.adapter(let configuration, let reason) {
        return .refused("\(configuration): \(reason)")
      }
    }
  }
}
