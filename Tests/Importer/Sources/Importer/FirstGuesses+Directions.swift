import LinearStructures

/// Directions between two classes, and a map to another space.
func tryFirstGuessesOfDirections() throws {
  let rows = Matrix<Double>.normal(rows: 40, columns: 8, seed: 1)
  let contrast = try Contrast(positive: rows[rows: 0..<20] + 1, negative: rows[rows: 20..<40])
  let axis = try Direction(.differenceInMeans, of: contrast)
  show(axis, contrast)
  let unit = axis.normalized()
  check(abs(unit.norm - 1) < 1e-12, "unit length")
  let score = try axis.evaluate(on: contrast, exchanging: .pairs)
  show(score, score.accuracy ?? 0)
  let cleaned = axis.projectedOut(from: rows)
  let one = axis.projectedOut(from: rows.row(0))
  check(abs(cleaned.row(0).dot(axis.vector)) < 1e-10 && abs(one.dot(axis.vector)) < 1e-10, "projected out")
  let plane = try Basis(spanning: Matrix(rows[rows: 0..<2].transposed))
  check(plane.projectedOut(from: rows).shape == rows.shape, "a plane projected out")
  var steered = rows
  axis.add(to: &steered, scale: 2)
  axis.projectOut(from: &steered)
  show(try contrast.normTest(exchanging: .rows))
  let map = try RidgeMap(from: rows, to: rows[columns: 0..<5], regularization: .fixed(1))
  show(map, try map.map(axis))
}
