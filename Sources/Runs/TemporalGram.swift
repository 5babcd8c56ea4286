public import Tensor

/// The Gram matrix of a trajectory's displacements, δᵢ = θᵢ − θ₀ at distances sᵢ from the base in steps.
public struct TemporalGram: Sendable, Equatable, Codable {
  /// G_ij = ⟨δᵢ, δⱼ⟩, T×T.
  public let gram: Matrix<Double>
  /// s, T distances from the base, positive and ascending.
  public let distances: [Double]

  /// A Gram matrix of displacements. Traps unless it is T×T for T distances.
  public init(_ gram: Matrix<Double>, distances: [Double]) {
    require(
      gram.rows == distances.count && gram.columns == distances.count,
      "a \(gram.rows)x\(gram.columns) Gram matrix for \(distances.count) snapshots")
    self.gram = gram
    self.distances = distances
  }

  /// T, the number of snapshots.
  public var count: Int { distances.count }

  /// Whether no entry of the tensor changed over the run.
  public var isStill: Bool { gram.trace == 0 }

  /// Δ, the distances between neighbouring snapshots, the first counted from the base.
  package var spacings: [Double] { zip(distances, [0] + distances).map { $0 - $1 } }

  /// The exponent k for which the largest square on the diagonal is of the order of 4ᵏ.
  package var unitExponent: Int {
    let largest = gram.diagonal.max() ?? 0
    return largest > 0 && largest.isFinite ? Int(largest.exponent >> 1) : 0
  }

  /// The same displacements in units 2ᵏ times as large. The change is exact, so that products of entries neither
  /// overflow nor vanish, and results are the same bits in every unit.
  package func inUnits(ofPower k: Int) -> TemporalGram {
    // In two steps, because 2⁻²ᵏ may lie outside of what float64 holds where 2⁻ᵏ does not.
    let factor = Double(sign: .plus, exponent: -k, significand: 1)
    return TemporalGram(gram.scaled(by: factor).scaled(by: factor), distances: distances)
  }

  /// The trajectory in units of its own length.
  package var normalized: TemporalGram { inUnits(ofPower: unitExponent) }

  /// The Gram matrix of all tensors together: the sum of theirs.
  public static func total(_ grams: [TemporalGram]) -> TemporalGram? {
    guard let first = grams.first else { return nil }
    let sum = grams.dropFirst().reduce(first.gram) { $0 + $1.gram }
    return TemporalGram(sum, distances: first.distances)
  }

  /// The trajectory up to its k-th snapshot. Traps outside 0 … T.
  public func prefix(_ k: Int) -> TemporalGram {
    TemporalGram(gram[rows: 0..<k][columns: 0..<k].compacted(), distances: Array(distances[0..<k]))
  }

  /// U = D G Dᵀ, the Gram matrix of the increments δᵢ − δᵢ₋₁, the first counted from the base.
  public var increments: Matrix<Double> {
    Matrix(rows: count, columns: count) { i, j in
      gram[i, j] - (i > 0 ? gram[i - 1, j] : 0) - (j > 0 ? gram[i, j - 1] : 0)
        + (i > 0 && j > 0 ? gram[i - 1, j - 1] : 0)
    }
  }

  /// The Gram matrix of displacements whose increments have this one: C U Cᵀ, cumulated both ways.
  package static func cumulated(_ increments: Matrix<Double>) -> Matrix<Double> {
    var sums = increments
    for i in 0..<sums.rows {
      for j in 0..<sums.columns {
        sums[i, j] +=
          (i > 0 ? sums[i - 1, j] : 0) + (j > 0 ? sums[i, j - 1] : 0) - (i > 0 && j > 0 ? sums[i - 1, j - 1] : 0)
      }
    }
    return sums
  }

  /// ‖Σ wᵢδᵢ − δ_k‖², the squared error of a forecast Σ wᵢδᵢ from the first snapshots, by the Gram matrix alone.
  ///
  /// - Parameters:
  ///   - weights: at most T, for the first snapshots.
  ///   - k: the snapshot that is forecast, counted from 0.
  public func squaredError(ofForecast weights: [Double], at k: Int) -> Double {
    var (square, cross) = (0.0, 0.0)
    for (i, a) in weights.enumerated() {
      cross += a * gram[i, k]
      for (j, b) in weights.enumerated() { square += a * b * gram[i, j] }
    }
    return max(0, square - 2 * cross + gram[k, k])
  }
}
