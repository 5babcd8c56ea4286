import Foundation
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

  @Test func factorizationsAreAFewLines() throws {
    let a: Matrix<Double> = [[-3, 1], [-4, 2]]
    #expect("\(try a.qr())" == "QR of a 2x2 matrix of Double\ndiagonal of R: [5, 0.4]")
    let symmetric: Matrix<Float> = [[4, 0], [0, 9]]
    #expect("\(try symmetric.cholesky())" == "Cholesky factor of a 2x2 matrix of Float\ndiagonal of L: [2, 3]")
    #expect(
      "\(try symmetric.symmetricEigen())"
        == "eigenvalues and eigenvectors of a symmetric 2x2 matrix of Float\n2 eigenvalues: [9, 4]")
    #expect("\(try a.leastSquares([[1], [2]]))" == "least-squares solution 2x1 of Double, rank 2")
    #expect(
      "\(try a.orthonormalized(tolerance: 1e-9))" == "orthonormal basis 2x2 of Double, rank 2 at tolerance 1e-09")
    #expect("\(BFloat16(Float.pi))" == "3.140625")
  }

  @Test func whatTheMachineIsFoundToBeIsWords() throws {
    func decoded<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
      try JSONDecoder().decode(type, from: Data(json.utf8))
    }
    let answer = try decoded(KnownAnswer.self, #"{"name": "products", "passed": false, "detail": "error 1"}"#)
    #expect("\(answer)" == "products: wrong (error 1)")
    let mended = #"{"chosen": "Prescott", "kernels": "Haswell", "outcome": "mended"}"#
    #expect(
      "\(try decoded(OpenBLASSetUp.self, mended))"
        == "OpenBLAS runs its Haswell kernels and chose Prescott by itself: mended")
    let cache = try decoded(SecondLevelCache.self, #"{"reportedBySystem": 2097152}"#)
    #expect("\(cache)" == "second-level cache: OpenBLAS assumes no size, the system reports 2048 KiB")
  }
}
