// The example of README.md, word for word; ReadmeTests compares the two and runs it.

import Foundation
import LinearStructures

/// Weights: how many directions share the energy of a matrix.
func spectrum(of url: URL) throws {
  let model = try SafetensorsFile(url)  // opened and checked, not loaded
  let w: Matrix<Float> = try model.matrix("model.layers.1.self_attn.v_proj.weight")
  let svd = try w.svd()  // thin; svd.u, svd.singularValues, svd.vTransposed, svd.method
  print(svd.spectrum.participationRatio ?? 0, svd.spectrum.rank(capturing: 0.99))  // 31.4 directions of 96; 72
  let top = try w.svd(rank: 2)  // the leading triplets, certified, without the others
  print(top.singularValues, top.residual, top.method)
}

/// Gradients, in rows: whether their leading plane stays.
func planes(_ gradientsAt0: Matrix<Double>, _ gradientsAt100: Matrix<Double>) throws {
  let before = try Basis(leadingDirectionsOf: gradientsAt0, count: 8, centering: .none)
  let after = try Basis(leadingDirectionsOf: gradientsAt100, count: 8, centering: .none)
  print(try before.overlap(with: after))
  // 0.569 (isotropic chance 0.083 ± 0.013; activations and gradients need the matched null)
}

/// Activations: a direction between two classes, judged on rows it was not made from. Row i of both sides is a pair.
func direction(of found: Contrast<Double>, heldOut: Contrast<Double>) throws {
  let axis = try Direction(.contrastiveActivationAddition, of: found)
  let score = try axis.evaluate(on: heldOut, exchanging: .pairs)
  print(score.accuracy ?? 0, score.permutation?.p ?? 1)  // 0.993 where chance is 0.5; p 0.001
  let without = axis.projectedOut(from: heldOut.positive)
  print(without * axis.vector)  // zeros, up to rounding
}

/// The same direction in another model. Row i of source and target is the same prompt; the native direction comes from
/// other prompts than the contrast, else both share their noise and there is no verdict.
func transfer(
  _ source: Matrix<Double>, _ target: Matrix<Double>, of contrast: Contrast<Double>, against native: Direction<Double>
) throws {
  let map = try RidgeMap(from: source, to: target, regularization: .fixed(3))
  let found = try map.specificity(of: contrast, against: native, nativePrompts: .others, exchanging: .pairs, seed: 1)
  print(found.verdict?.rawValue ?? "no verdict")  // not specific
}

/// A training run: whether it is more than a walk, and where it will be.
func forecast(base: URL, checkpoints: URL, output: URL) throws {
  let run = try Trajectory(base: base, checkpoints: checkpoints)
  let grams = try run.grams()  // the one pass over the files
  print(try grams.prefix(10).capture(of: .full))  // 0.847 (walk with these steps 0.38: more than a walk)
  let fit = try grams.fit(rank: 1, observing: 90)  // later snapshots are hidden and judge the forecast
  print(fit.verdict, fit.skill(of: .shrunkDrift) ?? 0)  // line, 0.577: keeping the last snapshot has 0
  try fit.forecast(step: 500, recipe: .shrunkDrift).write(to: output, from: run)
}
