import CKernels
import Tensor
import _TestSupport
import Testing

/// The kernels at every level that this processor has, for both scalar types, against plain sums.
@Suite struct KernelTests {
  private static var levels: [Int32] { [0, 3, 4].filter { $0 <= ck_level() } }

  @Test(arguments: levels) func gramOfRows(level: Int32) {
    for (rows, columns) in [(1, 1), (2, 5), (3, 511), (4, 512), (5, 513), (17, 130), (33, 1030), (67, 300)] {
      checkGram(Float.self, .rows, level, rows, columns)
      checkGram(Double.self, .rows, level, rows, columns)
    }
  }

  @Test(arguments: levels) func gramOfColumns(level: Int32) {
    for (rows, columns) in [(1, 1), (5, 2), (127, 3), (128, 8), (300, 17), (1030, 33), (40, 64), (130, 100)] {
      checkGram(Float.self, .columns, level, rows, columns)
      checkGram(Double.self, .columns, level, rows, columns)
    }
  }

  private func checkGram<S: KernelScalar>(
    _ type: S.Type, _ side: MatrixAxis, _ level: Int32, _ rows: Int, _ columns: Int
  ) {
    let x = uniform(rows, columns, seed: 1).converted(to: S.self)
    let exact = x.converted(to: Double.self)
    let expected = side == .rows ? exact * exact.transposed : exact.transposed * exact
    let (order, depth) = side == .rows ? (rows, columns) : (columns, rows)
    let size = side == .rows ? ck_gram_rows_scratch(rows) : ck_gram_columns_scratch(columns)
    var scratch = [Double](repeating: .nan, count: size)
    let pitch = ck_gram_padded_order(order)
    var gram = [Double](repeating: 1, count: pitch * pitch)
    x.withUnsafeBase {
      (side == .rows ? S.gramOfRows : S.gramOfColumns)(level, $0, rows, columns, columns, &gram, pitch, &scratch)
    }
    // The products are added to what was there; what stands below the diagonal means nothing.
    for i in 0..<order {
      for j in i..<order {
        let value = expected[i, j] + 1
        #expect(abs(gram[i * pitch + j] - value) <= 1e-15 * Double(depth), "\(type) \(rows)x\(columns) \(i),\(j)")
      }
    }
  }

  @Test(arguments: levels) func thinProducts(level: Int32) {
    for (rows, columns, thin) in [(1, 1, 1), (9, 5, 3), (130, 70, 17), (33, 1030, 40), (300, 259, 96)] {
      checkThinRows(Float.self, level, rows, columns, thin)
      checkThinRows(Double.self, level, rows, columns, thin)
      checkThinColumns(Float.self, level, rows, columns, thin)
      checkThinColumns(Double.self, level, rows, columns, thin)
    }
  }

