import Foundation
import LinearStructures

/// The tour as one self-contained page: text, inline pictures, no scripts, nothing loaded from elsewhere.
struct TourPage {
  private let findings: Findings

  init(_ findings: Findings) { self.findings = findings }

  var html: String {
    let plots = [spectra, drift, prefix, direction, transfer, trajectory]
    let sections = zip(findings.chapters, plots).enumerated().map { i, part in
      let (chapter, plot) = part
      let lines = chapter.lines.map { "<li>\(escaped(sentence($0)))</li>" }.joined(separator: "\n")
      return """
        <section>
        <h2><b>\(i + 1)</b> \(escaped(chapter.title))</h2>
        <div class="row">
        \(plot.html)
        <div>
        <ul>
        \(lines)
        </ul>
        <p class="verdict\(chapter.isChance ? " chance" : "")">\(escaped(chapter.verdict))</p>
        </div>
        </div>
        </section>
        """
    }
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Linear structures, each with its null</title>
      <style>
      \(PageStyle.css)
      </style>
      </head>
      <body>
      <header>
      <h1>Linear structures, each with its null</h1>
      <p>Directions, planes and lines found in the weights, gradients and activations of small models that were really
      trained. Every number stands beside what chance alone would have given; in the pictures chance is grey. The data come
      with the program, and the same program writes the same page.</p>
      </header>
      \(sections.joined(separator: "\n"))
      <footer>linstruct \(version) tour</footer>
      </body>
      </html>

      """
  }

  private func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  // MARK: Pictures

  private var spectra: Plot {
    let rows = findings.spectra.rows
    func share(_ row: SpectrumFinding.Row) -> Double {
      (row.spectrum.participationRatio ?? 0) / (row.random.participationRatio ?? 1)
    }
    func curve(_ spectrum: Spectrum) -> [(Double, Double)] {
      let largest = spectrum.singularValues.first ?? 1
      return spectrum.singularValues.enumerated().map { (Double($0 + 1), $1 / largest) }
    }
    guard let low = rows.min(by: { share($0) < share($1) }), let high = rows.max(by: { share($0) < share($1) }) else {
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

  private var drift: Plot {
    let points = findings.drift.byLag.map { (Double($0.lag), $0.overlap) }
    return Plot(
      x: Axis("lag in optimizer steps", 0...210), y: Axis("overlap of the planes", 0...1),
      marks: [.horizontal(findings.drift.overlaps[0][0].chance, .chance), .dots(points, .first, isFilled: true)],
      description: "Overlap of leading gradient planes against the steps between them",
      legend: [(.first, "two steps of the run"), (.chance, "two random planes")])
  }

  private var prefix: Plot {
    func curve(_ value: (PrefixCapture) -> Double?) -> [(Double, Double)] {
      findings.prefix.captures.enumerated().compactMap { i, capture in value(capture).map { (Double(i + 1), $0) } }
    }
    return Plot(
      x: Axis("snapshots in the prefix", 0.6...10.4), y: Axis("captured share of energy", 0...0.85),
      marks: [
        .line(curve(\.signFlip95), .chance, isDashed: true), .line(curve(\.matchedWalk), .chance, isDashed: false),
        .line(curve(\.energy), .first, isDashed: false), .dots(curve(\.energy), .first, isFilled: true),
      ],
      description: "Energy of the final displacement captured by the first snapshots, beside random walks",
      legend: [
        (.first, "the run"), (.chance, "walk with the same step lengths: mean (solid), 95 % of sign flips (dashed)"),
      ])
  }

  private var direction: Plot {
    let scores = findings.direction.scores
    let all = scores.positive + scores.negative
    let axis = Axis("score x·v", showing: all)
    let width = (axis.range.upperBound - axis.range.lowerBound) / 28
    func histogram(_ values: [Double]) -> [(ClosedRange<Double>, Double)] {
      (0..<28).map { i in
        let low = axis.range.lowerBound + Double(i) * width
        return (low...(low + width), Double(values.count { $0 >= low && $0 < low + width }))
      }
    }
    let (positive, negative) = (histogram(scores.positive), histogram(scores.negative))
    let tallest = (positive + negative).map(\.1).max() ?? 1
    return Plot(
      x: axis, y: Axis("held-out sentences", 0...(tallest * 1.08)),
      marks: [.bars(negative, .second), .bars(positive, .first), .vertical(findings.direction.threshold, .chance)],
      description: "Scores of held-out positive and negative sentences on the direction",
      legend: [(.first, "positive"), (.second, "negative"), (.chance, "midpoint of the training rows")])
  }

  private var transfer: Plot {
    let found = findings.transfer.specificity
    var axis = Axis("", 0.3...(Double(found.controls.count) + 0.7))
    axis.names = found.controls.enumerated().map { i, family in
      (Double(found.controls.count - i), family.name.rawValue.replacing(" through the map", with: ""))
    }
    let intervals = found.controls.enumerated().map { i, family in
      Plot.Mark.interval(
        y: Double(found.controls.count - i), mean: family.mean,
        (family.mean - 2 * family.deviation)...(family.mean + 2 * family.deviation), .chance)
    }
    return Plot(
      x: Axis("cosine with the native direction", -0.8...0.8), y: axis,
      marks: intervals + [.vertical(found.cosine, .first)],
      description: "Cosine of the mapped with the native direction, beside controls through the same map",
      legend: [
        (.first, "the mapped direction, other sentences"), (.chance, "controls through the same map, mean ± 2 sd"),
      ],
      leftMargin: 116)
  }

  private var trajectory: Plot {
    let run = findings.trajectory
    let points = zip(run.steps, run.coefficients).map { (Double($0), $1) }
    let (seen, hidden) = (Array(points[..<run.observed]), Array(points[run.observed...]))
    let last = Double(TrajectoryFinding.lastObserved)
    let end = Double(run.steps.last ?? 0)
    func line(_ step: Double) -> (Double, Double) { (step, run.slope * step + run.intercept) }
    let kept = seen.last?.1 ?? 0
    return Plot(
      x: Axis("training step", 0...(end * 1.02)),
      y: Axis("coefficient on the direction", showing: points.map(\.1) + [0, line(end).1]),
      marks: [
        .line([(last, kept), (end, kept)], .chance, isDashed: true),
        .line([line(0), line(last)], .second, isDashed: false),
        .line([line(last), line(end)], .second, isDashed: true), .dots(hidden, .first, isFilled: false),
        .dots(seen, .first, isFilled: true),
      ],
      description: "Coefficient of the run on its first direction against the training step, with the line's forecast",
      legend: [
        (.first, "checkpoints: observed (filled), hidden (hollow)"), (.second, "fitted line and its forecast (dashed)"),
        (.chance, "keep the last observed"),
      ])
  }
}
