public import Tensor

/// The Gram matrix of a trajectory's displacements, δᵢ = θᵢ − θ₀ at distances sᵢ from the base in steps.
///
/// ```swift
/// let line = TemporalGram([[1, 2], [2, 4]], distances: [10, 20])  // two snapshots on a line
/// print(line.increments)  // the Gram matrix of the two steps: [[1, 1], [1, 1]]
/// ```
public struct TemporalGram: Sendable, Equatable {
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

  /// Whether nothing changed over the run.
  public var isStill: Bool { gram.trace == 0 }

  /// Δ, the distances between neighbouring snapshots, the first counted from the base.
  package var spacings: [Double] { zip(distances, [0] + distances).map { $0 - $1 } }

  /// The exponent k for which the largest square on the diagonal is of the order of 4ᵏ.
  package var unitExponent: Int {
    let largest = gram.diagonal.max() ?? 0
    return largest > 0 && largest.isFinite ? Int(largest.exponent >> 1) : 0
  }

  /// The same displacements in units of 2ᵏ.
  ///
  /// The change is exact. In units of its own length a trajectory has products of entries that neither overflow nor
  /// vanish, and its results have the same bits whatever unit the files use.
  package func inUnits(ofPower k: Int) -> TemporalGram {
    // Scale twice by 2⁻ᵏ, because 2⁻²ᵏ may lie outside of what float64 holds where 2⁻ᵏ does not.
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

extension TemporalGram: CustomStringConvertible {
  /// `3 snapshots, 10.0 to 30.0 steps from the base, 1.5 away from it at the end`.
  public var description: String {
    guard let first = distances.first, let last = distances.last else { return "no snapshot" }
    let end = gram[count - 1, count - 1].squareRoot()
    return "\(count) snapshots, \(first) to \(last) steps from the base, \(end) away from it at the end"
  }
}

extension TemporalGram: Codable {
  private enum CodingKeys: CodingKey {
    case gram
    case distances
  }

  /// Reads what ``encode(to:)`` wrote; a matrix that is not T×T for T ascending positive distances is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let gram = try container.decode(Matrix<Double>.self, forKey: .gram)
    let distances = try container.decode([Double].self, forKey: .distances)
    guard gram.rows == distances.count, gram.columns == distances.count,
      zip([0] + distances, distances).allSatisfy({ $0 < $1 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .distances, in: container,
        debugDescription: "a \(gram.rows)x\(gram.columns) Gram matrix for distances \(distances)")
    }
    self.init(gram, distances: distances)
  }

  /// Writes `gram` and `distances`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(gram, forKey: .gram)
    try container.encode(distances, forKey: .distances)
  }
}
