import Tensor
import Testing

@Suite struct DescriptionTests {
  @Test func matricesAreSmallTables() {
    #expect("\(Matrix<Float>([[1, 2.5], [-3, 4]]))" == "2x2 Float\n 1  2.5\n-3    4")
    let large = "\(Matrix<Double>.zeros(rows: 1000, columns: 1000))"
    #expect(large.split(separator: "\n").count == 9 && large.contains("…") && large.contains("⋮"))
    #expect("\(Matrix<Double>.zeros(rows: 0, columns: 3))" == "0x3 Double")
    #expect("\(Matrix<Double>.zeros(rows: 3, columns: 0))" == "3x0 Double")
    #expect("\(Matrix<Double>([[.nan, 1e-300], [-.infinity, 123_456_789]]))".contains("1.23457e+08"))
  }

  @Test func transposesShowTheTranspose() {
    #expect("\(Matrix<Double>([[1, 2, 3], [4, 5, 6]]).transposed)" == "3x2 Double, transposed\n1  4\n2  5\n3  6")
  }

  @Test func longVectorsAreCut() {
    #expect("\(Vector<Float>([1, 2]))" == "[1, 2]" && "\(Vector<Float>([]))" == "[]")
    let text = "\(Vector<Double>.zeros(count: 1000))"
    #expect(text.hasPrefix("[0, 0, ") && text.contains("…") && text.hasSuffix(", 0] (1000 entries)"))
  }
}
