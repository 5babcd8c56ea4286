import Tensor
import _TestSupport
import Testing

@Suite struct MatrixBatchTests {
  @Test(arguments: Family.allCases) func everyMatrixIsDecomposed(family: Family) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (count, m, n) in [(1, 1, 1), (19, 3, 3), (17, 8, 5), (17, 5, 8), (5, 33, 32), (3, 40, 40), (3, 3, 50)] {
        let a: [Matrix<E>] = (0..<count).map { i in
          let base = family.matrix(m, n) * Double(i + 1)
          return (i % 3 == 0 ? base : base + uniform(m, n, seed: UInt64(i))).converted()
        }
        let batch = MatrixBatch(stacked: Matrix(stackingRows: a), rows: m)
        #expect(batch.count == count && batch[count - 1] == a[count - 1])
        let found = try batch.svd()
        let p = min(m, n)
        for i in 0..<count {
          let label: Comment = "\(family.rawValue) \(i) of \(count)x\(m)x\(n) \(E.self)"
          let (u, vt) = (found.u[i], found.vTransposed[i])
          #expect(u.rows == m && u.columns == p && vt.rows == p && vt.columns == n, label)
          let bound = tolerance(E.self, max(m, n))
          #expect(orthonormalityDefect(u) <= bound, label)
          #expect(orthonormalityDefect(Matrix(vt.transposed)) <= bound, label)
          let values = found.singularValues.row(i)
          let scale = Double(values[0])
          #expect(distance(u * (Matrix.diagonal(values) * vt), a[i]) <= bound * scale, label)
          let alone = try a[i].svd(method: .qrIteration)
          for k in 0..<p {
            #expect(abs(Double(values[k]) - Double(alone.singularValues[k])) <= bound * scale, label)
            let row: [E] = Array(vt.row(k))
            let largest: E = row.map { $0.magnitude }.max() ?? 0
            let first: E = row.first { $0.magnitude >= largest * (1 - 1e-4) } ?? 0
            #expect(first > 0, label)
          }
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func sizesOfAnyMagnitude() throws {
    for scale in [Float(1e-40), 1e-38, 1e-20, 1, 1e20, 1e37] {
      let a = uniform(4 * 20, 4, seed: 2).converted(to: Float.self) * scale
      let batch = MatrixBatch(stacked: a, rows: 4)
      let found = try batch.svd()
      for i in 0..<20 {
        let size = Double(found.singularValues[i, 0])
        let rebuilt = found.u[i] * (Matrix.diagonal(found.singularValues.row(i)) * found.vTransposed[i])
        // The absolute term is the spacing of denormal numbers.
        #expect(distance(rebuilt, batch[i]) <= tolerance(Float.self, 4) * size + 1e-43)
        #expect(orthonormalityDefect(found.u[i]) <= tolerance(Float.self, 4))
      }
    }
  }

  @Test func zerosAndDuplicatesHaveOrthonormalVectors() throws {
    let found = try MatrixBatch(stacked: Matrix<Float>.zeros(rows: 6 * 3, columns: 4), rows: 6).svd()
    for i in 0..<3 {
      #expect(orthonormalityDefect(found.u[i]) <= tolerance(Float.self, 6))
      #expect(found.singularValues.row(i).allSatisfy { $0 == 0 })
    }
  }

  @Test func whatIsNotFiniteIsATypedError() {
    var a = uniform(40, 4, seed: 1)
    a[17, 2] = .nan
    #expect(throws: LinearAlgebraError.notFinite(row: 17, column: 2)) { try MatrixBatch(stacked: a, rows: 4).svd() }
    #expect(throws: LinearAlgebraError.self) {
      try MatrixBatch(stacked: Matrix<Double>.zeros(rows: 0, columns: 3), rows: 3).svd()
    }
  }

  @Test func theSameBitsWhateverStandsBeside() throws {
    let a = uniform(64 * 8, 8, seed: 5).converted(to: Float.self)
    let (all, one) = (
      try MatrixBatch(stacked: a, rows: 8).svd(), try MatrixBatch(stacked: a[rows: 80..<88].compacted(), rows: 8).svd()
    )
    #expect(all.u[10] == one.u[0] && all.singularValues.row(10) == one.singularValues.row(0))
  }
}

@Suite struct LowRankProductTests {
  @Test(arguments: Family.allCases) func agreesWithTheProduct(family: Family) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, r, n) in [(1, 1, 1), (50, 4, 60), (300, 16, 200), (20, 20, 20), (10, 30, 12), (40, 3, 3)] {
        let left = family.matrix(m, r).converted(to: E.self)
        let right = uniform(r, n, seed: 9).converted(to: E.self)
        let product = left.converted(to: Double.self) * right.converted(to: Double.self)
        let label: Comment = "\(family.rawValue) \(m)x\(r)x\(n) \(E.self)"
        let svd = try LowRankProduct(left: left, right: right).svd()
        let expected = try product.singularValues()
        let scale = max(expected[0], .leastNormalMagnitude)
        let bound = tolerance(E.self, max(m, n, r))
        #expect(orthonormalityDefect(svd.u) <= bound, label)
        #expect(orthonormalityDefect(Matrix(svd.vTransposed.transposed)) <= bound, label)
        for i in svd.singularValues.indices {
          #expect(abs(Double(svd.singularValues[i]) - expected[i]) <= bound * scale, label)
        }
        let rebuilt = svd.u * (Matrix.diagonal(svd.singularValues) * svd.vTransposed)
        #expect(distance(rebuilt, product.converted()) <= bound * scale, label)
        let values = try LowRankProduct(left: left, right: right).singularValues()
        for i in values.indices { #expect(abs(Double(values[i]) - expected[i]) <= bound * scale, label) }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func anAdapterThatWasNeverTrained() throws {
    // Training starts with B = 0.
    let product = LowRankProduct(left: Matrix<Float>.zeros(rows: 64, columns: 4), right: .normal4x64)
    let svd = try product.svd()
    #expect(svd.singularValues.allSatisfy { $0 == 0 })
    #expect(orthonormalityDefect(svd.u) <= tolerance(Float.self, 64))
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 0)) {
      try LowRankProduct(left: Matrix<Float>([[.nan]]), right: Matrix([[1]])).svd()
    }
  }
}

extension Matrix<Float> {
  fileprivate static var normal4x64: Matrix {
    var generator = SeededGenerator()
    return .normal(rows: 4, columns: 64, using: &generator)
  }
}
