// Uses every product as an outside tool would: public API only, one import each.

import Extrapolate
import Foundation
import LinearStructures
import Steering
import Subspace
import Tensor
import TensorIO

func check(_ condition: Bool, _ what: String) {
  guard condition else { fatalError("importer: \(what)") }
}

var generator = SeededGenerator(seed: 1)

// Tensor
let a = Matrix<Float>.normal(rows: 40, columns: 12, using: &generator)
let svd = try a.svd()
check(svd.residual(of: a) < 1e-5, "svd")
check(try a.svd(rank: 3).singularValues.count == 3, "svd(rank:)")
check(svd.spectrum.rank(capturing: 1) == 12, "spectrum")

// TensorIO
let folder = FileManager.default.temporaryDirectory.appending(path: "importer-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: folder) }
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

print("importer: every product works from outside")
