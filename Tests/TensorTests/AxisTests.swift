import Tensor
import Testing
import _TestSupport

/// Sums, means and extremes over rows, columns and all entries.
@Suite struct AxisTests {
  @Test func reductionsByDefinition() {
    func check<E: MatrixScalar>(_ type: E.Type) {
      for (m, n) in [(1, 1), (3, 17), (17, 3), (5, 40)] {
        // Small integers, so that every order of summation gives the same.
        let whole = uniform(m + 1, n + 2, seed: 8).map { E(($0 * 100).rounded()) }
        for a in [whole, whole[1..., 1...n]] {
          let (rows, columns) = ([[E]](a), [[E]](Matrix(a.transposed)))
          for (axis, lines) in [(MatrixAxis.columns, rows), (.rows, columns)] {
            let sums = lines.map { line in line.reduce(0.0) { $0 + Double($1) } }
            #expect(Array(a.sum(over: axis)) == sums)
            let means = sums.map { $0 * (1 / Double(axis == .rows ? a.rows : a.columns)) }
            #expect(Array(a.mean(over: axis)) == means)
            #expect(Array(a.minimum(over: axis)) == lines.map { $0.min() })
            #expect(Array(a.maximum(over: axis)) == lines.map { $0.max() })
          }
          let entries = Array(a)
          #expect(a.sum == entries.reduce(0.0) { $0 + Double($1) } && a.mean == a.sum / Double(entries.count))
          #expect(a.minimum == entries.min() && a.maximum == entries.max())
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func aNaNIsSeenWhereverItStands() {
    for position in 0..<20 {
      var v = Vector<Float>((0..<20).map { Float($0 % 7) })
      v[position] = .nan
      #expect(v.min()?.isNaN == true && v.max()?.isNaN == true && v.argmin == position && v.argmax == position)
      #expect(v.sum.isNaN && v != v && !v.isApproximatelyEqual(to: v))
      let a = Matrix(row: v)
      #expect(a.minimum.isNaN && a.maximum(over: .columns)[0].isNaN && a.sum(over: .rows)[position].isNaN)
      let below = Matrix(stackingRows: [a, Matrix(repeating: 1, rows: 1, columns: 20), a])
      #expect(below.minimum(over: .rows)[position].isNaN && below.maximum(over: .rows)[position].isNaN)
      #expect(below.maximum(over: .rows)[(position + 1) % 20] >= 1)
    }
  }

  @Test func nothingHasNoExtremeAndNoMean() {
    let none = Matrix<Double>.zeros(rows: 0, columns: 2)
    #expect(none.sum == 0 && none.mean.isNaN && none.minimum.isNaN && none.maximum.isNaN)
    #expect(none.sum(over: .rows) == [0, 0] && none.mean(over: .rows).allSatisfy(\.isNaN))
    #expect(none.minimum(over: .rows).allSatisfy(\.isNaN) && none.maximum(over: .columns).isEmpty)
    let empty = Vector<Float>([])
    #expect(empty.min() == nil && empty.max() == nil && empty.argmin == nil && empty.argmax == nil && empty.sum == 0)
  }

  @Test func vectorsHaveTheSameReductions() throws {
    let v: Vector<Double> = [2, -3, 5, 5, -3, 0, 1, 4, -2, 3]
    #expect(v.sum == 12 && v.min() == -3 && v.max() == 5 && v.argmin == 1 && v.argmax == 2)
    let unit = try (1e-300 * v).normalized()
    #expect(abs(unit.norm - 1) < 1e-15 && abs((unit.cosine(with: v) ?? 0) - 1) < 1e-15)
    #expect(try Vector<Float>([3e38, 3e38]).normalized().isApproximatelyEqual(to: [0.70710677, 0.70710677]))
    #expect(throws: LinearAlgebraError.self) { try Vector<Float>([0, 0]).normalized() }
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 1)) { try Vector<Float>([0, .nan]).normalized() }
  }

  @Test func singlePrecisionIsSummedInDouble() {
    let a = Matrix<Float>([[1e8, 1, -1e8], [1, 1, 1]])
    #expect(a.sum == 4 && a.sum(over: .columns) == [1, 3] && a.mean(over: .columns) == [1 / 3.0, 1])
  }
}
