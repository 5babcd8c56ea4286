import Tensor
import Testing

/// Shapes that come from outside and fit into no memory.
@Suite struct MemoryTests {
  @Test func shapesThatFitIntoNoMemoryAreTypedErrors() throws {
    for (rows, columns) in [(1_000_000, 1_000_000), (Int.max, 2), (Int.max / 2, Int.max / 2), (1, Int.max)] {
      #expect(throws: LinearAlgebraError.exceedsMemory(rows: rows, columns: columns, limit: usableMemory)) {
        try Matrix<Float>.checkFits(rows: rows, columns: columns)
      }
    }
    #expect(throws: LinearAlgebraError.self) { try Matrix<Float>.checkFits(rows: -1, columns: 3) }
    try Matrix<Double>.checkFits(rows: 1000, columns: 1000)
    try Matrix<Double>.checkFits(rows: 0, columns: Int.max)
  }

  @Test func allVectorsOfALongMatrixAreRefused() {
    let long = Matrix<Float>.zeros(rows: 3, columns: 1_000_000)
    #expect(throws: LinearAlgebraError.exceedsMemory(rows: 1_000_000, columns: 1_000_000, limit: usableMemory)) {
      try long.svd(vectors: .full)
    }
  }
}
