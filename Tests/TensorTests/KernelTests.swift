import CKernels
import Tensor
import Testing

/// The kernels at every level that this processor has, against plain sums and each other.
@Suite struct KernelTests {
  private static var levels: [Int32] { [0, 3, 4].filter { $0 <= ck_level() } }

  @Test(arguments: levels) func gram(level: Int32) {
    for (rows, count) in [(1, 1), (2, 5), (3, 511), (4, 512), (5, 513), (17, 130), (33, 1030)] {
      let x = uniformMatrix(rows, count, seed: 1).converted(to: Float.self)
      let expected = x.converted(to: Double.self) * x.converted(to: Double.self).transposed
      var work = [Double](repeating: .nan, count: ck_gram_workspace(rows))
      func check(_ type: ck_type, _ pointer: UnsafeRawPointer, _ expected: Matrix<Double>) {
        var gram = [Double](repeating: 1, count: rows * rows)
        ck_gram_at(level, type, pointer, rows, count, count, &gram, &work)
        for i in 0..<rows {
          for j in 0..<rows {
            // Added to what was there; nothing below the diagonal.
            let value = j >= i ? expected[i, j] + 1 : 1
            #expect(abs(gram[i * rows + j] - value) <= 1e-15 * Double(count), "\(rows)x\(count) \(i),\(j)")
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
    for (rows, columns) in [(1, 1), (5, 2), (127, 3), (128, 8), (300, 17), (1030, 33), (40, 64)] {
      let x = uniformMatrix(rows, columns, seed: 2).converted(to: Float.self)
      let expected = x.converted(to: Double.self).transposed * x.converted(to: Double.self)
      var work = [Double](repeating: .nan, count: ck_gram_columns_workspace(columns))
      for isSingle in [true, false] {
        var gram = [Double](repeating: 1, count: columns * columns)
        func fill(_ type: ck_type, _ pointer: UnsafeRawPointer) {
          ck_gram_columns_at(level, type, pointer, rows, columns, columns, &gram, &work)
        }
        if isSingle {
          x.withUnsafeBase { fill(ck_float32, $0) }
        } else {
          x.converted(to: Double.self).withUnsafeBase { fill(ck_float64, $0) }
        }
        for i in 0..<columns {
          for j in 0..<columns {
            let value = j >= i ? expected[i, j] + 1 : 1
            #expect(abs(gram[i * columns + j] - value) <= 1e-15 * Double(rows), "\(rows)x\(columns) \(i),\(j)")
          }
        }
      }
    }
  }

  @Test(arguments: levels) func thinProducts(level: Int32) {
    for (rows, depth, thin) in [(1, 1, 1), (9, 5, 3), (130, 70, 17), (33, 1030, 40), (300, 259, 96)] {
      let a = uniformMatrix(rows, depth, seed: 5).converted(to: Float.self)
      let (w, x) = (uniformMatrix(depth, thin, seed: 6), uniformMatrix(thin, rows, seed: 7))
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
      let expected = uniformMatrix(rows, n, seed: 9)
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
    let a = uniformMatrix(count * m, n, seed: 4)
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

  @Test(arguments: levels, [1, 2]) func bidiagonalReduction(level: Int32, members: Int32) throws {
    for (rows, columns) in [(1, 1), (2, 2), (33, 31), (64, 64), (100, 70)] {
      let padded = (rows + 31) / 32 * 32
      let matrix = uniformMatrix(columns, rows, seed: 8)
      var a = [Double](repeating: 0, count: columns * padded)
      for j in 0..<columns {
        for i in 0..<rows { a[j * padded + i] = matrix[j, i] }
      }
      var (w, z) = (
        [Double](repeating: 0, count: 64 * padded), [Double](repeating: 0, count: 64 * columns)
      )
      var (d, e) = ([Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns))
      var (tauq, taup) = (d, d)
      var work = [Double](
        repeating: 0, count: ck_bidiagonal_workspace_f64(padded, columns, members))
      a.withUnsafeMutableBufferPointer { a in
        w.withUnsafeMutableBufferPointer { w in
          z.withUnsafeMutableBufferPointer { z in
            d.withUnsafeMutableBufferPointer { d in
              e.withUnsafeMutableBufferPointer { e in
                tauq.withUnsafeMutableBufferPointer { tauq in
                  taup.withUnsafeMutableBufferPointer { taup in
                    work.withUnsafeMutableBufferPointer { work in
                      ck_bidiagonalize_at_f64(
                        level,
                        ck_bidiagonal_f64(
                          a: a.baseAddress, rows: rows, padded_rows: padded, columns: columns, stride: padded,
                          w: w.baseAddress, z: z.baseAddress, d: d.baseAddress, e: e.baseAddress,
                          tauq: tauq.baseAddress, taup: taup.baseAddress, work: work.baseAddress,
                          subtract_product: plainProduct, work_each: 0, squares: nil), members)
                    }
                  }
                }
              }
            }
          }
        }
      }
      let bidiagonal = Matrix<Double>(rows: columns, columns: columns) { i, j in i == j ? d[i] : j == i + 1 ? e[i] : 0 }
      let (values, expected) = (try bidiagonal.singularValues(), try matrix.singularValues(method: .qrIteration))
      for i in 0..<columns { #expect(abs(values[i] - expected[i]) < 1e-13, "\(rows)x\(columns) σ\(i)") }
    }
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
