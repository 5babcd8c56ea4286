import Foundation
import _TestSupport
import Testing

@testable import Tensor

/// Small matrices on the paths of large ones: split among threads, in several blocks, with several strips of a product.
@Suite struct TuningTests {
  /// Everything is split, and blocks have eight columns.
  private func withSmallTuning<Result>(_ body: () throws -> Result) rethrows -> Result {
    var (products, factorizations, threads) = (
      ProductTuning.standard, FactorizationTuning.standard, ThreadTuning.standard
    )
    (threads.flopsWorthSplitting, products.flopsWorthSplitting, products.smallestLargeFactor) = (0, 0, 1)
    (products.thinnest, products.paddedRows, products.innerRatioWorthSplitting) = (20, 3, 4)
    (factorizations.choleskyWidth, factorizations.eliminationWidth, factorizations.qrWidth) = (8, 8, 8)
    (factorizations.manyReflectors, factorizations.fewReflectors, factorizations.fewReflectorsBelow) = (8, 4, 20)
    (factorizations.smallestTridiagonal, factorizations.smallestThreadedReduction) = (10, 10)
    return try withBLASThreads(3) { try withTuning(products, factorizations, threads, run: body) }
  }

  @Test func qrInBlocks() throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in [(40, 40), (61, 30), (30, 61)] {
        let a = Family.random.matrix(m, n).converted(to: E.self)
        let (blocked, plain) = (try withSmallTuning { try a.qr() }, try a.qr())
        #expect(orthonormalityDefect(blocked.q) <= tolerance(E.self, m))
        let bound = tolerance(E.self, max(m, n), scale: a.norm(.frobenius))
        #expect(distance(blocked.q * blocked.r, a) <= bound)
        #expect(distance(blocked.r, plain.r) <= 100 * bound)
        // Another order of summation, so that the values were in fact replaced.
        #expect(blocked.r != plain.r)
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func choleskyAndEliminationInBlocks() throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      let base = Family.random.matrix(45, 45).converted(to: E.self)
      let a = base * base.transposed + .identity(45)
      let right = Family.random.matrix(45, 7).converted(to: E.self)
      let bound = tolerance(E.self, 45, scale: a.norm(.frobenius))
      try withSmallTuning {
        let factor = try a.cholesky()
        #expect(distance(factor.lower * factor.lower.transposed, a) <= bound)
        #expect((0..<45).allSatisfy { i in factor.lower.row(i).dropFirst(i + 1).allSatisfy { $0 == 0 } })
        #expect(distance(a * factor.solve(right), right) <= 10 * bound)
        #expect(distance(a * (try a.solve(right)), right) <= 10 * bound)
        // Pivots beyond the first block.
        let permuted = base.rows(at: (0..<45).reversed())
        #expect(distance(permuted * (try permuted.solve(right)), right) <= 1000 * bound)
      }
      var indefinite = a
      indefinite[33, 33] = -1
      let found = #expect(throws: LinearAlgebraError.self) { try withSmallTuning { try indefinite.cholesky() } }
      #expect(found == .notPositiveDefinite(order: 34))
      var singular = a
      for j in 0..<45 { singular[20, j] = 0 }
      #expect(throws: LinearAlgebraError.singular(pivot: 20)) { try withSmallTuning { try singular.solve(right) } }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func eigenvectorsByTheTridiagonalForm() throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      let base = Family.random.matrix(40, 40)
      let a = (base + Matrix(base.transposed)).converted(to: E.self)
      let (split, plain) = (try withSmallTuning { try a.symmetricEigen() }, try a.symmetricEigen())
      let bound = tolerance(E.self, 40, scale: a.norm(.frobenius))
      #expect(orthonormalityDefect(Matrix(split.vectors)) <= tolerance(E.self, 40))
      let rebuilt = split.vectors * (Matrix.diagonal(split.values) * split.vectorsTransposed)
      #expect(distance(rebuilt, a) <= bound)
      #expect((split.values - plain.values).norm <= bound)
      #expect((try withSmallTuning { try a.symmetricEigenvalues() } - plain.values).norm <= bound)
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func productsInEveryPlaceAndForm() throws {
    func check<E: MatrixScalar>(_ type: E.Type) {
      // Thin and not, beyond whole vectors and not, and a long inner dimension.
      for (m, k, n) in [(41, 37, 5), (41, 37, 16), (41, 37, 23), (5, 37, 41), (23, 37, 41), (3, 41, 4), (1, 9, 1)] {
        let a = Family.random.matrix(m, k).converted(to: E.self)
        let b = Family.random.matrix(k, n).converted(to: E.self)
        let exact = Matrix<Double>(rows: m, columns: n) { i, j in a.row(i).dot(b.column(j)) }
        let (aTurned, bTurned) = (Matrix(a.transposed).transposed, Matrix(b.transposed).transposed)
        let bound = tolerance(E.self, k, scale: exact.norm(.frobenius))
        withSmallTuning {
          var found = [a * b, aTurned * b, a * bTurned, aTurned * bTurned]
          for large in [LargeFactor.left, .right] {
            found += [
              product(a, b, large: large), product(aTurned, b, large: large), product(a, bTurned, large: large),
              product(aTurned, bTurned, large: large),
            ]
          }
          for (i, c) in found.enumerated() {
            #expect(distance(c.converted(to: Double.self), exact) <= bound, "form \(i) of \(m)x\(k)x\(n)")
          }
          let x = b.column(0)
          #expect(distance(Matrix(column: a * x), Matrix(column: aTurned * x)) <= bound)
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func theThinFactorOfAProductIsFound() {
    func large(_ m: Int, _ k: Int, _ n: Int) -> LargeFactor? {
      LargeFactor(of: Matrix<Float>.zeros(rows: m, columns: k), Matrix<Float>.zeros(rows: k, columns: n))
    }
    withSmallTuning {
      #expect(large(41, 37, 5) == nil, "a padded factor would be mostly zeros")
      #expect(large(41, 37, 16) == .left && large(16, 37, 41) == .right && large(5, 37, 41) == .right)
      #expect(large(41, 37, 41) == nil && large(3, 300, 4) == nil)
    }
    #expect(large(41, 37, 16) == nil)
  }

  @Test func gramMatricesInParts() {
    let a = Family.random.matrix(50, 21)
    withSmallTuning {
      #expect(distance(a.gram(.columns), a.transposed * a) < 1e-12)
      #expect(distance(a.gram(.rows), a * a.transposed) < 1e-12)
    }
  }

  @Test func replacedValuesHoldInsideAndOnEveryThreadOfASplit() {
    var tuning = FactorizationTuning.standard
    tuning.qrWidth = 7
    var threads = ThreadTuning.standard
    threads.flopsWorthSplitting = 0
    let seen = withBLASThreads(3) {
      withTuning(tuning, threads) { inParts(3, flops: 1) { ($0.count, FactorizationTuning.current.qrWidth) } }
    }
    #expect(seen.map(\.0) == [1, 1, 1] && seen.map(\.1) == [7, 7, 7])
    #expect(FactorizationTuning.current.qrWidth == FactorizationTuning.standard.qrWidth)
  }

  @Test func aCountAskedForInsideOfAPartDoesNotWait() {
    var threads = ThreadTuning.standard
    threads.flopsWorthSplitting = 0
    let seen = withBLASThreads(2) {
      withTuning(threads) { inParts(2, flops: 1) { _ in withBLASThreads(2) { inParts(4, flops: 1) { $0.count } } } }
    }
    #expect(seen == [[4], [4]])
  }

  @Test func onlyOneFileNamesTheConstantsOfCBLAS() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardized
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var naming: [String] = []
    for case let file as URL in files where file.pathExtension == "swift" {
      if try String(contentsOf: file, encoding: .utf8).contains("Cblas") { naming.append(file.lastPathComponent) }
    }
    #expect(naming == ["BLAS.swift"])
  }
}
