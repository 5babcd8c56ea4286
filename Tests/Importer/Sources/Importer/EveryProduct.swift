import Extrapolate
import Foundation
import LinearStructures
import Nulls
import Runs
import Steering
import Subspace
import Tensor
import TensorIO

/// Uses every product as an outside tool would: public API only, one import each.
func useEveryProduct(in folder: URL) throws {
  var generator = SeededGenerator(seed: 1)

  // Tensor
  let a = Matrix<Float>.normal(rows: 40, columns: 12, using: &generator)
  let svd = try a.svd()
  check(svd.residual(of: a) < 1e-5, "svd")
  check(try a.svd(rank: 3).singularValues.count == 3, "svd(rank:)")
  check(svd.spectrum.rank(capturing: 1) == 12, "spectrum")

  // TensorIO
  let file = folder.appending(path: "a.safetensors")
  try SafetensorsFile.write([NamedTensor("a", a)], to: file)
  check(try SafetensorsFile(file).matrix("a") == a, "safetensors")
  try NumpyFile.write(a, to: folder.appending(path: "a.npy"))
  check(try NumpyFile(folder.appending(path: "a.npy")).matrix() == a, "npy")

  // Subspace
  let plane = try Basis(leadingDirectionsOf: a, count: 4, centering: .none)
  check(try plane.overlap(with: plane).value ?? 0 > 0.999, "overlap")

  // Steering
  let axis = try Direction(
    .differenceInMeans, of: Contrast(positive: a[rows: 0..<20], negative: a[rows: 20..<40]))
  check(axis.norm > 0, "direction")

  // Nulls
  check(Score(0.5, chance: 0.25).value == 0.5, "score")
  check(falseDiscoveryRates([0.01, nil])[1] == nil, "false-discovery rates")

  // Runs
  let gram = TemporalGram([[1, 2], [2, 4]], distances: [1, 2])
  check(!gram.isStill, "Gram matrix of a run")

  // Extrapolate
  check(try TemporalFit(gram).components.count == 1, "line in time")
}
