import CKernels
import Tensor
import _TestSupport
import Testing

/// The kernels at every level that this processor has, against plain sums and each other.
@Suite struct KernelTests {
  private static var levels: [Int32] { [0, 3, 4].filter { $0 <= ck_level() } }

  @Test(arguments: levels) func gram(level: Int32) {
    for (rows, count) in [(1, 1), (2, 5), (3, 511), (4, 512), (5, 513), (17, 130), (33, 1030), (67, 300)] {
      let x = uniform(rows, count, seed: 1).converted(to: Float.self)
      let expected = x.converted(to: Double.self) * x.converted(to: Double.self).transposed
      var work = [Double](repeating: .nan, count: ck_gram_workspace(rows))
      func check(_ type: ck_type, _ pointer: UnsafeRawPointer, _ expected: Matrix<Double>) {
        let pitch = (rows + 7) / 8 * 8
        var gram = [Double](repeating: 1, count: pitch * pitch)
        ck_gram_at(level, type, pointer, rows, count, count, &gram, pitch, &work)
        // Added to what was there; what stands below the diagonal means nothing.
        for i in 0..<rows {
          for j in i..<rows {
            let value = expected[i, j] + 1
            #expect(abs(gram[i * pitch + j] - value) <= 1e-15 * Double(count), "\(rows)x\(count) \(i),\(j)")
          }
        }
      }
      x.withUnsafeBase { check(ck_float32, $0, expected) }
      x.converted(to: Double.self).withUnsafeBase { check(ck_float64, $0, expected) }
      let halves = (0..<x.count).map { UInt16(x[$0 / count, $0 % count].bitPattern >> 16) }
      let rounded = Matrix<Double>(rows: rows, columns: count) { i, j in
        Double(Float(bitPattern: UInt32(halves[i * count + j]) << 16))
      }
      halves.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        check(ck_bfloat16, start, rounded * rounded.transposed)
      }
    }
  }

  @Test(arguments: levels) func gramOfColumns(level: Int32) {
    for (rows, columns) in [(1, 1), (5, 2), (127, 3), (128, 8), (300, 17), (1030, 33), (40, 64), (130, 100)] {
      let x = uniform(rows, columns, seed: 2).converted(to: Float.self)
      let expected = x.converted(to: Double.self).transposed * x.converted(to: Double.self)
      var work = [Double](repeating: .nan, count: ck_gram_columns_workspace(columns))
      for isSingle in [true, false] {
        let pitch = (columns + 7) / 8 * 8
        var gram = [Double](repeating: 1, count: pitch * pitch)
        func fill(_ type: ck_type, _ pointer: UnsafeRawPointer) {
          ck_gram_columns_at(level, type, pointer, rows, columns, columns, &gram, pitch, &work)
        }
        if isSingle {
          x.withUnsafeBase { fill(ck_float32, $0) }
        } else {
          x.converted(to: Double.self).withUnsafeBase { fill(ck_float64, $0) }
        }
        for i in 0..<columns {
          for j in i..<columns {
            let value = expected[i, j] + 1
            #expect(abs(gram[i * pitch + j] - value) <= 1e-15 * Double(rows), "\(rows)x\(columns) \(i),\(j)")
          }
        }
      }
    }
  }

  @Test(arguments: levels) func thinProducts(level: Int32) {
    for (rows, depth, thin) in [(1, 1, 1), (9, 5, 3), (130, 70, 17), (33, 1030, 40), (300, 259, 96)] {
      let a = uniform(rows, depth, seed: 5).converted(to: Float.self)
      let (w, x) = (uniform(depth, thin, seed: 6), uniform(thin, rows, seed: 7))
      let pitch = (thin + 15) / 16 * 16
      var (packed, z) = ([Float](repeating: 0, count: depth * pitch), [Float](repeating: .nan, count: rows * pitch))
      for i in 0..<depth { for j in 0..<thin { packed[i * pitch + j] = Float(w[i, j]) } }
      a.withUnsafeBase { ck_thin_rows_f32_at(level, $0, rows, depth, depth, packed, pitch, &z) }
      let product = a * w.converted(to: Float.self)
      for i in 0..<rows {
        for j in 0..<thin { #expect(abs(z[i * pitch + j] - product[i, j]) <= 1e-6 * Float(depth), "\(i),\(j)") }
      }
      var y = [Float](repeating: .nan, count: thin * depth)
      var work = [Float](repeating: .nan, count: ck_thin_columns_workspace(thin, rows))
      let left = x.converted(to: Float.self)
      a.withUnsafeBase { a in
        left.withUnsafeBase { ck_thin_columns_f32_at(level, $0, thin, rows, a, rows, depth, depth, &y, depth, &work) }
      }
      let other = left * a
      for i in 0..<thin {
        for j in 0..<depth { #expect(abs(y[i * depth + j] - other[i, j]) <= 1e-6 * Float(rows), "\(i),\(j)") }
      }
    }
  }

  @Test(arguments: levels) func rowsTimesAnInverse(level: Int32) {
    for (rows, n) in [(1, 1), (31, 2), (32, 16), (100, 33), (129, 64)] {
      let expected = uniform(rows, n, seed: 9)
      let r = Matrix<Double>(rows: n, columns: n) { i, j in
        i == j ? 2 + Double(i) / 8 : j > i ? 1 / Double(1 + i + j) : 0
      }
      let product = expected * r
      var a = (0..<rows).flatMap { Array(product.row($0)) }
      let triangle = (0..<n).flatMap { Array(r.row($0)) }
      var work = [Double](repeating: .nan, count: ck_solve_rows_workspace(n))
      ck_solve_rows_f64_at(level, &a, rows, n, n, triangle, &work)
      for i in 0..<rows {
        for j in 0..<n { #expect(abs(a[i * n + j] - expected[i, j]) <= 1e-15 * Double(n), "\(rows)x\(n) \(i),\(j)") }
      }
    }
  }

  @Test(arguments: levels) func jacobi(level: Int32) throws {
    let (m, n, count) = (9, 7, ck_jacobi_lanes)
    let a = uniform(count * m, n, seed: 4)
    var (u, sigma, vt) = (
      [Double](repeating: 0, count: count * m * n), [Double](repeating: 0, count: count * n),
      [Double](repeating: 0, count: count * n * n)
    )
    var work = [Double](repeating: 0, count: ck_jacobi_workspace(m, n))
    let failed = a.withUnsafeBase { ck_jacobi_f64_at(level, $0, count, m, n, &u, &sigma, &vt, &work) }
    #expect(failed == 0)
    for i in 0..<count {
      let expected = try a[rows: (i * m)..<((i + 1) * m)].singularValues(method: .qrIteration)
      for k in 0..<n { #expect(abs(sigma[i * n + k] - expected[k]) < 1e-14) }
    }
  }

  @Test(arguments: levels, [1, 2, 3]) func bidiagonalReduction(level: Int32, members: Int32) throws {
    for (rows, columns) in [(1, 1), (2, 2), (33, 31), (64, 64), (100, 70), (230, 201)] {
      let matrix = uniform(columns, rows, seed: 8)
      let room = Room()
      let problem = room.problem(matrix, members: members)
      ck_bidiagonalize_at_f64(level, problem, members)
      let bidiagonal = Matrix<Double>(rows: columns, columns: columns) { i, j in
        i == j ? problem.d[i] : j == i + 1 ? problem.e[i] : 0
      }
      let (values, expected) = (try bidiagonal.singularValues(), try matrix.singularValues(method: .qrIteration))
      for i in 0..<columns { #expect(abs(values[i] - expected[i]) < 1e-13, "\(rows)x\(columns) σ\(i)") }
    }
  }

  @Test(arguments: levels, [1, 2, 3]) func tridiagonalReduction(level: Int32, members: Int32) throws {
    for order in [2, 3, 32, 33, 64, 71, 100, 230] {
      let half = uniform(order, order, seed: 8)
      let matrix = half + Matrix(half.transposed)
      let room = Room()
      let lower = Matrix<Double>(rows: order, columns: order) { i, j in j >= i ? matrix[i, j] : 0 }
      let problem = room.problem(lower, members: members)
      ck_tridiagonalize_at_f64(level, problem, members)
      let tridiagonal = Matrix<Double>(rows: order, columns: order) { i, j in
        i == j ? problem.d[i] : abs(i - j) == 1 ? problem.e[min(i, j)] : 0
      }
      let (values, expected) = (try tridiagonal.symmetricEigenvalues(), try matrix.symmetricEigenvalues())
      let bound = tolerance(Double.self, order, scale: matrix.norm(.frobenius), factor: 1)
      for i in 0..<order { #expect(abs(values[i] - expected[i]) < bound, "order \(order), λ\(i)") }
      // QᵀAQ = T, with Q as the reflectors that were left.
      var q = Matrix<Double>.identity(order)
      for i in (0..<order - 1).reversed() {
        let v = Vector<Double>((0..<order).map { $0 <= i ? 0 : $0 == i + 1 ? 1 : problem.a[i * problem.stride + $0] })
        let products = q.transposed * v
        for k in 0..<order { q.addToRow(k, products, scaledBy: -problem.tauq[i] * v[k]) }
      }
      #expect(distance(q.transposed * (matrix * q), tridiagonal) < bound, "order \(order)")
    }
  }
}

/// Room for a reduction of matrices, one row of the matrix a column of the kernel's.
private final class Room {
  private var allocations: [UnsafeMutablePointer<Double>] = []

  deinit { allocations.forEach { $0.deallocate() } }

  private func zeros(_ count: Int) -> UnsafeMutablePointer<Double> {
    let memory = UnsafeMutablePointer<Double>.allocate(capacity: count)
    memory.initialize(repeating: 0, count: count)
    allocations.append(memory)
    return memory
  }

  func problem(_ matrix: Matrix<Double>, members: Int32) -> ck_reduction_f64 {
    let (columns, rows) = (matrix.rows, matrix.columns)
    let padded = (rows + 31) / 32 * 32
    let a = zeros((columns + 7) / 8 * 8 * padded)
    for j in 0..<columns {
      for i in 0..<rows { a[j * padded + i] = matrix[j, i] }
    }
    let work = max(
      ck_bidiagonal_workspace_f64(padded, columns, members), ck_tridiagonal_workspace_f64(padded, members))
    return ck_reduction_f64(
      a: a, rows: rows, padded_rows: padded, columns: columns, stride: padded, w: zeros(64 * padded),
      z: zeros(64 * columns), d: zeros(columns), e: zeros(columns), tauq: zeros(columns), taup: zeros(columns),
      work: zeros(work), subtract_product: plainProduct, reached: nil, context: nil, work_each: 0,
      squares: nil)
  }
}

/// C −= LR, row by row.
private let plainProduct:
  @convention(c) (
    Int32, Int32, Int32, UnsafePointer<Double>?, Int32, UnsafePointer<Double>?, Int32, UnsafeMutablePointer<Double>?,
    Int32
  ) -> Void = { m, n, k, left, leftStride, right, rightStride, c, stride in
    guard let left, let right, let c else { return }
    for i in 0..<Int(m) {
      for j in 0..<Int(n) {
        for l in 0..<Int(k) {
          c[i * Int(stride) + j] -= left[i * Int(leftStride) + l] * right[l * Int(rightStride) + j]
        }
      }
    }
  }
