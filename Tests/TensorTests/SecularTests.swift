import CKernels
import Foundation
import Tensor
import _TestSupport
import Testing

/// Divide and conquer of bidiagonal matrices: the kernels at every level of this processor, and the whole.
@Suite struct SecularTests {
  private static var levels: [Int32] { [0, 3, 4].filter { $0 <= ck_level() } }

  @Test(arguments: levels) func singularTripletsOfADiagonalWithARow(level: Int32) throws {
    for count in [2, 3, 8, 9, 100] {
      let random = uniform(2, count, seed: UInt64(count))
      // Poles close together and far apart, entries large and small.
      var poles = (0..<count).map { abs(random[0, $0] * random[0, $0] * random[0, $0]) + 1e-9 }.sorted()
      poles[0] = 0
      let row = (0..<count).map { $0 % 3 == 0 ? 1e-6 * random[1, $0] : random[1, $0] }
      var (origin, shift, values) = (
        [Int64](repeating: 0, count: count), [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
      )
      #expect(ck_secular_roots_at(level, poles, row, count, 0, count, &origin, &shift, &values) == 0)
      var exact = [Double](repeating: 0, count: count)
      ck_secular_row_at(level, poles, row, count, 0, count, origin, shift, values, &exact)
      let order = (0..<Int64(count)).reversed().map { $0 }
      var work = exact
      func vectors(isLeft: Bool) -> Matrix<Double> {
        var rows = [Double](repeating: 0, count: count * count)
        ck_secular_vectors_f64_at(
          level, poles, exact, count, origin, shift, values, 0, count, isLeft, order, &work, &rows, count)
        return Matrix(rows: count, columns: count) { rows[$0 * count + $1] }
      }
      let (u, v) = (vectors(isLeft: true), vectors(isLeft: false))
      let matrix = Matrix<Double>(rows: count, columns: count) { i, j in
        let (i, j) = (count - 1 - i, count - 1 - j)
        return i == 0 ? row[j] : i == j ? poles[j] : 0
      }
      let scaled = Matrix<Double>(rows: count, columns: count) { i, j in values[i] * u[i, j] }
      let tolerance = 1e-14 * Double(count).squareRoot()
      #expect((v * matrix.transposed - scaled).norm(.frobenius) < 10 * tolerance)
      #expect((u * u.transposed - .identity(count)).norm(.frobenius) < 10 * tolerance)
      #expect((v * v.transposed - .identity(count)).norm(.frobenius) < 10 * tolerance)
      for j in 1..<count { #expect(values[j] >= poles[j] && values[j - 1] <= poles[j]) }
    }
  }

  /// Entries of the diagonal and beside it.
  struct Family: CustomTestStringConvertible {
    let testDescription: String
    let diagonal: @Sendable (Int) -> Double
    let beside: @Sendable (Int) -> Double
  }

  private static let families = [
    Family(testDescription: "ones", diagonal: { _ in 1 }, beside: { _ in 1 }),
    Family(testDescription: "identity", diagonal: { _ in 1 }, beside: { _ in 0 }),
    Family(testDescription: "nilpotent", diagonal: { _ in 0 }, beside: { _ in 1 }),
    Family(testDescription: "graded", diagonal: { exp2(-Double($0)) }, beside: { exp2(-Double($0)) }),
    Family(testDescription: "rising", diagonal: { exp2(Double($0 % 60)) }, beside: { exp2(-Double($0 % 50)) }),
    Family(testDescription: "signs", diagonal: { $0 % 3 == 0 ? -2 : 1 }, beside: { $0 % 5 == 0 ? 0 : -0.5 }),
    Family(testDescription: "blocks", diagonal: { Double($0 % 7) }, beside: { $0 % 10 == 9 ? 0 : 1e-9 }),
  ]

  @Test(arguments: families, [64, 77, 130, 257]) func bidiagonalMatrices(family: Family, order: Int) throws {
    let matrix = Matrix<Double>(rows: order, columns: order) { i, j in
      i == j ? family.diagonal(i) : j == i + 1 ? family.beside(i) : 0
    }
    let (svd, expected) = (try matrix.svd(method: .onePass), try matrix.singularValues(method: .qrIteration))
    let tolerance = 4 * Double.ulpOfOne * Double(order)
    for i in 0..<order { #expect(abs(svd.singularValues[i] - expected[i]) <= tolerance * expected[0]) }
    let scaled = Matrix<Double>(rows: order, columns: order) { i, j in svd.u[i, j] * svd.singularValues[j] }
    #expect((scaled * svd.vTransposed - matrix).norm(.frobenius) <= tolerance * matrix.norm(.frobenius))
    #expect(orthonormalityDefect(svd.u) <= tolerance)
    #expect(orthonormalityDefect(Matrix(svd.vTransposed.transposed)) <= tolerance)
  }
}
