import Runs
import Tensor

extension TrajectoryFit {
  /// Skill over the hidden snapshots: 1 − Σ‖forecast − δ‖²/Σ‖δ_m − δ‖², all tensors together.
  ///
  /// 0 is "keep the last observed snapshot", the null of a forecast; negative is worse. `nil` where no snapshot is
  /// hidden or nothing moved after the observed ones.
  public func skill(of recipe: ForecastRecipe) -> Double? {
    var (error, kept) = (0.0, 0.0)
    let parts = partsInUnitsOfTotal
    for k in observed..<grams.count {
      for (i, gram) in parts.enumerated() {
        error += gram.squaredError(ofForecast: weights(ofTensor: i, at: grams.steps[k], by: recipe), at: k)
        kept += gram.squaredError(ofForecast: weights(ofTensor: i, at: grams.steps[k], by: .hold), at: k)
      }
    }
    return kept > 0 ? 1 - error / kept : nil
  }

  /// ‖forecast − δ‖/‖δ‖ for a snapshot, all tensors together; `nil` where δ is zero.
  ///
  /// - Parameters:
  ///   - recipe: how the run is continued.
  ///   - k: which snapshot, counted from 0. Traps outside.
  public func relativeError(of recipe: ForecastRecipe, at k: Int) -> Double? {
    let step = grams.steps[k]
    let error = partsInUnitsOfTotal.enumerated().reduce(0) { sum, part in
      sum + part.element.squaredError(ofForecast: weights(ofTensor: part.offset, at: step, by: recipe), at: k)
    }
    let square = grams.total.normalized.gram[k, k]
    return square > 0 ? (error / square).squareRoot() : nil
  }

  /// The Gram matrices of the tensors in the unit of length of all together, so that their sums neither overflow nor
  /// vanish.
  private var partsInUnitsOfTotal: [TemporalGram] {
    let exponent = grams.total.unitExponent
    return grams.tensors.map { $0.gram.inUnits(ofPower: exponent) }
  }
}