  private func checkThinRows<S: KernelScalar>(_ type: S.Type, _ level: Int32, _ rows: Int, _ depth: Int, _ thin: Int) {
    let a = uniform(rows, depth, seed: 5).converted(to: S.self)
    let w = uniform(depth, thin, seed: 6).converted(to: S.self)
    let pitch = ck_thin_pitch(thin)
    var (packed, z) = ([S](repeating: 0, count: depth * pitch), [S](repeating: .nan, count: rows * pitch))
    for i in 0..<depth { for j in 0..<thin { packed[i * pitch + j] = w[i, j] } }
    a.withUnsafeBase { S.thinRows(level, $0, rows, depth, depth, packed, pitch, &z) }
    let product = a.converted(to: Double.self) * w.converted(to: Double.self)
    let bound = 8 * Double(S.ulpOfOne) * Double(depth)
    for i in 0..<rows {
      for j in 0..<thin { #expect(abs(Double(z[i * pitch + j]) - product[i, j]) <= bound, "\(type) \(i),\(j)") }
    }
  }

  private func checkThinColumns<S: KernelScalar>(
    _ type: S.Type, _ level: Int32, _ depth: Int, _ columns: Int, _ thin: Int
  ) {
    let a = uniform(depth, columns, seed: 5).converted(to: S.self)
    let x = uniform(thin, depth, seed: 7).converted(to: S.self)
    var y = [S](repeating: .nan, count: thin * columns)
    var scratch = [S](repeating: .nan, count: ck_thin_columns_scratch(thin, depth))
    a.withUnsafeBase { a in
      x.withUnsafeBase { S.thinColumns(level, $0, thin, depth, a, columns, &y, &scratch) }
    }
    let product = x.converted(to: Double.self) * a.converted(to: Double.self)
    let bound = 8 * Double(S.ulpOfOne) * Double(depth)
    for i in 0..<thin {
      for j in 0..<columns { #expect(abs(Double(y[i * columns + j]) - product[i, j]) <= bound, "\(type) \(i),\(j)") }
    }
  }

  @Test(arguments: levels) func rowsTimesAnInverse(level: Int32) {
    for (rows, n) in [(1, 1), (31, 2), (32, 16), (100, 33), (129, 64)] {
      checkSolution(Float.self, level, rows, n)
      checkSolution(Double.self, level, rows, n)
    }
  }

  private func checkSolution<S: KernelScalar>(_ type: S.Type, _ level: Int32, _ rows: Int, _ n: Int) {
    let expected = uniform(rows, n, seed: 9)
    let r = Matrix<Double>(rows: n, columns: n) { i, j in
      i == j ? 2 + Double(i) / 8 : j > i ? 1 / Double(1 + i + j) : 0
    }
    let product = expected * r
    var a = (0..<rows).flatMap { product.row($0).map { S($0) } }
    let triangle = (0..<n).flatMap { r.row($0).map { S($0) } }
    var scratch = [S](repeating: .nan, count: ck_solve_rows_scratch(n))
    S.solveRows(level, &a, rows, n, n, triangle, &scratch)
    let bound = 4 * Double(S.ulpOfOne) * Double(n)
    for i in 0..<rows {
      for j in 0..<n {
        #expect(abs(Double(a[i * n + j]) - expected[i, j]) <= bound, "\(type) \(rows)x\(n) \(i),\(j)")
      }
    }
  }

  @Test(arguments: levels) func jacobi(level: Int32) {
    for (m, n, count) in [(1, 1, 1), (9, 7, ck_jacobi_lanes), (8, 8, 5), (60, 5, 2)] {
      checkJacobi(Float.self, level, m, n, count)
      checkJacobi(Double.self, level, m, n, count)
    }
  }

  private func checkJacobi<S: KernelScalar>(_ type: S.Type, _ level: Int32, _ m: Int, _ n: Int, _ count: Int) {
    let a = uniform(count * m, n, seed: 4).converted(to: S.self)
    var (u, vt) = ([S](repeating: .nan, count: count * m * n), [S](repeating: .nan, count: count * n * n))
    var sigma = [S](repeating: .nan, count: count * n)
    var scratch = [S](repeating: .nan, count: ck_jacobi_scratch(m, n))
    let failed = a.withUnsafeBase { S.jacobi(level, $0, count, m, n, &u, &sigma, &vt, &scratch) }
    #expect(failed == 0)
    let bound = 16 * Double(S.ulpOfOne) * Double(n)
    for k in 0..<count {
      let left = Matrix<Double>(rows: m, columns: n) { Double(u[(k * m + $0) * n + $1]) }
      let right = Matrix<Double>(rows: n, columns: n) { Double(vt[(k * n + $0) * n + $1]) }
      let values = (0..<n).map { Double(sigma[k * n + $0]) }
      #expect(values == values.sorted(by: >) && values.allSatisfy { $0 >= 0 })
      let scaled = Matrix<Double>(rows: m, columns: n) { left[$0, $1] * values[$1] }
      let exact = a[rows: (k * m)..<((k + 1) * m)].converted(to: Double.self)
      #expect(distance(scaled * right, exact) < bound, "\(type) \(m)x\(n) matrix \(k)")
      #expect(orthonormalityDefect(left) < bound && orthonormalityDefect(right) < bound, "\(type) matrix \(k)")
    }
  }
}
