import LinearStructures

/// A chapter of the tour: what was asked, what came out, what chance gives, in plain words.
struct Chapter {
  let title: String
  let lines: [String]
  let verdict: String
  /// Whether the answer is "no more than chance".
  var isChance = false
}

extension Findings {
  /// The chapters, in the order of the tour.
  var chapters: [Chapter] {
    [spectrumChapter, driftChapter, prefixChapter, directionChapter, transferChapter, trajectoryChapter]
  }

  private var spectrumChapter: Chapter {
    let ratios = spectra.rows.map {
      ($0.name, $0.spectrum.participationRatio ?? 0, $0.random.participationRatio ?? 0)
    }
    let lowest = ratios.min { $0.1 / $0.2 < $1.1 / $1.2 } ?? ("", 0, 1)
    let highest = ratios.max { $0.1 / $0.2 < $1.1 / $1.2 } ?? ("", 0, 1)
    func line(_ which: String, _ row: (String, Double, Double)) -> String {
      "\(which): \(shortName(row.0)), \(shown(row.1, digits: 3)) directions share the energy "
        + "(random matrix of this shape: \(shown(row.2, digits: 3)))"
    }
    let concentrated = ratios.count { $0.1 < $0.2 }
    let full = spectra.rows.count { $0.spectrum.numericalRank == min($0.spectrum.rows, $0.spectrum.columns) }
    return Chapter(
      title: "Spectra: how many directions share the energy of a weight matrix",
      lines: [line("most concentrated", lowest), line("least concentrated", highest)],
      verdict:
        "\(concentrated) of \(ratios.count) trained matrices are more concentrated than a random one; \(full) have "
        + "full numerical rank.",
      isChance: concentrated == 0)
  }

  private var driftChapter: Chapter {
    let first = drift.overlaps[0]
    let series = zip(drift.steps, first).dropFirst().map { "\(shown($1.value, digits: 3)) at step \($0)" }
    let last = first.last?.value ?? 0
    let early = 1 - (first.dropFirst().first?.value ?? 1)
    return Chapter(
      title: "Gradient planes: does the plane of the task gradient stay?",
      lines: [
        "its leading \(DriftFinding.count) directions hold \(shown(drift.energies.min(), digits: 3)) or more of each "
          + "gradient's energy",
        "overlap with the plane at step \(drift.steps[0]): \(series.joined(separator: ", "))",
        "two random planes: \(shown(first[0].chance, digits: 3)) (isotropic chance; \(first[0].null.caution))",
      ],
      verdict: "The planes share far more than isotropic chance (\(shown(last, digits: 2)) against "
        + "\(shown(first[0].chance, digits: 2))); \(shown(100 * early / max(1 - last, 1e-9), digits: 2)) % of the change "
        + "comes in the first \(drift.steps[1]) steps. One gradient a step gives no split-half reference, so how much of "
        + "it is sampling noise stays open: no drift verdict.")
  }

  private var prefixChapter: Chapter {
    let ten = prefix.captures[9]
    return Chapter(
      title: "A prefix: do the first steps of a recovery fix its direction?",
      lines: [
        "the first 10 of \(prefix.count) snapshots span \(shown(ten.energy, digits: 3)) of the final displacement's "
          + "energy",
        "a random walk with steps of these lengths: \(shown(ten.matchedWalk, digits: 3)) on average; random signs of "
          + "the increments: \(shown(ten.signFlipMean, digits: 3)), 95 % below \(shown(ten.signFlip95, digits: 3)), "
          + "p \(shown(ten.p, digits: 2))",
        "of what comes after the prefix it spans \(shown(prefix.future.energy, digits: 3)) (random signs: "
          + "\(shown(prefix.future.signFlipMean, digits: 3)), 95 % below \(shown(prefix.future.signFlip95, digits: 3)))",
      ],
      verdict: ten.exceedsWalk
        ? "The prefix captures more than a walk with these steps."
        : "No more than chance: a walk with these steps does as well.",
      isChance: !ten.exceedsWalk)
  }

