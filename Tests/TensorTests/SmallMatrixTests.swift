import Tensor
import _TestSupport
import Testing

/// Decompositions of tall matrices with fewer columns than a processor vector has entries, and a few more.
@Suite struct NarrowProductTests {
  @Test func narrowFactorsOfManyRows() throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for columns in [1, 2, 5, 15, 16, 17] {
        let a = uniform(1100, columns, seed: 11).converted(to: E.self)
        let svd = try a.svd()
        #expect(svd.u.rows == 1100 && svd.u.columns == columns)
        #expect(svd.residual(of: a) <= tolerance(E.self, 1100))
        #expect(orthonormalityDefect(svd.u) <= tolerance(E.self, columns))
      }
    }
    try check(Float.self)
    try check(Double.self)
  }
}

/// How exact the singular values of small matrices of `Float` are.
@Suite struct SmallMatrixTests {
  @Test(arguments: Family.allCases) func singleValuesAreThoseOfDoubleRounded(family: Family) throws {
    for (m, n) in [(2, 2), (17, 17), (30, 20), (20, 30), (47, 47)] {
      let single = family.matrix(m, n).converted(to: Float.self)
      let exact = try single.converted(to: Double.self).singularValues()
      let svd = try single.svd()
      for values in [svd.singularValues, try single.singularValues()] {
        for (found, expected) in zip(values, exact) {
          #expect(
            abs(Double(found) - expected) <= 2 * Double(Float.ulpOfOne) * exact[0], "\(family.rawValue) \(m)x\(n)")
        }
      }
      #expect(svd.residual(of: single) <= 4 * Double(Float.ulpOfOne) * Double(max(m, n)).squareRoot())
    }
  }

  @Test func noSingularValueIsNegativeZero() throws {
    for a in [
      Matrix<Double>([[0, -0.0], [-0.0, 0]]), Matrix<Double>([[-1, 0], [0, -0.0]]), Matrix<Double>([[-0.0]]),
      Matrix<Double>([[1, 1], [1, 1]]), Matrix<Double>([[-2, -2, -2], [-2, -2, -2]]),
    ] {
      for values in [try a.singularValues(), try a.svd().singularValues, try a.svd(rank: 1).singularValues] {
        #expect(values.allSatisfy { $0.sign == .plus })
      }
      let single = a.converted(to: Float.self)
      #expect(try single.singularValues().allSatisfy { $0.sign == .plus })
      let batch = try MatrixBatch(stacked: single, rows: single.rows).svd()
      #expect(batch.singularValues.row(0).allSatisfy { $0.sign == .plus })
    }
  }
}
