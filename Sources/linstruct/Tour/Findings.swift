import Foundation
import LinearStructures

/// The main job on the sample: what was found, measured and forecast, each number with its null.
struct Findings {
  let spectra: SpectrumFinding
  let drift: DriftFinding
  let prefix: PrefixFinding
  let direction: DirectionFinding
  let transfer: TransferFinding
  let trajectory: TrajectoryFinding

  init(_ sample: Sample, seed: UInt64, progress: Progress) throws {
    func step(_ i: Int, _ what: String) { progress.report("tour: \(what)", i, of: 6) }
    step(0, "spectra")
    spectra = try SpectrumFinding(sample, seed: seed)
    step(1, "gradient planes")
    drift = try DriftFinding(sample)
    step(2, "prefix")
    prefix = try PrefixFinding(sample, seed: seed)
    step(3, "direction")
    direction = try DirectionFinding(sample, seed: seed)
    step(4, "transfer")
    transfer = try TransferFinding(sample, seed: seed)
    step(5, "trajectory")
    trajectory = try TrajectoryFinding(sample, seed: seed)
  }
}

/// How many directions share the energy of weight matrices, beside a random matrix of the same shape.
struct SpectrumFinding {
  struct Row {
    let name: String
    let spectrum: Spectrum
    /// Of a matrix of independent normal entries.
    let random: Spectrum
  }
  let rows: [Row]

  init(_ sample: Sample, seed: UInt64) throws {
    let model = try SafetensorsFile(sample.file("model.safetensors"))
    var generator = SeededGenerator(seed: seed)
    let names = ["mlp.down_proj", "self_attn.q_proj", "self_attn.v_proj"]
    rows = try (0..<3).flatMap { layer in names.map { "model.layers.\(layer).\($0).weight" } }.map { name in
      let w: Matrix<Float> = try model.matrix(name)
      let noise = Matrix<Float>.normal(rows: w.rows, columns: w.columns, using: &generator)
      return Row(name: name, spectrum: try w.spectrum(), random: try noise.spectrum())
    }
  }
}

/// How the leading plane of a gradient overlaps with itself later in training.
struct DriftFinding {
  static let count = 8
  let steps: [Int]
  /// overlaps[i][j], by the order of the steps.
  let overlaps: [[Score]]
  /// The share of a gradient's energy that its own plane holds, by step.
  let energies: [Double]

  /// Overlap against lag, for every pair of steps.
  var byLag: [(lag: Int, overlap: Double)] {
    steps.indices.flatMap { i in
      ((i + 1)..<max(steps.count, i + 1)).compactMap { j in
        overlaps[i][j].value.map { (lag: steps[j] - steps[i], overlap: $0) }
      }
    }
  }

  init(_ sample: Sample) throws {
    let file = try SafetensorsFile(sample.file("gradients.safetensors"))
    let named = file.tensors.compactMap { info in Int(info.name.dropFirst(5)).map { ($0, info.name) } }
      .sorted { $0.0 < $1.0 }
    steps = named.map(\.0)
    var planes: [Basis<Double>] = []
    var energies: [Double] = []
    for (_, name) in named {
      let gradient: Matrix<Double> = try file.matrix(name)
      // Left singular directions: the plane of the outputs.
      let columns = Matrix(gradient.transposed)
      let plane = try Basis(leadingDirectionsOf: columns, count: Self.count, centering: .none)
      energies.append(try plane.capture(ofRows: columns).energy.value ?? 0)
      planes.append(plane)
    }
    self.energies = energies
    overlaps = try planes.map { a in try planes.map { try a.overlap(with: $0) } }
  }
}

/// How much of a recovery its first snapshots span, beside walks with the same steps.
struct PrefixFinding {
  let count: Int
  /// Capture by the first k snapshots, k = 1 … 10.
  let captures: [PrefixCapture]
  /// The capture of what comes after the tenth.
  let future: PrefixCapture

  init(_ sample: Sample, seed: UInt64) throws {
    let file = try SafetensorsFile(sample.file("adapters-gram.safetensors"))
    let gram = TemporalGram(try file.matrix("gram"), distances: Array(try file.vector("steps", as: Double.self)))
    count = gram.count
    captures = try (1...10).map { try gram.prefixCapture($0, of: .full, seed: seed) }
    future = try gram.prefixCapture(10, of: .future, seed: seed)
  }
}

/// A direction between two classes of activations, judged on rows it was not made from.
struct DirectionFinding {
  static let training = 168
  let direction: Direction<Double>
  let norm: PermutationTest
  let evaluation: Evaluation
  let scores: (positive: [Double], negative: [Double])
  let threshold: Double
  /// A direction from half of the positive rows against the other half, on its own rows and on held-out ones.
  let nothing: (own: Double, heldOut: Double)

