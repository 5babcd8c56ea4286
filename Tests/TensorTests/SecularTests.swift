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
      let system = System(level: level, poles: poles, row: row)
      for j in 1..<count {
        #expect(system.roots[j].value >= poles[j] && system.roots[j - 1].value <= poles[j])
      }
      check(Float.self, system, level)
      check(Double.self, system, level)
    }
  }

  /// A diagonal matrix with a full row, and its singular values.
  private struct System {
    let poles: [Double]
    let row: [Double]
    private(set) var roots: [ck_secular_root]
    /// The row for which the roots are exact.
    private(set) var exact: [Double]

    init(level: Int32, poles: [Double], row: [Double]) {
      let count = poles.count
      (self.poles, self.row) = (poles, row)
      roots = [ck_secular_root](repeating: ck_secular_root(), count: count)
      exact = row
      let (roots, exact) = poles.withUnsafeBufferPointer { poles in
        row.withUnsafeBufferPointer { row in
          let matrix = ck_secular_matrix(poles: poles.baseAddress, row: row.baseAddress, count: count)
          var (roots, exact) = (self.roots, self.exact)
          #expect(ck_secular_roots_f64_at(level, matrix, 0, count, &roots) == 0)
          ck_secular_row_f64_at(level, matrix, roots, 0, count, &exact)
          return (roots, exact)
        }
      }
      (self.roots, self.exact) = (roots, exact)
    }

    /// The singular vectors in rows, their entries in reverse order.
    func vectors<S: KernelScalar>(_ type: S.Type, _ level: Int32, isLeft: Bool) -> Matrix<Double> {
      let count = poles.count
      let order = (0..<Int64(count)).reversed().map { $0 }
      var (rows, scratch) = ([S](repeating: .nan, count: count * count), [Double](repeating: .nan, count: count))
      poles.withUnsafeBufferPointer { poles in
        exact.withUnsafeBufferPointer { exact in
          let matrix = ck_secular_matrix(poles: poles.baseAddress, row: exact.baseAddress, count: count)
          S.secularVectors(level, matrix, roots, 0, count, isLeft, order, &scratch, &rows)
        }
      }
      return Matrix(rows: count, columns: count) { Double(rows[$0 * count + $1]) }
    }
  }

  private func check<S: KernelScalar>(_ type: S.Type, _ system: System, _ level: Int32) {
    let count = system.poles.count
    let u = system.vectors(type, level, isLeft: true), v = system.vectors(type, level, isLeft: false)
    let matrix = Matrix<Double>(rows: count, columns: count) { i, j in
      let (i, j) = (count - 1 - i, count - 1 - j)
      return i == 0 ? system.row[j] : i == j ? system.poles[j] : 0
    }
    let scaled = Matrix<Double>(rows: count, columns: count) { i, j in system.roots[i].value * u[i, j] }
    let tolerance = 450 * Double(S.ulpOfOne) * Double(count).squareRoot()
    #expect((v * matrix.transposed - scaled).norm(.frobenius) < tolerance, "\(type)")
    #expect((u * u.transposed - .identity(count)).norm(.frobenius) < tolerance, "\(type)")
    #expect((v * v.transposed - .identity(count)).norm(.frobenius) < tolerance, "\(type)")
  }

  /// Entries of the diagonal and the superdiagonal.
  struct Family: CustomTestStringConvertible {
    let testDescription: String
    let diagonal: @Sendable (Int) -> Double
    let superdiagonal: @Sendable (Int) -> Double
  }

  private static let families = [
    Family(testDescription: "ones", diagonal: { _ in 1 }, superdiagonal: { _ in 1 }),
    Family(testDescription: "identity", diagonal: { _ in 1 }, superdiagonal: { _ in 0 }),
    Family(testDescription: "nilpotent", diagonal: { _ in 0 }, superdiagonal: { _ in 1 }),
    Family(testDescription: "graded", diagonal: { exp2(-Double($0)) }, superdiagonal: { exp2(-Double($0)) }),
    Family(testDescription: "rising", diagonal: { exp2(Double($0 % 60)) }, superdiagonal: { exp2(-Double($0 % 50)) }),
    Family(testDescription: "signs", diagonal: { $0 % 3 == 0 ? -2 : 1 }, superdiagonal: { $0 % 5 == 0 ? 0 : -0.5 }),
    Family(testDescription: "blocks", diagonal: { Double($0 % 7) }, superdiagonal: { $0 % 10 == 9 ? 0 : 1e-9 }),
  ]

  @Test(arguments: families, [64, 77, 130, 257]) func bidiagonalMatrices(family: Family, order: Int) throws {
    let matrix = Matrix<Double>(rows: order, columns: order) { i, j in
      i == j ? family.diagonal(i) : j == i + 1 ? family.superdiagonal(i) : 0
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
