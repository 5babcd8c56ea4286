import LinearStructures

/// Matrices and vectors as a newcomer writes them.
func tryFirstGuessesOfMatrices() throws {
  let m: Matrix<Double> = [[1, 2, 3], [4, 5, 6], [7, 8, 10]]
  let v: Vector<Double> = [1, 2, 3]
  show(m)
  show(v)
  check(m.shape == (3, 3), "shape")
  check(m.rows == 3 && m.columns == 3 && m.count == 9, "counts")
  check(m[1, 2] == 6, "entry")
  let block = m[0..<2, 1..<3]
  check(block == [[2, 3], [5, 6]], "block")
  check(m[1..., ..<2].shape == (2, 2), "open ranges")
  check(m[0...1, 0...1] == [[1, 2], [4, 5]], "closed ranges")
  check(m[rows: 0..<2].rows == 2 && m[columns: 1...].columns == 2, "rows and columns")
  var n = m
  n[0, 0] = 9
  n[0..<2, 0..<2] = [[0, 0], [0, 0]]
  n[rows: 2..<3] = [[1, 1, 1]]
  n[columns: 0..<1] = Matrix(column: v)
  n.setRow(0, to: v)
  n += 1
  n -= 1
  n *= 2
  n /= 2
  n += m
  n -= m
  check([[Double]](m)[1] == [4, 5, 6], "nested array")
  check(Array(m) == [1, 2, 3, 4, 5, 6, 7, 8, 10], "flat array")
  check(Array(v) == [1, 2, 3], "array of a vector")
  check(Matrix<Float>(m)[2, 2] == 10, "conversion")
  check(Vector<Float>(v)[2] == 3, "conversion of a vector")
  let t = m.transposed
  let x = Matrix(t)
  check(x[0, 2] == 7, "transpose")
  check((m * v)[0] == 14, "matrix times vector")
  check((m * m)[0, 0] == 30, "matrix times matrix")
  check((t * m).shape == (3, 3), "transpose times matrix")
  check((m * 2)[0, 0] == 2 && (2 * m)[0, 0] == 2 && (m / 2)[0, 0] == 0.5, "scalars")
  check((m - v)[1, 0] == 3, "a row from every row")
  check((m + v)[1, 0] == 5, "a row to every row")
  check((m + 1)[0, 0] == 2 && (m - 1)[0, 0] == 0, "a scalar to every entry")
  check((-m)[0, 0] == -1, "negation")
  check(m.sum == 46 && m.mean == 46.0 / 9, "sum and mean")
  check(m.sum(over: .rows).count == 3 && m.sum(over: .columns).count == 3, "sum over an axis")
  check(m.mean(over: .columns).count == 3, "mean over an axis")
  check(m.minimum == 1 && m.maximum == 10, "extremes")
  check(m.minimum(over: .columns).count == 3 && m.maximum(over: .rows).count == 3, "extremes over an axis")
  check(m.row(1) == [4, 5, 6] && m.column(1) == [2, 5, 8], "row and column")
  check(m.diagonal == [1, 5, 10], "diagonal")
  check(m.trace == 16, "trace")
  check(m.scaled(.rows, by: v)[2, 0] == 21, "rows scaled")
  check(m.scaled(.columns, by: v)[0, 2] == 9, "columns scaled")
  for row in m.rowVectors { check(row.count == 3, "rows in turn") }
  check(m.map { $0 * $0 }[0, 1] == 4, "map")
  check(Matrix<Double>.identity(3)[1, 1] == 1, "identity")
  check(Matrix<Double>.zeros(rows: 2, columns: 3).shape == (2, 3), "zeros")
  check(Matrix<Float>.normal(rows: 2, columns: 3, seed: 1) == .normal(rows: 2, columns: 3, seed: 1), "seed")
  var generator = SystemRandomNumberGenerator()
  check(Matrix<Float>.normal(rows: 2, columns: 3, using: &generator).count == 6, "any generator")
  check(Matrix<Double>.uniform(rows: 2, columns: 3, in: 0..<1, seed: 1).maximum < 1, "uniform")
  check(v.norm > 3.7, "norm")
  check(abs(try v.normalized().norm - 1) < 1e-12, "unit length")
  check(v.dot(v) == 14, "dot")
  check(v.sum == 6 && v.max() == 3 && v.mean == 2, "sum of a vector")
  check((v + v)[0] == 2 && (v * 2)[1] == 4 && (v - 1)[0] == 0, "arithmetic of vectors")
  check(m.isApproximatelyEqual(to: m, tolerance: 1e-12), "approximate equality")
}
