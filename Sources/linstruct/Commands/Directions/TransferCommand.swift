import Foundation
import LinearStructures
import Tensor

struct TransferCommand: Command {
  static let name = "transfer"
  static let summary = "a ridge map between two activation spaces, and whether a direction survives it"
  static let usage = """
    --source X --target Y --lambda L [--holdout 0.2] [--direction V] [--target-direction U [--held-out]] \
    [--source-positive P --source-negative N [--paired]] --output FILE.safetensors
    """
  static let details = """
    Row i of X and Y is the same prompt. Minimizes ‖Y−XW−1bᵀ‖²+λ‖W‖² on all but the last round(h·n) rows; R² of the
    held-out rows is about the mean of the training rows. The cosine is that of Vᵀ mapped with U. Controls go through
    the same map: isotropic directions (context only), directions with the covariance of the rows, and, with class
    rows, exchanged labels refitted. Only the last two decide: a direction is specific where it beats both at 0.05.
    That holds only if U was made from other prompts than P and N, which --held-out asserts: from the same prompts
    both directions share their noise, and the map carries it across. Without --held-out there is no verdict.
    """

  struct Options: MatrixOptions {
    let source = Option(required: "source", "X", .text, "source rows, n×ds")
    let target = Option(required: "target", "Y", .text, "target rows, n×dt")
    let lambda = Option(
      "lambda", "L", .number(in: 0..., planned: ["loo", "gcv", "kfold"]), "strength of the regularization, from 0 on")
    let holdout = Option(
      "holdout", "H", .number(in: 0...1), default: 0.2, "share of rows held out at the end (default 0.2)")
    let direction = Option("direction", "V", .text, "source direction to map")
    let targetDirection = Option("target-direction", "U", .text, "native direction to compare with")
    let sourcePositive = Option("source-positive", "P", .text, "source rows of one class, for the controls")
    let sourceNegative = Option("source-negative", "N", .text, "source rows of the other class")
    let paired = Option("paired", "row i of P and N is a pair: exchange labels within pairs")
    let heldOut = Option("held-out", "the target direction was made from other prompts than P and N")
    let output = Option(
      required: "output", "FILE", .output(endings: ["safetensors"]),
      "write weights, intercept and mapped_direction to FILE.safetensors")
    let integers = Option<Bool>.integers
  }

  private let source: String
  private let target: String
  private let lambda: Double
  private let holdout: Double
  private let direction: String?
  private let native: String?
  private let classes: (positive: String, negative: String)?
  private let exchange: Exchangeability
  private let nativePrompts: NativePrompts
  private let output: OutputFile

  init(_ arguments: Arguments<Options>) throws {
    source = try arguments.source
    target = try arguments.target
    guard let lambda = try arguments.lambda else {
      throw CommandError.usage("option --lambda is missing; choosing it (loo, gcv, kfold) is not built yet")
    }
    self.lambda = lambda
    holdout = try arguments.holdout
    direction = try arguments.direction
    native = try arguments.targetDirection
    switch (try arguments.sourcePositive, try arguments.sourceNegative) {
    case (let positive?, let negative?): classes = (positive, negative)
    case (nil, nil): classes = nil
    default: throw CommandError.usage("--source-positive and --source-negative belong together")
    }
    output = try OutputFile(
      arguments.output, isNot: [source, target, direction, native, classes?.positive, classes?.negative])
    let (isPaired, isHeldOut) = (try arguments.paired, try arguments.heldOut)
    if isPaired, classes == nil {
      throw CommandError.usage("--paired belongs to --source-positive and --source-negative")
    }
    if isHeldOut, native == nil {
      throw CommandError.usage("--held-out belongs to --target-direction")
    }
    exchange = isPaired ? .pairs : .rows
    nativePrompts = isHeldOut ? .others : .same
  }