  init(_ sample: Sample, seed: UInt64) throws {
    let file = try SafetensorsFile(sample.file("activations.safetensors"))
    let positive: Matrix<Double> = try file.matrix("positive")
    let negative: Matrix<Double> = try file.matrix("negative")
    let (fit, test) = (0..<Self.training, Self.training...)
    let axis = try Direction.contrastiveActivationAddition(positive: positive[rows: fit], negative: negative[rows: fit])
    direction = axis
    norm = try Contrast(positive: positive[rows: fit], negative: negative[rows: fit]).normTest(by: .pairs, seed: seed)
    evaluation = try axis.evaluate(
      positive: positive[rows: test], negative: negative[rows: test], by: .pairs, seed: seed)
    scores = (
      Array(positive[rows: test] * axis.vector), Array(negative[rows: test] * axis.vector)
    )
    threshold = axis.midpoint.map { $0.dot(axis.vector) } ?? 0
    // Even against odd rows of one class: nothing to find, and yet there is a direction.
    let neutral: Matrix<Double> = try file.matrix("neutral")
    let even = neutral.rows(at: Array(stride(from: 0, to: neutral.rows, by: 2)))
    let odd = neutral.rows(at: Array(stride(from: 1, to: neutral.rows, by: 2)))
    let half = 0..<(even.rows / 2)
    let chance = try Direction.differenceInMeans(positive: even[rows: half], negative: odd[rows: half])
    nothing = (
      try chance.evaluate(positive: even[rows: half], negative: odd[rows: half]).accuracy ?? 0,
      try chance.evaluate(positive: even[rows: half.upperBound...], negative: odd[rows: half.upperBound...]).accuracy
        ?? 0
    )
  }
}

/// The same direction carried to another model by a ridge map, and compared with the native one twice: both from the same
/// sentences, and each from its own half of them, which alone gives a verdict.
struct TransferFinding {
  let lambda = 3.162_277_66
  let r2Train: Double?
  let r2HeldOut: Double?
  /// The cosine where both directions come from the same sentences: they share their noise.
  let cosine: Double
  /// The mapped direction from the even pairs of sentences against the native one from the odd pairs.
  let specificity: Specificity

  init(_ sample: Sample, seed: UInt64) throws {
    let file = try SafetensorsFile(sample.file("activations.safetensors"))
    let x: Matrix<Double> = try file.matrix("neutral")
    let y: Matrix<Double> = try file.matrix("other.neutral")
    let (fit, test) = (0..<480, 480...)
    let map = try RidgeMap(from: x[rows: fit], to: y[rows: fit], regularization: .fixed(lambda))
    r2Train = try map.r2(source: x[rows: fit], target: y[rows: fit])
    r2HeldOut = try map.r2(source: x[rows: test], target: y[rows: test])
    func rows(_ name: String, _ pairs: [Int]) throws -> Matrix<Double> {
      let all: Matrix<Double> = try file.matrix(name)
      return all.rows(at: pairs)
    }
    func direction(_ prefix: String, _ pairs: [Int]) throws -> Direction<Double> {
      try .contrastiveActivationAddition(
        positive: rows(prefix + "positive", pairs), negative: rows(prefix + "negative", pairs))
    }
    let all = Array(0..<DirectionFinding.training)
    let (even, odd) = (all.filter { $0.isMultiple(of: 2) }, all.filter { !$0.isMultiple(of: 2) })
    cosine = try map.cosine(of: direction("", all), with: direction("other.", all))
    let contrast = try Contrast(positive: rows("positive", even), negative: rows("negative", even))
    specificity = try map.specificity(
      of: contrast, against: direction("other.", odd), nativePrompts: .others, by: .pairs, seed: seed)
  }
}

/// A training run, its line in time, and a forecast from its first 30 %.
struct TrajectoryFinding {
  static let lastObserved = 90
  let tensor: String
  let steps: [Int]
  /// Over the whole run.
  let whole: TrajectoryFit.TensorFit
  let observed: Int
  /// The coefficient of every snapshot on the direction of the observed ones.
  let coefficients: [Double]
  let slope: Double
  let intercept: Double
  /// ‖forecast − truth‖/‖truth‖ at the last step, by recipe.
  let errors: [(recipe: ForecastRecipe, error: Double, skill: Double)]

  init(_ sample: Sample, seed: UInt64) throws {
    let run = try Trajectory(base: sample.file("run/step-0000.safetensors"), checkpoints: sample.file("run"))
    let (all, part) = (try run.fit(seed: seed), try run.fit(observing: Self.lastObserved, seed: seed))
    guard let tensor = all.tensors.first, let fitted = part.tensors.first, let line = fitted.fit.components.first else {
      throw CommandError.data("the embedded sample holds no run")
    }
    self.tensor = tensor.info.name
    steps = run.steps
    whole = tensor
    observed = part.observed
    coefficients = fitted.fit.coefficients(on: line, over: fitted.gram)
    (slope, intercept) = (line.slope, line.intercept)
    errors = [ForecastRecipe.relex, .shrunkDrift, .hold].compactMap { recipe in
      guard let error = part.relativeError(of: recipe, at: run.steps.count - 1), let skill = part.skill(of: recipe)
      else { return nil }
      return (recipe, error, skill)
    }
  }
}
