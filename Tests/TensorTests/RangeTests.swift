import Tensor
import Testing

/// Blocks, parts of rows and parts of columns, read and assigned.
@Suite struct RangeTests {
  private let a = Matrix<Double>(rows: 4, columns: 5) { i, j in Double(10 * i + j) }

  @Test func blocksByRangesOfAnyKind() {
    #expect(a[1..<3, 2...3] == [[12, 13], [22, 23]] && a[...1, 3...] == [[3, 4], [13, 14]])
    #expect(a[2..., ...] == a[rows: 2...] && a[..., ..<2] == a[columns: ..<2] && a[2..<2, 0...].shape == (0, 5))
    #expect(a[1, ...] == a.row(1) && a[1, 3...] == [13, 14] && a[3, 1...2] == [31, 32])
    #expect(a[..., 4] == [4, 14, 24, 34] && a[2..., 0] == [20, 30] && a[..., 4] == a.column(4))
  }

  @Test func rangesAreAssigned() {
    func check<E: MatrixScalar>(_ type: E.Type) {
      var b = Matrix<E>.zeros(rows: 4, columns: 5)
      let before = b
      b[rows: 0..<2] = Matrix(repeating: 1, rows: 2, columns: 5)
      b[columns: 4...] = Matrix(repeating: 2, rows: 4, columns: 1)
      b[2..<4, 1..<3] = [[3, 4], [5, 6]]
      b[3, ...] = [7, 7, 7, 7, 7]
      b[2, 3...] = [8, 9]
      b[..., 0] = [1, 2, 3, 4]
      b[1...2, 3] = [0.5, 0.25]
      b[0..., 1..<2] += Matrix(repeating: 10, rows: 4, columns: 1)
      #expect(b == [[1, 11, 1, 1, 2], [2, 11, 1, 0.5, 2], [3, 13, 4, 0.25, 9], [4, 17, 7, 7, 7]])
      #expect(before == .zeros(rows: 4, columns: 5))
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func partsOfTheSameMatrixAreReadBeforeTheyAreWritten() {
    var b = a
    b[rows: 0..<3] = b[rows: 1..<4]
    #expect(b == Matrix(stackingRows: [a[rows: 1..<4], a[rows: 3..<4]]))
    var c = a
    c[..., 1] = c[..., 0]
    c[0, ...] = c[3, ...]
    #expect(c.column(1) == [30, 10, 20, 30] && c.row(0) == [30, 30, 32, 33, 34])
  }

  @Test func writesThroughLentRowsReachTheMatrix() {
    var b = a
    var escaped = Vector<Double>([])
    b.withMutableRows(1..<3) { part in
      part[0, ...] = [0, 0, 0, 0, 0]
      part[..., 4] = [1, 2]
      escaped = part.row(0)
    }
    #expect(b.row(1) == [0, 0, 0, 0, 1] && b[2, 4] == 2 && b[0, 4] == 4)
    escaped[0] = 9
    #expect(b[1, 0] == 0 && escaped == [9, 0, 0, 0, 1])
  }

  @Test func shapesThatDoNotFitTrapWithBoth() async throws {
    func message(_ result: ExitTest.Result?) throws -> String {
      String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }
    let block = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var b = Matrix<Double>.zeros(rows: 4, columns: 5)
      b[0..<2, 1...] = [[1, 2]]
    }
    #expect(try message(block).contains("a 1x2 matrix cannot replace the 2x4 block [0..<2, 1..<5] of a 4x5 matrix"))
    let row = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var b = Matrix<Float>.zeros(rows: 4, columns: 5)
      b[1, ...] = [1, 2]
    }
    #expect(try message(row).contains("a 1x2 matrix cannot replace the 1x5 block [1..<2, 0..<5] of a 4x5 matrix"))
    let outside = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(Matrix<Double>.zeros(rows: 4, columns: 5)[..., -1])
    }
    #expect(try message(outside).contains("columns -1..<0 of a 4x5 matrix"))
  }
}
