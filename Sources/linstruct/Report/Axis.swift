import Foundation

/// A linear axis: a range of values, mapped to a range of pixels, with ticks at round numbers.
struct Axis {
  let label: String
  let range: ClosedRange<Double>
  /// Named ticks in place of numbers.
  var names: [(Double, String)] = []

  init(_ label: String, _ range: ClosedRange<Double>) {
    self.label = label
    self.range = range
  }

  /// The axis that shows all `values`, a little wider than they are.
  init(_ label: String, showing values: [Double]) {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let margin = high > low ? 0.04 * (high - low) : 1
    self.init(label, (low - margin)...(high + margin))
  }

  func pixel(_ value: Double, _ pixels: ClosedRange<Double>, isFlipped: Bool = false) -> Double {
    let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    let width = pixels.upperBound - pixels.lowerBound
    return isFlipped ? pixels.upperBound - share * width : pixels.lowerBound + share * width
  }

  /// About five ticks at multiples of 1, 2 or 5 times a power of ten.
  var ticks: [(value: Double, text: String)] {
    if !names.isEmpty { return names.map { (value: $0.0, text: $0.1) } }
    let rough = (range.upperBound - range.lowerBound) / 5
    let power = pow(10, floor(log10(rough)))
    let step = power * ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10)
    let digits = max(0, Int(-floor(log10(step))))
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    guard first <= last else { return [] }
    return stride(from: first, through: last, by: 1).map { i in
      // Adding zero keeps "-0" away.
      (value: i * step, text: String(format: "%.\(digits)f", i * step + 0))
    }
  }
}