  private var directionChapter: Chapter {
    let found = direction.evaluation
    let isReal = (found.permutation?.p ?? 1) <= 0.05
    return Chapter(
      title: "A direction: positive against negative sentences, layer 4",
      lines: [
        "length \(shown(direction.direction.norm, digits: 3)) (labels exchanged within pairs: "
          + "\(shown(direction.norm.chance, digits: 2)) ± \(shown(direction.norm.chanceDeviation, digits: 2)), "
          + "p \(shown(direction.norm.p, digits: 2)))",
        "on \(direction.scores.positive.count) held-out pairs with unseen words: accuracy "
          + "\(shown(found.accuracy, digits: 3)), AUROC \(shown(found.auroc, digits: 4)), pooled d "
          + "\(shown(found.pooledD, digits: 3)) (chance 0.5, 0.5, 0; p \(shown(found.permutation?.p, digits: 2)))",
        "for comparison, a direction between two random halves of neutral sentences \"separates\" its own rows with "
          + "accuracy \(shown(direction.nothing.own, digits: 3)), and held-out rows with "
          + "\(shown(direction.nothing.heldOut, digits: 3))",
      ],
      verdict: isReal
        ? "The direction is real: it separates sentences it has never seen."
        : "No more than chance on sentences it has not seen.",
      isChance: !isReal)
  }

  private var transferChapter: Chapter {
    let found = transfer.specificity
    let controls = found.controls.map {
      "\($0.name.rawValue): \(shown($0.mean, digits: 2)) ± \(shown($0.deviation, digits: 2)), p \(shown($0.p, digits: 2))"
    }
    return Chapter(
      title: "A transfer: is it the same direction in another model?",
      lines: [
        "a ridge map from 480 neutral sentences predicts \(shown(transfer.r2HeldOut, digits: 3)) of the other model's "
          + "variance on 120 held-out ones (training \(shown(transfer.r2Train, digits: 3)), the mean predicts 0)",
        "cosine of the mapped with the native direction: \(shown(transfer.cosine, digits: 2)), both from the same sentences, "
          + "so that they share their noise and have no verdict",
        "from other sentences each: \(shown(found.cosine, digits: 2)); controls through the same map: "
          + controls.joined(separator: "; "),
      ],
      verdict: found.verdict == .specific
        ? "The direction carries over, beyond what permuted labels give."
        : "No more than chance: the map carries the space over, but not this direction.",
      isChance: found.verdict != .specific)
  }

  private var trajectoryChapter: Chapter {
    let fit = whole.fit
    let test = whole.walkTest
    let errors = trajectory.errors.map {
      "\($0.recipe.rawValue) \(shown($0.error, digits: 3)) (skill \(shown($0.skill, digits: 2)))"
    }
    let line = trajectory.errors.first { $0.recipe == .relex }
    let shrunk = trajectory.errors.first { $0.recipe == .shrunkDrift }
    let best = (shrunk?.error ?? 1) < (line?.error ?? 0) ? ", and the shrunk one is better still" : ""
    return Chapter(
      title: "A trajectory: 300 steps of reinforcement learning, \(shortName(trajectory.tensor))",
      lines: [
        "one direction holds \(shown(fit.figures.energy, digits: 3)) of the energy (walk on the same steps "
          + "\(shown(fit.walk.energy, digits: 3)), with increments of these lengths "
          + "\(shown(fit.matchedWalk.energy, digits: 3))); R² of its line in time \(shown(fit.figures.r2, digits: 3)) "
          + "(\(shown(fit.walk.r2, digits: 3)), \(shown(fit.matchedWalk.r2, digits: 3)))",
        "drift share \(shown(test.driftShare, digits: 3)) (walk 0, line 1; p \(shown(test.p, digits: 2))), turning "
          + "\(shown(test.turning, digits: 3)): \(test.verdict.rawValue)",
        "forecast of step \(trajectory.steps.last ?? 0) from the first \(TrajectoryFinding.lastObserved) steps, "
          + "relative error: \(errors.joined(separator: ", "))",
      ],
      verdict: [.line, .curve, .weakDrift].contains(test.verdict)
        ? "The run is more than a walk (\(test.verdict.rawValue)); the line's forecast is "
          + ((line?.skill ?? 0) > 0 ? "better" : "worse") + " than keeping the last checkpoint\(best)."
        : "No more than chance: \(test.verdict.rawValue).",
      isChance: ![.line, .curve, .weakDrift].contains(test.verdict))
  }

  private var whole: TrajectoryFit.TensorFit { trajectory.whole }

  /// A tensor name without what all share.
  private func shortName(_ name: String) -> String {
    name.replacing("model.", with: "").replacing(".weight", with: "")
  }
}
