import Foundation
import Tensor
import _TestSupport
import Testing

/// What is made of a decomposition: its right vectors, its leading triplets, the matrix again, a product of two factors.
@Suite struct SVDFactorTests {
  @Test func theRightVectorsInColumns() throws {
    let a = Family.random.matrix(9, 5)
    for vectors in [SingularVectors.thin, .full] {
      let svd = try a.svd(vectors: vectors)
      #expect(svd.v.rows == 5 && svd.v.transposed == svd.vTransposed)
      #expect(distance(a * svd.v, svd.u[columns: 0..<5] * Matrix.diagonal(svd.singularValues)) < 1e-14)
    }
    #expect(try a.svd(rank: 2).v.transposed == a.svd(rank: 2).vTransposed)
  }

  @Test func allTripletsGiveTheMatrixAgain() throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in [(0, 3), (1, 1), (7, 12), (12, 7), (60, 60)] {
        let a = Family.random.matrix(m, n).converted(to: E.self)
        for vectors in [SingularVectors.thin, .full] {
          let rebuilt = try a.svd(vectors: vectors).reconstructed()
          #expect(rebuilt.rows == m && rebuilt.columns == n)
          #expect(distance(rebuilt, a) <= tolerance(E.self, m + n))
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func leadingTripletsAreTheBestApproximation() throws {
    let a = Family.random.matrix(20, 14)
    let svd = try a.svd()
    for k in [0, 1, 5, 14] {
      let some = svd.truncated(to: k)
      #expect(some.u.columns == k && some.singularValues.count == k && some.vTransposed.rows == k)
      #expect(some.method == svd.method)
      // Eckart and Young: the distance is the next singular value.
      let error = try (a - some.reconstructed()).singularValues()[0]
      #expect(abs(error - (k < 14 ? svd.singularValues[k] : 0)) < 1e-13)
      // What was left out is still measured.
      #expect(some.spectrum == svd.spectrum)
      #expect(some.truncated(to: k / 2).spectrum == svd.spectrum)
      #expect(try JSONDecoder().decode(SVD<Double>.self, from: JSONEncoder().encode(some)) == some)
    }
    let few = try a.svd(vectors: .allLeft(right: 3))
    #expect(distance(few.reconstructed(), svd.truncated(to: 3).reconstructed()) < 1e-13)
  }

  @Test func decompositionsWrittenBeforeTruncationAreRead() throws {
    let json = """
      {"u": {"rows": 1, "columns": 1, "entries": [1]}, "singularValues": [2], "method": "QR iteration",
       "vTransposed": {"rows": 1, "columns": 1, "entries": [1]}}
      """
    let svd = try JSONDecoder().decode(SVD<Double>.self, from: Data(json.utf8))
    #expect(svd == (try Matrix<Double>([[2]]).svd()))
  }

  @Test func theApproximationOfLeadingTriplets() throws {
    let a = Family.graded.matrix(200, 150)
    let top = try a.svd(rank: 4, tolerance: 1e-6)
    #expect(top.method == .blockKrylov)
    #expect(distance(top.reconstructed(), try a.svd().truncated(to: 4).reconstructed()) < 1e-6)
  }

  @Test(arguments: SingularValuePlacement.allCases) func aDecompositionAsAProduct(placement: SingularValuePlacement)
    throws
  {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      let a = Family.random.matrix(12, 9).converted(to: E.self)
      let svd = try a.svd()
      let product = LowRankProduct(svd.truncated(to: 4), placing: placement)
      #expect(product.left.columns == 4 && product.innerDimension == 4)
      let bound = tolerance(E.self, 12)
      #expect(distance(product.matrix(), svd.truncated(to: 4).reconstructed()) <= bound)
      let values = Matrix.diagonal(Vector(svd.singularValues.prefix(4)))
      let (left, right) = (product.left.gram(.columns), product.right.gram(.rows))
      let (expectedLeft, expectedRight): (Matrix<E>, Matrix<E>) =
        switch placement {
        case .both: (values, values)
        case .left: (values * values, .identity(4))
        case .right: (.identity(4), values * values)
        }
      #expect(distance(left, expectedLeft.converted(to: Double.self)) <= bound * 4)
      #expect(distance(right, expectedRight.converted(to: Double.self)) <= bound * 4)
      #expect(distance(product.scaled(by: -2).matrix(), product.matrix() * E(-2)) <= bound)
      let full = LowRankProduct(try a.svd(vectors: .full), placing: placement)
      #expect(full.innerDimension == 9 && distance(full.matrix(), a) <= bound)
      #expect(
        distance(LowRankProduct(try a.svd(rank: 2), placing: placement).matrix(), svd.truncated(to: 2).reconstructed())
          <= bound)
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func theSpectrumOfAProductIsThatOfItsMatrix() throws {
    let product = LowRankProduct(left: Family.random.matrix(30, 4), right: uniform(4, 20, seed: 9))
    let (found, expected) = (try product.spectrum(), try product.matrix().spectrum())
    #expect(found.singularValues.count == 20 && found.numericalRank == 4 && expected.numericalRank == 4)
    #expect(found.conditionNumber == .infinity)
    let (ratio, other) = (try #require(found.participationRatio), try #require(expected.participationRatio))
    #expect(abs(ratio / other - 1) < 1e-12)
  }

  @Test func descriptionsAreAFewLines() throws {
    let a = Family.graded.matrix(60, 50)
    let batch = MatrixBatch(stacked: a, rows: 6)
    let texts: [String] = [
      "\(try a.svd())", "\(try a.svd(rank: 3))", "\(try a.spectrum())", "\(batch)", "\(try batch.svd())",
      "\(LowRankProduct(try a.svd().truncated(to: 2)))",
    ]
    for text in texts {
      let lines = text.split(separator: "\n")
      #expect(lines.count <= 4 && lines.allSatisfy { $0.count <= 200 }, "\(text)")
    }
    #expect(texts[0].contains("60x50") && texts[0].contains("one-pass bidiagonalization"))
    #expect(texts[1].contains("residual:") && texts[3] == "10 matrices of 6x50 Double")
    #expect("\(SVDMethod.qrIteration)" == "QR iteration" && "\(UsedSVDMethod.blockKrylov)" == "block Krylov")
    #expect("\(Spectrum(Vector<Double>([0]), rows: 1, columns: 1))".contains("undefined"))
  }

  @Test func everyRequestHasARecordWithItsWords() {
    for method in SVDMethod.allCases { #expect(UsedSVDMethod(method).rawValue == method.rawValue) }
    #expect(Set(UsedSVDMethod.allCases).subtracting(SVDMethod.allCases.map(UsedSVDMethod.init)) == [.blockKrylov])
  }
}
