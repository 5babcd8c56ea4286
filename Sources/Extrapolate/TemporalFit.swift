public import Runs
public import Tensor

/// A line in time through the leading temporal directions of one tensor's trajectory.
///
/// With M the T×P displacements and M = UΣVᵀ, the coefficients on direction k are c_k = Σ_k u_k; each is fitted by a
/// line in the true step. V is never formed: the forecast ĉ_k v_k is a weighted sum of displacements.
///
/// ```swift
/// let fit = try TemporalFit(run.grams().total)
/// print(fit.figures, fit.components.first?.slope ?? 0)
/// ```
/// - SeeAlso: the RELEX recipe, arXiv 2605.21468.
public struct TemporalFit: Sendable, Equatable, Codable {
  /// One temporal direction and its line c(s) ≈ slope·s + intercept, where s is the distance from the base in steps.
  ///
  /// ```swift
  /// for component in try TemporalFit(run.grams().total, rank: 2).components { print(component) }
  /// ```
  public struct Component: Sendable, Equatable, Codable {
    /// u, a unit vector of T entries, with the sign for which the slope is not negative.
    public let direction: Vector<Double>
    /// σ, the singular value of M for this direction; the coefficients are σu.
    public let singularValue: Double
    /// The change of the coefficient per step.
    public let slope: Double
    /// The coefficient at the base.
    public let intercept: Double
    /// R² of the line; `nil` below three snapshots.
    public let r2: Double?

    /// The coefficient on the line, slope·s + intercept.
    ///
    /// - Parameter distance: s, counted from the base in steps; before the base it is negative.
    public func coefficient(at distance: Double) -> Double { slope * distance + intercept }
  }

  /// The leading components, by descending energy; none where nothing moved.
  public let components: [Component]
  /// The figures of the trajectory.
  public let figures: RankOneFigures
  /// The figures of a random walk on the same steps.
  public let walk: RankOneFigures
  /// The figures of a random walk with increments of the same lengths.
  public let matchedWalk: RankOneFigures

  /// Fits the leading components of a trajectory.
  ///
  /// - Parameters:
  ///   - gram: the Gram matrix of at least two displacements.
  ///   - rank: how many components; those below 1e-7·σ₁, the rounding of a Gram matrix, are left out.
  /// - Throws: `LinearAlgebraError.invalidArgument` for a rank below 1 or above T; what the computation of the
  ///   eigenvalues throws.
  /// - Complexity: O(T³).
  public init(_ gram: TemporalGram, rank: Int = 1) throws(LinearAlgebraError) {
    guard gram.count >= 2 else { throw .invalidArgument("a line needs two snapshots, there are \(gram.count)") }
    guard rank >= 1, rank <= gram.count else {
      throw .invalidArgument("rank \(rank) is outside 1...\(gram.count), the number of snapshots")
    }
    figures = try gram.figures()
    walk = try gram.walkFigures()
    matchedWalk = try gram.matchedWalkFigures()
    // In units of the trajectory's own length, so that squares of coefficients neither overflow nor vanish.
    let exponent = gram.unitExponent
    let unit = Double(sign: .plus, exponent: exponent, significand: 1)
    let eigen = try gram.inUnits(ofPower: exponent).gram.symmetricEigen()
    var components: [Component] = []
    for k in 0..<rank where eigen.values[k] > 1e-14 * eigen.values[0] {
      let sigma = eigen.values[k].squareRoot()
      let u = eigen.vectorsTransposed.row(k)
      let line = LineFit(u.map { $0 * sigma }, at: gram.distances)
      let sign: Double = line.slope < 0 ? -1 : 1
      components.append(
        Component(
          direction: u.scaled(by: sign), singularValue: sigma * unit, slope: sign * line.slope * unit,
          intercept: sign * line.intercept * unit, r2: line.r2))
    }
    self.components = components
  }

  /// The coefficient of every snapshot on a component, hidden ones included: ⟨δ_k, v⟩ = uᵀG_·k/σ.
  ///
  /// - Parameters:
  ///   - component: one of ``components``.
  ///   - gram: the Gram matrix of the whole run, whose first snapshots were fitted.
  public func coefficients(on component: Component, over gram: TemporalGram) -> [Double] {
    (0..<gram.count).map { k in
      component.direction.indices.reduce(0) { $0 + component.direction[$1] * gram.gram[$1, k] }
        / component.singularValue
    }
  }

  /// The weights wᵢ of the forecast Σ wᵢδᵢ at a distance from the base in steps.
  func weights(at distance: Double, count: Int) -> [Double] {
    components.reduce(into: [Double](repeating: 0, count: count)) { weights, component in
      let coefficient = component.coefficient(at: distance)
      for i in 0..<count { weights[i] += coefficient * component.direction[i] / component.singularValue }
    }
  }
}
