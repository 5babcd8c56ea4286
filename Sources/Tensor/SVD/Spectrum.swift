import Foundation

/// Measures of a list of singular values: energies, ranks and condition.
///
/// Everything is computed in float64 from σᵢ/σ₁, so nothing overflows. What is 0/0 — a matrix of zeros or without
/// entries — is `nil`, never NaN.
///
/// ```swift
/// let spectrum = try a.spectrum()
/// print(spectrum.participationRatio ?? 0, spectrum.rank(capturing: 0.99))
/// ```
public struct Spectrum: Sendable, Equatable, Codable {
  /// The singular values, descending.
  public let singularValues: [Double]
  /// The number of rows of the matrix.
  public let rows: Int
  /// The number of columns of the matrix.
  public let columns: Int
  /// The distance ε from 1 to the next number of the type that the entries were stored in, which sets
  /// ``numericalRank``.
  public let epsilon: Double
  /// The distance from 1 to the next number of the type that the values were computed in.
  private let computedEpsilon: Double

  /// The spectrum of an m×n matrix from its singular values, in any order.
  ///
  /// - Parameters:
  ///   - singularValues: all of them, or the leading ones.
  ///   - rows: m.
  ///   - columns: n.
  ///   - epsilon: ε of the type that the entries were stored in, where that was narrower than `Element`; by default
  ///     that of `Element`, below which no value of ε is taken.
  public init<Element: MatrixScalar>(
    _ singularValues: Vector<Element>, rows: Int, columns: Int, epsilon: Double? = nil
  ) {
    self.singularValues = singularValues.map(Double.init).sorted(by: >)
    self.rows = rows
    self.columns = columns
    computedEpsilon = Double(Element.ulpOfOne)
    self.epsilon = max(epsilon ?? 0, computedEpsilon)
  }

  /// σᵢ/σ₁; `nil` where σ₁ is zero or there is none.
  private var relative: [Double]? {
    guard let largest = singularValues.first, largest > 0 else { return nil }
    return singularValues.map { $0 / largest }
  }

  /// The share of each direction in the energy, σᵢ²/Σσⱼ², descending; `nil` for a zero matrix.
  public var energies: [Double]? {
    guard let relative else { return nil }
    let total = relative.reduce(0) { $0 + $1 * $1 }
    return relative.map { $0 * $0 / total }
  }

  /// The share of the first i + 1 directions, Σ_{j≤i} σⱼ²/Σσ²; `nil` for a zero matrix.
  public var cumulativeEnergy: [Double]? {
    energies.map { shares in
      var sum = 0.0
      return shares.map {
        sum += $0
        return min(sum, 1)
      }
    }
  }

  /// The smallest k whose first k directions hold at least `share` of the energy; 0 for a zero matrix.
  ///
  /// - Parameter share: 0 … 1. Traps outside. 1 asks for every direction with energy.
  public func rank(capturing share: Double) -> Int {
    require(share >= 0 && share <= 1, "a share of energy lies in 0...1, not \(share)")
    guard share > 0, let shares = energies else { return 0 }
    // The tail is what is left out: summed from the small end it keeps its digits.
    var tail = 0.0
    for k in shares.indices.reversed() {
      tail += shares[k]
      if tail > 1 - share { return k + 1 }
    }
    return 0
  }

  /// Participation ratio (Σσ²)²/Σσ⁴, between 1 and the rank: how many directions share the energy.
  public var participationRatio: Double? { energies.map { 1 / $0.reduce(0) { $0 + $1 * $1 } } }

  /// Stable rank Σσ²/σ₁² = ‖A‖_F²/‖A‖₂², between 1 and the rank.
  public var stableRank: Double? { relative.map { $0.reduce(0) { $0 + $1 * $1 } } }

  /// Entropy rank exp(−Σ pᵢ ln pᵢ), between 1 and the rank, with p from `weights`; 0 ln 0 = 0.
  public func entropyRank(_ weights: EntropyWeights) -> Double? {
    let shares: [Double]? =
      switch weights {
      case .energy: energies
      case .singularValues: relative.map { values in values.map { $0 / values.reduce(0, +) } }
      }
    return shares.map { exp(-$0.reduce(0) { $1 > 0 ? $0 + $1 * log($1) : $0 }) }
  }

  /// Numerical rank: the number of σᵢ that are more than rounding; 0 for a zero matrix.
  ///
  /// Rounding the stored entries moves the matrix by at most ε/2·‖A‖_F, so a value counts above ε·‖A‖_F, which for n
  /// columns of unit length is ε·√n whatever their length; and above what the arithmetic leaves, ε·√min(m, n)·σ₁ with ε
  /// of `Element`, for `Double` ε·(8√min(m, n) + √max(m, n)/4)·σ₁.
  public var numericalRank: Int {
    guard let relative else { return 0 }
    let size = relative.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let threshold = max(epsilon * size, rankTolerance(rows: rows, columns: columns, epsilon: computedEpsilon))
    return relative.count { $0 > threshold }
  }

  /// Condition number σ₁/σ_p; infinite where the smallest is zero, `nil` for a zero matrix.
  public var conditionNumber: Double? {
    guard let relative, let smallest = relative.last else { return nil }
    return 1 / smallest
  }
}

/// What the shares of an entropy rank are made of.
///
/// ```swift
/// let effectiveRank = try a.spectrum().entropyRank(.singularValues)
/// ```
public enum EntropyWeights: Sendable, CaseIterable {
  /// pᵢ = σᵢ²/Σσ², shares of energy.
  case energy
  /// pᵢ = σᵢ/Σσ, the effective rank of Roy and Vetterli (2007).
  case singularValues
}
