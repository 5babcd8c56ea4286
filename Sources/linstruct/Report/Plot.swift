import Foundation

/// A plot as inline SVG: axes with ticks and labels, and marks in the colours of the page.
struct Plot {
  /// The colours of the page, by what they mean.
  enum Ink: String {
    case first
    case second
    case third
    /// What chance gives: grey everywhere.
    case chance
  }

  enum Mark {
    case line([(Double, Double)], Ink, isDashed: Bool)
    case dots([(Double, Double)], Ink, isFilled: Bool)
    /// Bars from zero, each over a range of x.
    case bars([(ClosedRange<Double>, Double)], Ink)
    case horizontal(Double, Ink)
    case vertical(Double, Ink)
    /// A mean with an interval, at a height.
    case interval(y: Double, mean: Double, ClosedRange<Double>, Ink)
  }

  let x: Axis
  let y: Axis
  let marks: [Mark]
  /// The picture in words, for a reader who cannot see it.
  let description: String
  /// The entries of the legend: a colour and what it stands for.
  let legend: [(Ink, String)]
  /// The width to the left of the picture, for the names of the y ticks.
  var leftMargin = 60.0

  private static let (width, height) = (480.0, 300.0)
  private var horizontal: ClosedRange<Double> { leftMargin...(Self.width - 14) }
  private let vertical = 12.0...252.0

  init(x: Axis, y: Axis, marks: [Mark], description: String, legend: [(Ink, String)], leftMargin: Double = 60) {
    (self.x, self.y, self.marks, self.description, self.legend) = (x, y, marks, description, legend)
    self.leftMargin = leftMargin
  }

  /// Bars that show how many values lie in each of `count` equal parts of a range.
  static func histogram(
    of values: [Double], over range: ClosedRange<Double>, count: Int = 28
  ) -> [(ClosedRange<Double>, Double)] {
    let width = (range.upperBound - range.lowerBound) / Double(count)
    return (0..<count).map { i in
      let low = range.lowerBound + Double(i) * width
      return (low...(low + width), Double(values.count { $0 >= low && $0 < low + width }))
    }
  }

  /// The figure: the picture and its legend.
  var html: String {
    let items = legend.map { "<span><i class=\"\($0.0.rawValue)\"></i>\(escaped($0.1))</span>" }
    return """
      <figure>
      <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" aria-label="\(escaped(description))">
      \(grid)
      \(marks.map(svg).joined(separator: "\n"))
      </svg>
      <figcaption class="legend">\(items.joined())</figcaption>
      </figure>
      """
  }

  private func px(_ value: Double) -> String { number(x.pixel(value, horizontal)) }
  private func py(_ value: Double) -> String { number(y.pixel(value, vertical, isFlipped: true)) }

  private var grid: String {
    let (left, right) = (number(horizontal.lowerBound), number(horizontal.upperBound))
    let bottom = number(vertical.upperBound)
    let axis = "<line class=\"axis\" x1=\"\(left)\" x2=\"\(right)\" y1=\"\(bottom)\" y2=\"\(bottom)\"/>"
    return (ticks + [axis] + labels).joined(separator: "\n")
  }

  /// The lines of the grid, and the numbers or names at the axes.
  private var ticks: [String] {
    let (left, right) = (number(horizontal.lowerBound), number(horizontal.upperBound))
    var parts: [String] = []
    for tick in y.ticks {
      parts.append(
        "<line class=\"grid\" x1=\"\(left)\" x2=\"\(right)\" y1=\"\(py(tick.value))\" y2=\"\(py(tick.value))\"/>")
      parts.append(
        "<text class=\"tick\" text-anchor=\"end\" x=\"\(number(horizontal.lowerBound - 7))\" y=\"\(py(tick.value))\" "
          + "dy=\"0.33em\">\(escaped(tick.text))</text>")
    }
    for tick in x.ticks {
      parts.append(
        "<text class=\"tick\" text-anchor=\"middle\" x=\"\(px(tick.value))\" y=\"\(number(vertical.upperBound + 17))\">"
          + "\(escaped(tick.text))</text>")
    }
    return parts
  }

  /// What stands beside the axes.
  private var labels: [String] {
    let middle = (horizontal.lowerBound + horizontal.upperBound) / 2
    var parts = [
      "<text class=\"label\" text-anchor=\"middle\" x=\"\(number(middle))\" y=\"\(number(Self.height - 8))\">"
        + "\(escaped(x.label))</text>"
    ]
    let center = (vertical.lowerBound + vertical.upperBound) / 2
    if !y.label.isEmpty {
      parts.append(
        "<text class=\"label\" text-anchor=\"middle\" transform=\"translate(13 \(number(center))) rotate(-90)\">"
          + "\(escaped(y.label))</text>")
    }
    return parts
  }

  private func svg(_ mark: Mark) -> String {
    switch mark {
    case .line(let points, let ink, let isDashed):
      let path = points.map { "\(px($0.0)),\(py($0.1))" }.joined(separator: " ")
      return "<polyline class=\"line \(ink.rawValue)\(isDashed ? " dashed" : "")\" points=\"\(path)\"/>"
    case .dots(let points, let ink, let isFilled):
      return points.map {
        "<circle class=\"\(isFilled ? "dot" : "ring") \(ink.rawValue)\" cx=\"\(px($0.0))\" cy=\"\(py($0.1))\" "
          + "r=\"3.6\"/>"
      }
      .joined()
    case .bars(let bars, let ink):
      return bars.filter { $0.1 > 0 }.map { range, height in
        let (left, right) = (x.pixel(range.lowerBound, horizontal), x.pixel(range.upperBound, horizontal))
        let top = y.pixel(height, vertical, isFlipped: true)
        return "<rect class=\"bar \(ink.rawValue)\" x=\"\(number(left + 0.5))\" y=\"\(number(top))\" "
          + "width=\"\(number(right - left - 1))\" height=\"\(number(vertical.upperBound - top))\"/>"
      }
      .joined()
    case .horizontal(let value, let ink):
      return svg(.line([(x.range.lowerBound, value), (x.range.upperBound, value)], ink, isDashed: true))
    case .vertical(let value, let ink):
      return svg(.line([(value, y.range.lowerBound), (value, y.range.upperBound)], ink, isDashed: false))
    case .interval(let height, let mean, let range, let ink):
      return svg(.line([(range.lowerBound, height), (range.upperBound, height)], ink, isDashed: false))
        + svg(.dots([(mean, height)], ink, isFilled: true))
    }
  }

  private func number(_ value: Double) -> String { String(format: "%.1f", value) }
}

/// Text as it must stand in a page.
func escaped(_ text: String) -> String {
  text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    .replacing("\"", with: "&quot;")
}
