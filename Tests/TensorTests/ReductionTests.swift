import CKernels
import Tensor
import _TestSupport
import Testing

/// The reductions at every level that this processor has: the reflections applied to the result give the matrix back.
@Suite struct ReductionTests {
  private static var levels: [Int32] { [0, 3, 4].filter { $0 <= ck_level() } }

  /// How many threads there are, and how many columns a panel and a strip have.
  struct Cut: CustomTestStringConvertible {
    let threads: Int32
    let panel: Int
    let strip: Int
    var testDescription: String { "\(threads) threads, panels of \(panel), strips of \(strip)" }
  }

  private static let cuts = [
    Cut(threads: 1, panel: 32, strip: 32), Cut(threads: 1, panel: 1, strip: 8), Cut(threads: 2, panel: 8, strip: 8),
    Cut(threads: 3, panel: 5, strip: 16),
  ]

  @Test(arguments: levels, cuts) func bidiagonal(level: Int32, cut: Cut) {
    for (rows, columns) in [(1, 1), (2, 2), (33, 31), (40, 40), (100, 70)] {
      checkBidiagonal(Float.self, level, cut, rows, columns)
      checkBidiagonal(Double.self, level, cut, rows, columns)
    }
  }

  private func checkBidiagonal<S: KernelScalar>(
    _ type: S.Type, _ level: Int32, _ cut: Cut, _ rows: Int, _ columns: Int
  ) {
    let matrix = uniform(rows, columns, seed: 8)
    var layout = ck_bidiagonal_layout(rows, columns)
    layout.panel_columns = cut.panel
    let reduction = Reduction<S>(
      matrix, layout: layout, scratch: ck_bidiagonal_scratch(layout, cut.threads), threads: cut.threads)
    S.bidiagonalize(level, reduction)
    var product = Matrix<Double>(rows: rows, columns: columns) { i, j in
      Double(i == j ? reduction.d[i] : j == i + 1 ? reduction.e[i] : 0)
    }
    for i in (0..<columns).reversed() {
      product.reflect(reduction.left(i, pivot: i), Double(reduction.tauq[i]))
      if i + 1 < columns { product.reflectFromRight(reduction.right(i), Double(reduction.taup[i])) }
    }
    let bound = tolerance(type, columns, scale: matrix.norm(.frobenius), factor: 1)
    #expect(distance(product, matrix) < bound, "\(type) \(rows)x\(columns)")
  }

  @Test(arguments: levels, cuts) func tridiagonal(level: Int32, cut: Cut) {
    for order in [2, 3, 32, 33, 40, 71] {
      checkTridiagonal(Float.self, level, cut, order)
      checkTridiagonal(Double.self, level, cut, order)
    }
  }

  private func checkTridiagonal<S: KernelScalar>(_ type: S.Type, _ level: Int32, _ cut: Cut, _ order: Int) {
    let half = uniform(order, order, seed: 8)
    let matrix = half + Matrix(half.transposed)
    let lower = Matrix<Double>(rows: order, columns: order) { i, j in j <= i ? matrix[i, j] : 0 }
    var layout = ck_tridiagonal_layout(order)
    (layout.panel_columns, layout.strip_columns) = (cut.panel, cut.strip)
    let reduction = Reduction<S>(
      lower, layout: layout, scratch: ck_tridiagonal_scratch(layout, cut.threads), threads: cut.threads)
    S.tridiagonalize(level, reduction)
    var product = Matrix<Double>(rows: order, columns: order) { i, j in
      Double(i == j ? reduction.d[i] : abs(i - j) == 1 ? reduction.e[min(i, j)] : 0)
    }
    for i in (0..<order - 1).reversed() {
      let (v, tau) = (reduction.left(i, pivot: i + 1), Double(reduction.tauq[i]))
      product.reflect(v, tau)
      product.reflectFromRight(v, tau)
    }
    let bound = tolerance(type, order, scale: matrix.norm(.frobenius), factor: 1)
    #expect(distance(product, matrix) < bound, "\(type) order \(order)")
  }
}
