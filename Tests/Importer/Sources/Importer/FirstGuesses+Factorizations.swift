import LinearStructures

/// Decompositions and planes.
func tryFirstGuessesOfFactorizations() throws {
  let a = Matrix<Double>.normal(rows: 30, columns: 12, seed: 1)
  let svd = try a.svd()
  check(svd.v.shape == (12, 12), "v")
  check(svd.truncated(to: 3).singularValues.count == 3, "truncated")
  check(svd.reconstructed().isApproximatelyEqual(to: a, tolerance: 1e-12), "reconstructed")
  show(svd)
  let low = LowRankProduct(svd)
  check(low.scaled(by: 2).matrix().isApproximatelyEqual(to: 2 * a, tolerance: 1e-11), "low rank")
  show(try low.spectrum().participationRatio ?? 0)
  show(try a.svd(rank: 3), svd.spectrum)
  let qr = try a.qr()
  check((qr.q * qr.r).isApproximatelyEqual(to: a, tolerance: 1e-12), "qr")
  let g = a.gram(.columns)
  show(try g.cholesky(), try g.symmetricEigen().values)
  show(try a.leastSquares(Matrix(column: a.column(0))), qr)

  let plane = try Basis(spanning: a[columns: 0..<3])
  let random = try Basis<Double>.random(dimension: 30, count: 3, seed: 1)
  show(plane, try plane.overlap(with: random))
  show(try plane.capture(of: a.column(0)), try plane.principalAngles(to: random))
}
