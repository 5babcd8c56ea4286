import Nulls
import Runs
import Tensor

extension WalkTest: CustomStringConvertible {
  /// `line (drift share 0.734, turning 0.981, p 0.0039)`, and for a run too short `undecided (…; from 7 snapshots on)`.
  public var description: String {
    let figures = "drift share \(shown(driftShare)), turning \(shown(turning)), p \(shown(p))"
    let missing = verdict == .undecided ? "; from \(snapshotsNeeded) snapshots on" : ""
    return "\(verdict.rawValue) (\(figures)\(missing))"
  }
}

extension RankOneFigures: CustomStringConvertible {
  /// `energy 0.95, R² 0.99`.
  public var description: String { "energy \(shown(energy)), R² \(shown(r2))" }
}

extension TemporalFit: CustomStringConvertible {
  /// The figures beside those of walks, and one line for each component:
  ///
  ///     energy 0.95, R² 0.99 (walk on the same steps: energy 0.811, R² 0.958; with increments of the same lengths: …)
  ///     c(s) ≈ 0.0123·s + 0.00456, R² 0.99
  public var description: String {
    let nulls = "walk on the same steps: \(walk); with increments of the same lengths: \(matchedWalk)"
    return (["\(figures) (\(nulls))"] + components.map(\.description)).joined(separator: "\n")
  }
}

extension TemporalFit.Component: CustomStringConvertible {
  /// `c(s) ≈ 0.0123·s + 0.00456, R² 0.99`.
  public var description: String { "c(s) ≈ \(shown(slope))·s + \(shown(intercept)), R² \(shown(r2))" }
}

extension TrajectoryFit.TensorFit: CustomStringConvertible {
  /// `w: line (drift share 0.734, turning 0.981, p 0.0039), q 0.0078`.
  public var description: String { "\(name): \(walkTest), q \(shown(q))" }
}

extension Forecast.TensorForecast: CustomStringConvertible {
  /// `w: weights [0, -0.5, 1.5] of the displacements`, and for a tensor that did not move `w: stays as it is`.
  public var description: String {
    "\(name): " + (weights.map { "weights \(Vector($0)) of the displacements" } ?? "stays as it is")
  }
}

/// Three significant digits.
private func shown(_ value: Double?) -> String { value?.formatted(digits: 3) ?? "undefined" }
