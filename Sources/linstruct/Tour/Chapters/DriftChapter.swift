import LinearStructures

/// How the leading plane of a gradient overlaps with itself later in training.
struct DriftChapter: Chapter {
  static let activity = "gradient planes"
  static let key = "drift"

  /// The dimension of the planes.
  private static let dimension = 8

  private let steps: [Int]
  /// overlaps[i][j], by the order of the steps.
  private let overlaps: [[Score]]
  /// The share of a gradient's energy that its own plane holds, by step.
  private let energies: [Double]

  init(_ sample: Sample, seed: UInt64) throws {
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
      let plane = try Basis(leadingDirectionsOf: columns, count: Self.dimension, centering: .none)
      energies.append(try plane.capture(ofRows: columns).energy.value ?? 0)
      planes.append(plane)
    }
    self.energies = energies
    overlaps = try planes.map { a in try planes.map { try a.overlap(with: $0) } }
  }

  private var chance: Double { overlaps[0][0].chance }

  /// The overlap of each pair of steps against the steps between them.
  private var overlapsByLag: [(lag: Int, overlap: Double)] {
    steps.indices.flatMap { i in
      steps.indices[(i + 1)...].compactMap { j in
        overlaps[i][j].value.map { (lag: steps[j] - steps[i], overlap: $0) }
      }
    }
  }

  var text: ChapterText {
    let first = overlaps[0]
    let series = zip(steps, first).dropFirst().map { "\(shown($1.value, digits: 3)) at step \($0)" }
    let last = first.last?.value ?? 0
    let early = 1 - (first.dropFirst().first?.value ?? 1)
    return ChapterText(
      title: "Gradient planes: does the plane of the task gradient stay?",
      lines: [
        "its leading \(Self.dimension) directions hold \(shown(energies.min(), digits: 3)) or more of each "
          + "gradient's energy",
        "overlap with the plane at step \(steps[0]): \(series.joined(separator: ", "))",
        "two random planes: \(shown(chance, digits: 3)) (isotropic chance; \(first[0].null.caution))",
      ],
      verdict: "The planes share far more than isotropic chance (\(shown(last, digits: 2)) against "
        + "\(shown(chance, digits: 2))); \(shown(100 * early / max(1 - last, 1e-9), digits: 2)) % of the change "
        + "comes in the first \(steps[1]) steps. One gradient a step gives no split-half reference, so how much of "
        + "it is sampling noise stays open: no drift verdict.")
  }

  var picture: Plot {
    let points = overlapsByLag.map { (Double($0.lag), $0.overlap) }
    return Plot(
      x: Axis("lag in optimizer steps", 0...210), y: Axis("overlap of the planes", 0...1),
      marks: [.horizontal(chance, .chance), .dots(points, .first, isFilled: true)],
      description: "Overlap of leading gradient planes against the steps between them",
      legend: [(.first, "two steps of the run"), (.chance, "two random planes")])
  }

  var json: JSON {
    .object([
      ("steps", .integers(steps)), ("energy", .numbers(energies)),
      ("overlap", .list(overlaps.map { .numbers($0.compactMap(\.value)) })), ("chance", .optional(chance)),
    ])
  }
}
