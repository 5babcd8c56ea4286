import Synchronization
import Tensor
import _TestSupport
import Testing

private let sizes = [0, 1, 2, 3, 17, 64, 257]

/// Every size as a square, a tall and a wide shape.
private let shapes = sizes.flatMap { n in [(n, n), (2 * n + 1, n), (n, 2 * n + 1)] }

/// Reconstruction, orthonormality, order and signs of a thin decomposition.
private func checkInvariants<E>(_ a: Matrix<E>, _ svd: SVD<E>, _ label: String) {
  let (m, n, p) = (a.rows, a.columns, min(a.rows, a.columns))
  #expect(svd.u.rows == m && svd.u.columns == p && svd.vTransposed.rows == p && svd.vTransposed.columns == n)
  #expect(svd.singularValues.count == p)
  let bound = tolerance(E.self, max(m, n))
  #expect(orthonormalityDefect(svd.u) <= bound, "U of \(label)")
  #expect(orthonormalityDefect(Matrix(svd.vTransposed.transposed)) <= bound, "V of \(label)")
  let scale = Double(svd.singularValues.first ?? 0)
  let rebuilt = svd.u * (Matrix.diagonal(svd.singularValues) * svd.vTransposed)
  #expect(distance(rebuilt, a) <= tolerance(E.self, max(m, n), scale: scale), "A − UΣVᵀ of \(label)")
  #expect(svd.residual(of: a) <= bound, "residual of \(label)")
  for i in svd.singularValues.indices {
    #expect(svd.singularValues[i] >= 0)
    if i > 0 { #expect(svd.singularValues[i] <= svd.singularValues[i - 1], "order of \(label)") }
    let row = Array(svd.vTransposed.row(i))
    let largest = row.map(\.magnitude).max() ?? 0
    let first = row.first { $0.magnitude >= largest * (1 - 1e-4) } ?? 0
    #expect(first > 0, "sign of vector \(i) of \(label)")
  }
}

@Suite struct SVDTests {
  @Test(arguments: Family.allCases) func invariantsHold(family: Family) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in shapes {
        let a = family.matrix(m, n).converted(to: E.self)
        checkInvariants(a, try a.svd(), "\(family.rawValue) \(m)x\(n) \(E.self)")
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func valuesAgreeWithNumpy() throws {
    for reference in try Reference.load().singular_values {
      let family = try #require(Family(rawValue: reference.family))
      let a = family.matrix(reference.rows, reference.columns)
      let scale = reference.values[0]
      func check<E: MatrixScalar>(_ type: E.Type) throws {
        let bound = tolerance(E.self, max(a.rows, a.columns), scale: scale)
        let values = try a.converted(to: E.self).singularValues()
        let withVectors = try a.converted(to: E.self).svd().singularValues
        for (i, expected) in reference.values.enumerated() {
          #expect(abs(Double(values[i]) - expected) <= bound, "\(reference.family) σ\(i)")
          #expect(abs(Double(withVectors[i]) - expected) <= bound, "\(reference.family) σ\(i) with vectors")
        }
      }
      try check(Double.self)
      try check(Float.self)
    }
  }

  @Test(arguments: [1e30, 1e-30, 1e300, 1e-300]) func scaleDoesNotMatter(scale: Double) throws {
    for family in Family.allCases {
      for (m, n) in [(3, 3), (64, 17), (17, 64)] {
        let a = family.matrix(m, n)
        let scaled = try (scale * a).svd()
        checkInvariants(scale * a, scaled, "\(family.rawValue) \(m)x\(n) times \(scale)")
        let plain = try a.svd()
        for i in plain.singularValues.indices {
          #expect(
            abs(scaled.singularValues[i] / scale - plain.singularValues[i])
              <= tolerance(Double.self, max(m, n), scale: plain.singularValues[0]))
        }
      }
    }
  }

  @Test func fullVectorsAreABasis() throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in [(0, 3), (3, 0), (1, 5), (5, 1), (17, 17), (40, 17), (17, 40), (90, 64), (64, 200)] {
        let a = Family.random.matrix(m, n).converted(to: E.self)
        let svd = try a.svd(vectors: .full)
        let other = try a.svd(vectors: .full, method: .qrIteration)
        #expect((svd.singularValues - other.singularValues).norm <= tolerance(E.self, m + n))
        #expect(svd.u.rows == m && svd.u.columns == m)
        #expect(svd.vTransposed.rows == n && svd.vTransposed.columns == n)
        #expect(orthonormalityDefect(svd.u) <= tolerance(E.self, m))
        #expect(orthonormalityDefect(svd.vTransposed) <= tolerance(E.self, n))
        #expect(svd.residual(of: a) <= tolerance(E.self, max(m, n)))
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: [
    SVDMethod.onePass, .qrIteration,
  ]) func everyMethodByName(method: SVDMethod) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for family in Family.allCases {
        for (m, n) in [(0, 2), (1, 7), (17, 17), (33, 17), (17, 33)] {
          let a = family.matrix(m, n).converted(to: E.self)
          let svd = try a.svd(method: method)
          #expect(svd.method == UsedSVDMethod(method))
          checkInvariants(a, svd, "\(method.rawValue) \(family.rawValue) \(m)x\(n)")
          let values = try a.singularValues(method: method)
          for i in values.indices {
            #expect(
              abs(values[i] - svd.singularValues[i])
                <= E(tolerance(E.self, max(m, n), scale: Double(values[0]))))
          }
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func theLadderGoesOnWhereAMethodFails() throws {
    var tried: [SVDMethod] = []
    let (result, method) = try converge([
      .gram, .onePass, .qrIteration,
    ]) { (method) throws(LinearAlgebraError) -> Int? in
      tried.append(method)
      return method == .qrIteration ? 7 : nil
    }
    #expect(result == 7 && method == .qrIteration)
    #expect(tried == [.gram, .onePass, .qrIteration])
    #expect(throws: LinearAlgebraError.noConvergence(tried: ["QR iteration"])) {
      try converge([.qrIteration]) { (_) throws(LinearAlgebraError) -> Int? in nil }
    }
  }

  @Test func transpositionExchangesTheSides() throws {
    let a = Family.graded.matrix(30, 17)
    let (svd, transposed) = (try a.svd(), try Matrix(a.transposed).svd())
    // Compare projectors: vectors have signs and may mix.
    let left = svd.u * svd.u.transposed
    let right = transposed.vTransposed.transposed * transposed.vTransposed
    #expect(distance(left, right) < tolerance(Double.self, 30))
  }

  @Test(arguments: [(150, 130), (130, 150)]) func aLongDecompositionSaysHowFarItIs(shape: (Int, Int)) throws {
    let a = Family.random.matrix(shape.0, shape.1)
    let calls = Mutex([Int]())
    let svd = try a.svd(method: .onePass) { done, total in
      #expect(total == 1000)
      calls.withLock { $0.append(done) }
    }
    let heard = calls.withLock(\.self)
    // A panel has 32 columns; the reduction is two fifths of the work, what follows reports as well.
    let reduction = heard.prefix(4)
    #expect(reduction.allSatisfy { $0 > 0 && $0 <= 400 } && heard == heard.sorted() && heard.last == 1000)
    #expect(heard.contains { $0 > 400 && $0 <= 700 } && heard.contains { $0 > 700 && $0 < 1000 })
    #expect(svd == (try a.svd(method: .onePass)))
    let values = Mutex([Int]())
    _ = try a.converted(to: Float.self).singularValues(method: .onePass) { done, _ in
      values.withLock { $0.append(done) }
    }
    let valuesTold = values.withLock(\.self)
    #expect(valuesTold.count == 5 && (901...950).contains(valuesTold[3]) && valuesTold[4] == 1000)
  }

  @Test func theSameInputGivesTheSameBits() throws {
    let a = Family.random.matrix(150, 120)
    #expect(try a.svd() == a.svd())
    #expect(try a.svd(rank: 3) == a.svd(rank: 3))
  }

  @Test func viewsAreFactoredWithoutTheirSurroundings() throws {
    let whole = Family.random.matrix(40, 30)
    let view = whole[rows: 5..<25][columns: 3..<20]
    #expect(try view.svd() == view.compacted().svd())
    checkInvariants(view, try view.svd(), "view")
  }

  @Test func fourAtOnceAgreeWithOne() async throws {
    let a = Family.random.matrix(200, 150)
    let alone = try await a.svd()
    try await withThrowingTaskGroup(of: SVD<Double>.self) { group in
      for _ in 0..<4 { group.addTask { try await a.svd() } }
      for try await result in group { #expect(result == alone) }
    }
  }
}

@Suite struct TruncatedSVDTests {
  @Test(arguments: Family.allCases) func theCertificateHolds(family: Family) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in [(257, 200), (200, 257)] {
        let a = family.matrix(m, n).converted(to: E.self)
        let values = try a.singularValues()
        for k in [1, 5] {
          let found = try a.svd(rank: k, tolerance: 1e-3)
          #expect(found.u.columns == k && found.vTransposed.rows == k && found.singularValues.count == k)
          #expect(found.residual <= 1e-3, "\(family.rawValue) rank \(k)")
          #expect(orthonormalityDefect(found.u) <= tolerance(E.self, m))
          #expect(orthonormalityDefect(Matrix(found.vTransposed.transposed)) <= tolerance(E.self, n))
          for i in 0..<k {
            #expect(abs(found.singularValues[i] - values[i]) <= 1e-3 * values[0], "\(family.rawValue) σ\(i)")
          }
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func theToleranceDecidesTheMethod() throws {
    let a = Family.random.matrix(257, 257)
    #expect(try a.svd(rank: 1, tolerance: 0).method == .onePass)
    #expect(try a.svd(rank: 257).method == .onePass)
    #expect(try Family.graded.matrix(257, 257).svd(rank: 1, tolerance: 0.1).method == .blockKrylov)
  }

  @Test func zeroAndTinyMatrices() throws {
    #expect(try Matrix<Float>.zeros(rows: 100, columns: 90).svd(rank: 2).residual == 0)
    #expect(try Matrix<Double>([[3]]).svd(rank: 1).singularValues == [3])
    let zero = try Matrix<Double>.zeros(rows: 300, columns: 200).svd(rank: 3)
    #expect(orthonormalityDefect(zero.u) <= tolerance(Double.self, 300))
  }

  @Test func rankOutOfRangeIsATypedError() {
    let a = Family.random.matrix(5, 4)
    for k in [0, -1, 5] {
      #expect(throws: LinearAlgebraError.invalidArgument("rank \(k) is outside 1...4 for a 5x4 matrix")) {
        try a.svd(rank: k)
      }
    }
    #expect(throws: LinearAlgebraError.self) { try a.svd(rank: 2, tolerance: .nan) }
    #expect(throws: LinearAlgebraError.self) { try Matrix<Float>.zeros(rows: 0, columns: 3).svd(rank: 1) }
  }
}
