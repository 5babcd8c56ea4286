import LinearStructures

/// How many directions share the energy of weight matrices, beside a random matrix of the same shape.
struct SpectraChapter: Chapter {
  static let activity = "spectra"
  static let key = "spectra"

  private struct Row {
    let name: String
    let spectrum: Spectrum
    /// The spectrum of a matrix of independent normal entries.
    let random: Spectrum

    var participation: Double { spectrum.participationRatio ?? 0 }
    var randomParticipation: Double { random.participationRatio ?? 0 }
    var share: Double { participation / (random.participationRatio ?? 1) }
  }

  private let rows: [Row]

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

  /// The rows with the smallest and the largest share of a random matrix's directions.
  private var extremes: (lowest: Row, highest: Row)? {
    guard let lowest = rows.min(by: { $0.share < $1.share }), let highest = rows.max(by: { $0.share < $1.share })
    else { return nil }
    return (lowest, highest)
  }

  var text: ChapterText {
    func line(_ which: String, _ row: Row) -> String {
      "\(which): \(shortTensorName(row.name)), \(shown(row.participation, digits: 3)) directions share the energy "
        + "(random matrix of this shape: \(shown(row.randomParticipation, digits: 3)))"
    }
    let concentrated = rows.count { $0.participation < $0.randomParticipation }
    let full = rows.count { $0.spectrum.numericalRank == min($0.spectrum.rows, $0.spectrum.columns) }
    return ChapterText(
      title: "Spectra: how many directions share the energy of a weight matrix",
      lines: extremes.map { [line("most concentrated", $0.lowest), line("least concentrated", $0.highest)] } ?? [],
      verdict:
        "\(concentrated) of \(rows.count) trained matrices are more concentrated than a random one; \(full) have "
        + "full numerical rank.",
      isChance: concentrated == 0)
  }

  var picture: Plot {
    func curve(_ spectrum: Spectrum) -> [(Double, Double)] {
      let largest = spectrum.singularValues.first ?? 1
      return spectrum.singularValues.enumerated().map { (Double($0 + 1), $1 / largest) }
    }
    guard let (low, high) = extremes else {
      return Plot(x: Axis("", 0...1), y: Axis("", 0...1), marks: [], description: "no matrices", legend: [])
    }
    func short(_ name: String) -> String {
      name.replacing("model.layers.", with: "layer ").replacing(".weight", with: "")
    }
    return Plot(
      x: Axis("index of the singular value", 0...97), y: Axis("share of the largest", 0...1.02),
      marks: [
        .line(curve(high.random), .chance, isDashed: true), .line(curve(low.spectrum), .first, isDashed: false),
        .line(curve(high.spectrum), .second, isDashed: false),
      ],
      description: "Singular values of two weight matrices and of a random one, relative to the largest",
      legend: [
        (.first, "\(short(low.name)), most concentrated"), (.second, "\(short(high.name)), least"),
        (.chance, "random matrix of the same shape"),
      ])
  }

  var json: JSON {
    .list(
      rows.map {
        .object([
          ("name", .text($0.name)), ("participation_ratio", .optional($0.spectrum.participationRatio)),
          ("random_participation_ratio", .optional($0.random.participationRatio)),
        ])
      })
  }
}
