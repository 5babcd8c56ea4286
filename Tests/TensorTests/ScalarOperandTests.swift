import Tensor
import Testing

/// A matrix or a vector with one number, and a matrix with one vector for all rows or columns.
@Suite struct ScalarOperandTests {
  @Test func numbers() {
    func check<E: MatrixScalar>(_ type: E.Type) {
      let a: Matrix<E> = [[1, 2, 3], [4, 5, 6]]
      #expect(a + 1 == [[2, 3, 4], [5, 6, 7]] && a - 1 == [[0, 1, 2], [3, 4, 5]] && a / 2 == 0.5 * a)
      var b = a
      b += 2
      b -= 1
      b *= 4
      b /= 2
      #expect(b == 2 * a + 2 && b == a * 2 + 2)
      b[columns: 1...] *= 0.5
      #expect(b == [[4, 3, 4], [10, 6, 7]])
      var v: Vector<E> = [1, -2]
      v += [1, 1]
      v *= 3
      v -= [0, 1]
      v /= 2
      #expect(v == [3, -2] && -v == [-3, 2] && v * 2 == 2 * v && v / 2 == [1.5, -1])
      v += 1
      v -= 3
      #expect(v == [1, -4] && v + 1 == [2, -3] && v - 1 == [0, -5])
      #expect((a / 0)[0, 0] == .infinity)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func rowsAndColumns() {
    func check<E: MatrixScalar>(_ type: E.Type) {
      let whole: Matrix<E> = [[0, 1, 2, 3], [0, 4, 5, 6], [0, 7, 8, 9]]
      let a = whole[..<2, 1...]
      #expect(a + [1, 10, 100] == [[2, 12, 103], [5, 15, 106]] && a - a.row(0) == [[0, 0, 0], [3, 3, 3]])
      #expect(a.scaled(.rows, by: [2, 3]) == [[2, 4, 6], [12, 15, 18]])
      #expect(a.scaled(.columns, by: [1, 0, -1]) == [[1, 0, -3], [4, 0, -6]])
      var b = whole
      b += [1, 0, 0, 0]
      b -= [0, 1, 0, 0]
      b.scale(.rows, by: [1, 2, 3])
      b.scale(.columns, by: [2, 1, 1, 1])
      #expect(b == [[2, 0, 2, 3], [4, 6, 10, 12], [6, 18, 24, 27]] && whole[0, 0] == 0)
      #expect(a - a.mean(over: .rows) == a.centeredRows())
    }
    check(Float.self)
    check(Double.self)
    let single: Matrix<Float> = [[1, 2], [3, 5]]
    #expect(single - single.mean(over: .rows) == single.centeredRows())
    #expect(single + single.mean(over: .rows) == [[3, 5.5], [5, 8.5]])
  }

  @Test func comparisonsAreRelativeToTheLargestEntry() {
    let a: Matrix<Double> = [[1e6, 1], [0, -1]]
    #expect(a.isApproximatelyEqual(to: a + 1e-3) && !a.isApproximatelyEqual(to: a + 1))
    #expect(a.isApproximatelyEqual(to: a + 1, tolerance: 1e-5) && !a.isApproximatelyEqual(to: a[rows: ..<1]))
    let infinite: Matrix<Float> = [[.infinity, 1]]
    #expect(infinite.isApproximatelyEqual(to: infinite) && !infinite.isApproximatelyEqual(to: [[.infinity, 2]]))
    #expect(Vector<Float>([0, 0]).isApproximatelyEqual(to: [0, 0]) && Matrix<Float>([]).isApproximatelyEqual(to: []))
  }

  @Test func vectorsThatDoNotFitTrapWithBothShapes() async throws {
    func message(_ result: ExitTest.Result?) throws -> String {
      String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }
    let row = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Matrix<Double>.zeros(rows: 2, columns: 3) - Vector<Double>([1, 2]))
    }
    #expect(try message(row).contains("a vector of 2 entries for the rows of a 2x3 matrix"))
    let factors = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Matrix<Double>.zeros(rows: 2, columns: 3).scaled(.rows, by: [1, 2, 3]))
    }
    #expect(try message(factors).contains("3 factors for the 2 rows of a 2x3 matrix"))
  }
}
