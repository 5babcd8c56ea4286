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
  static let options = [
    Option("base", "FILE", "checkpoint that displacements are counted from: a file, folder or index; or zero"),
    Option("checkpoints", "FOLDER", "folder of snapshots"),
    Option("target", "STEP", "the step to forecast"),
    Option("observe", "LAST_STEP", "fit snapshots up to this step only"),
    Option("rank", "R", "temporal directions a tensor keeps (default 1)"),
    Option("recipe", "NAME", "relex (default): the line of each tensor; shrunk, secant, hold"),
    Option("momentum", "B", "correct the tests for this momentum of the optimizer (Adam: beta1), 0 to below 1"),
    Option("as", "VIEW", "of LoRA checkpoints: factors (default) or product"),
    Option("output", "FILE", "write the forecast to FILE.safetensors"),
    Option.csv,
  ]

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

  init(_ arguments: Arguments) throws {
    _ = try arguments.operands()
    origin = try arguments.required("base")
    base =
      origin == "zero" && !FileManager.default.fileExists(atPath: origin) ? .zero : .checkpoint(URL(filePath: origin))
    checkpoints = URL(filePath: try arguments.required("checkpoints"))
    _ = try arguments.required("target")
    target = try arguments.integer("target", in: 0...Int.max) ?? 0
    observe = try arguments.integer("observe", in: 0...Int.max)
    rank = try arguments.integer("rank", in: 1...Int.max) ?? 1
    momentum = try arguments.number("momentum", in: 0...1.0.nextDown)
    let asked = arguments.text("as") ?? "factors"
    guard let view = Trajectory.AdapterView(rawValue: asked) else {
      throw CommandError.usage("--as \(asked) is unknown; there are factors and product")
    }
    self.view = view
    let path = view == .product ? arguments.text("output") : try arguments.required("output")
    let inputs = [origin, checkpoints.path]
    output = try path.map { try OutputFile($0, endings: ["safetensors"], isNot: inputs) }
    let name = arguments.text("recipe") ?? "relex"
    guard let recipe = ForecastRecipe(rawValue: name) else {
      let known = ForecastRecipe.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError.usage("--recipe \(name) is unknown; there are \(known)")
    }
    self.recipe = recipe
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
        "\(checkpoints.relativePath): --as product needs pairs of LoRA factors with an adapter_config.json beside them; "
          + "leave it out to follow the tensors as they are")
    }
    try checkWords(trajectory)
    // Begun before the long work, so that a place that cannot be written to is an error at once.
    let file = try view == .product ? nil : output.map { try ForecastFile($0.url, for: trajectory) }
    let fit = try fit(trajectory, context)
    let forecast = try fit.forecast(step: target, recipe: recipe)
    let product = try product(beside: trajectory, context)
    if let file {
      let bytes = trajectory.base.checkpoint.tensors.reduce(0) { $0 + $1.byteRange.count }
      try forecast.write(to: file) { done, total in
        context.progress.report("writing", done, of: total, bytes: bytes)
      }
    }
    return ExtrapolateReport(
      fit: fit, forecast: forecast, product: product, output: file == nil ? nil : output?.url, target: target
    ).report
  }

  private func checkWords(_ trajectory: Trajectory) throws {
    // Snapshots are folders, or links to files elsewhere: each is an input of its own.
    if let output {
      let read = [trajectory.base.checkpoint.url.path] + trajectory.snapshots.map(\.checkpoint.url.path)
      _ = try OutputFile(output.url.path, endings: ["safetensors"], isNot: read)
    }
    let observed = trajectory.steps.count { $0 <= observe ?? .max }
    if let observe, observed < 2 {
      throw CommandError.data(
        "\(checkpoints.relativePath): --observe \(observe) leaves \(observed) of \(trajectory.steps.count) snapshots, two are "
          + "needed; give --observe a step from \(trajectory.steps[1]) on")
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
    return try trajectory.fit(rank: rank, observing: observe, momentum: momentum, seed: context.seed) { done, total in
      progress.report("reading \(files) checkpoints", done, of: total, bytes: bytes * files)
    }
  }

  /// What the model sees of LoRA factors: tests on B·A, beside those on the factors.
  private func product(beside trajectory: Trajectory, _ context: Context) throws -> ProductFindings? {
    switch trajectory.adapters {
    case nil: return nil
    case .product:
      return .followed(growth: try trajectory.adapterGrowth())
    case .factors:
      do {
        let products = try Trajectory(origin: base, checkpoints: checkpoints, adapters: .product)
        guard products.adapters == .product else { return .unscaled }
        return .beside(try fit(products, context), growth: try products.adapterGrowth())
      } catch TrajectoryError.adapter(let configuration, let reason) {
        return .refused("\(configuration): \(reason)")
      }
    }
  }
}
