import Foundation

extension Double {
  /// The number with so many significant digits, as short as C's `%g` writes it.
  package func formatted(digits: Int) -> String { String(format: "%.\(digits)g", self) }
}
