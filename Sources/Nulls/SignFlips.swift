package import Tensor

/// Patterns of signs for the null "each term is symmetric about 0", under which flipped signs leave the law of every
/// statistic unchanged.
///
/// Patterns come in blocks of rows, so that a statistic of many patterns is a product of matrices. The generator is
/// asked in the order of the patterns, so the size of a block changes nothing.
package struct SignFlips: Sendable {
  private enum Source {
    /// Every pattern once, up to the sign of the whole.
    case all
    /// Random patterns up to the sign of the whole, 64 signs from each word of the generator.
    case words
    /// Random signs for the terms from this one on, one word of the generator for each; the terms before keep theirs.
    case terms(from: Int)
  }

  /// n, the number of terms.
  package let terms: Int
  /// R, the number of patterns.
  package let count: Int
  /// Whether every pattern comes once, the identity among them; else the patterns are a random sample.
  package let isComplete: Bool
  private let source: Source
  private var generator: SeededGenerator
  private var drawn = 0

  /// The most patterns in a block.
  private static let blockLimit = 1024

  /// Patterns for a statistic that is the same for a pattern and its negative: the first term keeps its sign.
  ///
  /// - Parameters:
  ///   - terms: n, at least one.
  ///   - count: R. For up to twelve terms all 2ⁿ⁻¹ patterns are listed instead, unless `isSampled`.
  ///   - isSampled: draw patterns however few terms there are, because the observed value is none of the listed ones.
  ///   - seed: the seed of the signs.
  package init(upToSignOf terms: Int, count: Int, isSampled: Bool, seed: UInt64) {
    require(terms >= 1, "signs of \(terms) terms")
    isComplete = terms <= 12 && !isSampled
    source = isComplete ? .all : .words
    self.count = isComplete ? 1 << (terms - 1) : count
    self.terms = terms
    generator = SeededGenerator(seed: seed)
  }

  /// Random patterns that flip only the terms from `first` on.
  ///
  /// - Parameters:
  ///   - terms: n.
  ///   - first: the terms before this one keep their signs.
  ///   - count: R.
  ///   - seed: the seed of the signs.
  package init(ofTerms terms: Int, from first: Int, count: Int, seed: UInt64) {
    isComplete = false
    source = .terms(from: first)
    (self.terms, self.count) = (terms, count)
    generator = SeededGenerator(seed: seed)
  }

  /// The next patterns, one in each row, of entries 1 and −1; `nil` after the last one.
  package mutating func next() -> Matrix<Double>? {
    let size = min(Self.blockLimit, count - drawn)
    guard size > 0 else { return nil }
    let signs = Matrix<Double>(rows: size, columns: terms) { entries in
      guard var row = entries.baseAddress else { return }
      for pattern in drawn..<drawn + size {
        fill(row, pattern)
        row += terms
      }
    }
    drawn += size
    return signs
  }

  private mutating func fill(_ row: UnsafeMutablePointer<Double>, _ pattern: Int) {
    switch source {
    case .all: Self.write(UInt64(pattern) << 1, to: row, terms)
    case .words:
      for start in stride(from: 0, to: terms, by: 64) {
        Self.write(generator.next(), to: row + start, min(64, terms - start))
      }
      row[0] = 1
    case .terms(let first):
      for i in 0..<min(first, terms) { row[i] = 1 }
      for i in min(first, terms)..<terms { row[i] = generator.next() >> 63 == 1 ? -1 : 1 }
    }
  }

  /// Writes −1 for each bit that is set, lowest bit first, and 1 for the others.
  private static func write(_ word: UInt64, to signs: UnsafeMutablePointer<Double>, _ count: Int) {
    var (rest, i) = (word, 0)
    while i < count {
      signs[i] = rest & 1 == 1 ? -1 : 1
      rest >>= 1
      i += 1
    }
  }
}

extension SignFlips {
  /// The values of a statistic under all patterns.
  ///
  /// - Parameter statistic: one value for each row of a block of patterns.
  package consuming func values(of statistic: (Matrix<Double>) -> Vector<Double>) -> [Double] {
    var values: [Double] = []
    while let signs = next() { values += Array(statistic(signs)) }
    return values
  }
}
