import Nulls
public import Runs
public import Tensor

/// How much of a displacement the plane of a trajectory's first snapshots captures, beside what walks give.
public struct PrefixCapture: Sendable, Equatable, Codable {
  /// ‖Qᵀd‖²/‖d‖² for Q the span of the first k displacements; `nil` for a displacement of length zero.
  public let energy: Double?
  /// What a walk with increments of these lengths captures on average: Σ_{i≤k}‖uᵢ‖²/Σ‖uᵢ‖², 0 for the future.
  public let matchedWalk: Double
  /// Mean under random signs of the increments: every statistic of a walk with symmetric steps.
  public let signFlipMean: Double
  /// The 95 % quantile under random signs.
  public let signFlip95: Double
  /// (1 + #{flipped ≥ observed})/(1 + R).
  public let p: Double?

  /// Whether it is above what a walk with these steps reaches in 95 of 100 cases.
  public var exceedsWalk: Bool { energy.map { $0 > signFlip95 } ?? false }
}

extension PrefixCapture: CustomStringConvertible {
  /// `0.51 (walk with these steps 0.54: no more than a walk)`.
  public var description: String {
    let shown = energy?.formatted(digits: 3) ?? "undefined"
    let walk = matchedWalk.formatted(digits: 3)
    return "\(shown) (walk with these steps \(walk): \(exceedsWalk ? "more" : "no more") than a walk)"
  }
}

/// Which displacement a prefix is to capture.
public enum CaptureTarget: Sendable {
  /// δ_T, from the base to the last snapshot: it contains the prefix, so part of it is captured by construction.
  case full
  /// δ_T − δ_k, from the end of the prefix on.
  case future
}

extension TemporalGram {
  /// The capture of a displacement by the plane of the first k snapshots.
  ///
  /// Computed from the Gram matrix: ‖Qᵀd‖² = gᵀG_k⁺g with g the products of d with the first k displacements. Null by
  /// sign flips of the increments (of the later ones for the future), which hold their lengths fixed.
  ///
  /// - Parameters:
  ///   - k: 1 … T − 1.
  ///   - target: the whole displacement or the future one.
  ///   - seed: of the signs.
  ///   - count: R, the number of sign flips, at least one.
  /// - Throws: `LinearAlgebraError.invalidArgument` for k outside or no sign flips; what the eigenvalues throw.
  /// - Complexity: O(R(T² + k³)).
  public func prefixCapture(
    _ k: Int, of target: CaptureTarget, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999
  ) throws(LinearAlgebraError) -> PrefixCapture {
    guard k >= 1, k < self.count else {
      throw .invalidArgument("a prefix of \(k) of \(self.count) snapshots; from 1 to \(self.count - 1) are possible")
    }
    guard count >= 1 else { throw .invalidArgument("\(count) sign flips are no null; ask for at least one") }
    let unit = normalized
    let u = unit.increments
    var generator = SeededGenerator(seed: seed)
    var flipped: [Double] = []
    for _ in 0..<count {
      let signs = (0..<self.count).map { i in
        // For the future the prefix stays as it is.
        (target == .full || i >= k) && generator.next() >> 63 == 1 ? -1.0 : 1.0
      }
      let exchanged = Matrix<Double>(rows: self.count, columns: self.count) { i, j in signs[i] * signs[j] * u[i, j] }
      flipped.append(try Self.captured(Self.cumulated(exchanged), k, target) ?? 0)
    }
    flipped.sort()
    let energy = try Self.captured(unit.gram, k, target)
    let lengths = u.diagonal
    let matched = lengths.prefix(k).reduce(0, +) / max(lengths.reduce(0, +), .leastNonzeroMagnitude)
    return PrefixCapture(
      energy: energy, matchedWalk: target == .full ? matched : 0,
      signFlipMean: flipped.reduce(0, +) / Double(count), signFlip95: flipped[Int(0.95 * Double(count - 1))],
      p: energy.map { value in Double(1 + flipped.count { $0 >= value }) / Double(1 + count) })
  }

  private static func captured(
    _ gram: Matrix<Double>, _ k: Int, _ target: CaptureTarget
  ) throws(LinearAlgebraError) -> Double? {
    let last = gram.rows - 1
    let origin: Double = target == .full ? 0 : 1
    let square =
      gram[last, last] - origin * (2 * gram[k - 1, last] - gram[k - 1, k - 1])
    guard square > 0 else { return nil }
    // Displacements of unit length: a direction counts however short the displacement is that shows it.
    let lengths = (0..<k).map { gram[$0, $0].squareRoot() }
    let eigen = try Matrix(rows: k, columns: k) { i, j in
      lengths[i] > 0 && lengths[j] > 0 ? gram[i, j] / lengths[i] / lengths[j] : 0
    }.symmetricEigen()
    let products = Vector<Double>(
      (0..<k).map { lengths[$0] > 0 ? (gram[$0, last] - origin * gram[$0, k - 1]) / lengths[$0] : 0 } as [Double])
    let coordinates = eigen.vectorsTransposed * products
    // Directions below the rounding of the Gram matrix, which holds squares, carry no energy.
    let rounding = 8 * Double.ulpOfOne * Double(k) * eigen.values[0]
    let energy = (0..<k).reduce(0.0) { sum, i in
      eigen.values[i] > rounding ? sum + coordinates[i] * coordinates[i] / eigen.values[i] : sum
    }
    return min(1, energy / square)
  }
}