  func run(_ context: Context) throws -> Report {
    let file = try output.open()
    let (sourceRows, targetRows) = (
      try MatrixArgument(source, integers: context.integers), try MatrixArgument(target, integers: context.integers)
    )
    let (x, y) = (sourceRows.inDouble, targetRows.inDouble)
    guard x.rows == y.rows else {
      throw CommandError.data("\(source) has \(x.rows) rows, \(target) \(y.rows); row i must be the same prompt")
    }
    let held = Int((holdout * Double(x.rows)).rounded())
    let train = 0..<(x.rows - held)
    guard train.count >= 2 else {
      throw CommandError.data("\(source): \(train.count) of \(x.rows) rows are left to fit; lower --holdout")
    }
    let map = try naming("\(source), \(target)") {
      try RidgeMap(
        from: x[rows: train], to: y[rows: train], regularization: .fixed(lambda),
        tolerance: rankTolerance(
          rows: train.count, columns: x.columns,
          epsilon: sourceRows.isSingle ? Double(Float.ulpOfOne) : Double.ulpOfOne))
    }
    let r2Train = try map.r2(source: x[rows: train], target: y[rows: train])
    let r2Holdout =
      held > 0 ? try map.r2(source: x[rows: train.upperBound...], target: y[rows: train.upperBound...]) : nil

    let contrast = try classes.map { names in
      try naming("\(names.positive), \(names.negative)") {
        try Contrast(
          positive: MatrixArgument(names.positive, integers: context.integers).inDouble,
          negative: MatrixArgument(names.negative, integers: context.integers).inDouble)
      }
    }
    let classNames = classes.map { "\($0.positive), \($0.negative)" }
    let axis =
      try direction.map(DirectionFile.read)
      ?? contrast.map { rows in
        try naming(classNames ?? "") { try Direction(.differenceInMeans, of: rows) }
      }
    let mapped = try naming("\(direction ?? classNames ?? ""), \(source)") { try axis.map { try map.map($0) } }
    let names = [direction, classNames, native, source, target].compactMap(\.self).joined(separator: ", ")
    let comparison = try naming(names) { try compare(map, axis, contrast, rows: x[rows: train], context) }
    try write(map, mapped, into: file, asSingle: sourceRows.isSingle && targetRows.isSingle)
    return report(r2Train, r2Holdout, held, comparison, context)
  }

  private struct Comparison {
    var cosine: Double?
    var controls: [ControlFamily] = []
    var verdict: Specificity.Verdict?
  }

  private func compare(
    _ map: RidgeMap<Double>, _ axis: Direction<Double>?, _ contrast: Contrast<Double>?, rows: Matrix<Double>,
    _ context: Context
  ) throws -> Comparison {
    guard let axis, let native else { return Comparison() }
    let other = try DirectionFile.read(native)
    // A direction that is zero, or vanishes through the map, has no cosine: undefined is null.
    do { _ = try map.cosine(of: axis, with: other) } catch SteeringError.noDirection { return Comparison() }
    if let contrast {
      let found = try map.specificity(
        of: contrast, direction: axis, against: other, nativePrompts: nativePrompts, exchanging: exchange,
        seed: context.seed, progress: context.exchanges)
      return Comparison(cosine: found.cosine, controls: found.controls, verdict: found.verdict)
    }
    return Comparison(
      cosine: try map.cosine(of: axis, with: other),
      controls: try map.controlFamilies(
        of: axis, against: other, rows: rows, seed: context.seed, progress: context.exchanges))
  }

  private func write(
    _ map: RidgeMap<Double>, _ mapped: Direction<Double>?, into file: AtomicFile, asSingle: Bool
  ) throws {
    if asSingle {
      try map.converted(to: Float.self).write(into: file, mappedDirection: mapped?.converted())
    } else {
      try map.write(into: file, mappedDirection: mapped)
    }
  }

  private func report(
    _ train: Double?, _ holdout: Double?, _ held: Int, _ found: Comparison, _ context: Context
  ) -> Report {
    let controls = found.controls.map { family in
      JSON.object([
        ("name", .text(family.name.key)), ("p", .optional(family.p)), ("mean", .optional(family.chance)),
        ("sd", .optional(family.chanceDeviation)),
      ])
    }
    let lines = found.controls.map { "  \($0.words)" }
    return Report(
      members: [
        ("lambda", .optional(lambda)),
        ("r2_train", .optional(train)),
        ("r2_holdout", .optional(holdout)),
        ("cosine", .optional(found.cosine)),
        ("controls", found.controls.isEmpty ? .null : .list(controls)),
        ("verdict", found.verdict.map { .text($0.rawValue) } ?? .null),
        ("null", context.null(resamples: found.controls.isEmpty ? nil : 999)),
      ],
      text: """
        map: \(output.url.relativePath), λ \(shown(lambda))
        R²: \(shown(train)) on the training rows, \(shown(holdout)) on \(held) held-out rows (the mean predicts 0)
        cosine of the mapped with the native direction: \(shown(found.cosine))
        """ + (lines.isEmpty ? "" : "\ncontrols through the map:\n" + lines.joined(separator: "\n"))
          + (found.controls.isEmpty ? "" : "\nverdict: \(found.verdict?.rawValue ?? reasonOfNoVerdict)"))
  }

  private var reasonOfNoVerdict: String {
    classes == nil
      ? "none, since only class rows give exchanged labels (--source-positive, --source-negative)"
      : "none, since a native direction from the prompts of the class rows shares their noise (--held-out asserts that "
        + "it comes from others)"
  }
}

extension ControlFamily {
  /// The family in words: its name, its mean cosine with the deviation, and the p-value against it.
  var words: String {
    "\(name.rawValue): \(shown(chance, digits: 2)) ± \(shown(chanceDeviation, digits: 2)), p \(shown(p, digits: 2))"
  }
}

extension ControlFamily.Name {
  /// The key in JSON.
  var key: String {
    switch self {
    case .isotropicThroughMap: "isotropic"
    case .covarianceThroughMap: "covariance"
    case .permutedLabelsThroughMap: "permuted_labels"
    }
  }
}
