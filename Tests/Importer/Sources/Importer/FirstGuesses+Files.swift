import Foundation
import LinearStructures

/// Files by path and by URL, written and read again.
func tryFirstGuessesOfFiles(in folder: URL) throws {
  let path = folder.path
  let a = Matrix<Float>.normal(rows: 4, columns: 3, seed: 1)
  try a.write(to: path + "/a.npy")
  try a.write(to: folder.appending(path: "b.npy"))
  try a.row(0).write(to: path + "/v.npy")
  check(try NumpyFile(path + "/a.npy").matrix() == a, "npy by path")
  let source = try TensorFiles.open(path + "/a.npy")
  for tensor in source { show(tensor.name, tensor.shape, tensor.type) }

  try SafetensorsFile.write(
    [
      NamedTensor("w", a), NamedTensor("bias", Vector<Double>([1, 2, 3])),
      NamedTensor("cube", a.flattened, shape: [2, 2, 3]),
    ],
    to: path + "/model.safetensors")
  let model = try Checkpoint(path + "/model.safetensors")
  let w: Matrix<Float> = try model.matrix("w")
  check(w == a, "checkpoint by path")
  show(model)
  for tensor in model { show(tensor) }
  let all: [String: Matrix<Float>] = try model.matrices()
  check(all["w"] == a, "dictionary")
  let bias: Vector<Double> = try model.vector("bias")
  check(bias.count == 3, "vector")

  let svd = try a.svd()
  try svd.write(to: path + "/svd.safetensors")
  check(try SVD<Float>(contentsOf: path + "/svd.safetensors") == svd, "svd saved")
  let plane = try Basis(spanning: a)
  try plane.write(to: path + "/plane.safetensors")
  check(try Basis<Float>(contentsOf: path + "/plane.safetensors") == plane, "basis saved")
  let contrast = try Contrast(positive: a, negative: a + 1)
  let axis = try Direction(.differenceInMeans, of: contrast)
  try axis.write(to: path + "/axis.safetensors")
  check(try Direction<Float>(contentsOf: path + "/axis.safetensors") == axis, "direction saved")
  let map = try RidgeMap(from: a, to: a, regularization: .fixed(1))
  try map.write(to: path + "/map.safetensors")
  check(try RidgeMap<Float>(contentsOf: path + "/map.safetensors").weights == map.weights, "map saved")
}
