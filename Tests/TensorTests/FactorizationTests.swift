import Tensor
import _TestSupport
import Testing

private let shapes = [
  (0, 0), (0, 3), (3, 0), (1, 1), (1, 5), (5, 1), (17, 17), (64, 17), (17, 64), (257, 64), (150, 140), (140, 150),
]

@Suite struct FactorizationTests {
  @Test(arguments: Family.allCases) func qr(family: Family) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in shapes {
        let a = family.matrix(m, n).converted(to: E.self)
        let factors = try a.qr()
        let p = min(m, n)
        #expect(factors.q.rows == m && factors.q.columns == p && factors.r.rows == p && factors.r.columns == n)
        #expect(orthonormalityDefect(factors.q) <= tolerance(E.self, m), "\(family.rawValue) \(m)x\(n)")
        let bound = tolerance(E.self, max(m, n), scale: a.norm(.frobenius))
        #expect(distance(factors.q * factors.r, a) <= bound, "\(family.rawValue) \(m)x\(n)")
        for i in 0..<p {
          #expect(factors.r[i, i] >= 0)
          for j in 0..<min(i, n) { #expect(factors.r[i, j] == 0) }
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  /// A minus zero would show in the printed matrix.
  @Test func noZeroBelowTheDiagonalOfRIsNegative() throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in shapes {
        let r = try Family.random.matrix(m, n).converted(to: E.self).qr().r
        for i in 0..<r.rows {
          for j in 0..<min(i, n) { #expect(r[i, j] == 0 && r[i, j].sign == .plus, "\(m)x\(n)") }
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: [0, 1, 2, 3, 17, 64, 257]) func symmetricEigen(n: Int) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for family in Family.allCases {
        let base = family.matrix(n, n)
        let a = (base + Matrix(base.transposed)).converted(to: E.self)
        let eigen = try a.symmetricEigen()
        let scale = a.norm(.frobenius)
        #expect(orthonormalityDefect(Matrix(eigen.vectors)) <= tolerance(E.self, n))
        let rebuilt = eigen.vectors * (Matrix.diagonal(eigen.values) * eigen.vectorsTransposed)
        #expect(distance(rebuilt, a) <= tolerance(E.self, n, scale: scale), "\(family.rawValue) \(n)")
        for i in eigen.values.indices.dropFirst() { #expect(eigen.values[i] <= eigen.values[i - 1]) }
        let values = try a.symmetricEigenvalues()
        for i in values.indices {
          #expect(abs(Double(values[i] - eigen.values[i])) <= tolerance(E.self, n, scale: scale))
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: [0, 1, 2, 3, 17, 64, 257]) func choleskyAndItsSolve(n: Int) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      let base = Family.random.matrix(n, n).converted(to: E.self)
      let a = base * base.transposed + .identity(n)
      let factor = try a.cholesky()
      let scale = a.norm(.frobenius)
      #expect(distance(factor.lower * factor.lower.transposed, a) <= tolerance(E.self, n, scale: scale))
      for i in 0..<n {
        #expect(factor.lower[i, i] > 0)
        for j in (i + 1)..<max(n, i + 1) { #expect(factor.lower[i, j] == 0) }
      }
      let right = Family.graded.matrix(n, 3).converted(to: E.self)
      let bound = tolerance(E.self, n, scale: scale * max(1, right.norm(.frobenius)))
      #expect(distance(a * factor.solve(right), right) <= bound)
      #expect(distance(a * (try a.solve(right)), right) <= bound)
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: [64, 65, 130]) func eigenvaluesAloneAreThoseWithVectors(n: Int) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for family in Family.allCases {
        let base = family.matrix(n, n)
        let a = (base + Matrix(base.transposed)).converted(to: E.self)
        let (alone, together) = (try a.symmetricEigenvalues(), try a.symmetricEigen().values)
        let bound = tolerance(E.self, n, scale: a.norm(.frobenius))
        #expect((alone - together).norm <= bound, "\(family.rawValue)")
        #expect(zip(alone, alone.dropFirst()).allSatisfy { $0 >= $1 })
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func resultsAgreeWithNumpy() throws {
    let reference = try Reference.load()
    let (a, b) = (uniform(17, 17, seed: 7), uniform(17, 3, seed: 8))
    let (tall, right) = (uniform(40, 17, seed: 9), uniform(40, 2, seed: 10))
    let deficient = Family.rankDeficient.matrix(40, 17)
    func agree(_ found: Matrix<Double>, _ expected: [Double], _ what: String) {
      let wanted = Matrix(rows: found.rows, columns: found.columns, entries: expected)
      // Condition numbers here are below 1e3.
      #expect(distance(found, wanted) <= tolerance(Double.self, 40, scale: 1e3 * wanted.norm(.maximum)), "\(what)")
    }
    agree(try a.solve(b), reference.solve, "solve")
    agree(Matrix(row: try (a + Matrix(a.transposed)).symmetricEigenvalues()), reference.eigenvalues, "eigenvalues")
    agree(try (a * a.transposed + .identity(17)).cholesky().lower, reference.cholesky, "cholesky")
    agree(try tall.qr().r, reference.r, "R")
    agree(try tall.leastSquares(right).solution, reference.least_squares, "least squares")
    let leastSquares = try deficient.leastSquares(right)
    agree(leastSquares.solution, reference.deficient_least_squares, "deficient least squares")
    #expect(leastSquares.rank == reference.deficient_rank)
    #expect(try deficient.orthonormalized().rank == reference.orth_rank)
    agree(tall.transposed * right, reference.product, "product")
    let norms = [a.norm(.frobenius), a.norm(.one), a.norm(.infinity), try a.spectralNorm()]
    agree(Matrix(row: Vector(norms)), reference.norms, "norms")
  }

  @Test func leastSquaresShapes() throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in shapes {
        let a = Family.random.matrix(m, n).converted(to: E.self)
        let right = Family.hilbert.matrix(m, 2).converted(to: E.self)
        let solution = try a.leastSquares(right).solution
        #expect(solution.rows == n && solution.columns == 2)
        // The residual is orthogonal to the columns.
        let gradient = a.transposed * (a * solution - right)
        #expect(gradient.norm(.maximum) <= tolerance(E.self, max(m, n), scale: 1e2 * max(1, a.norm(.frobenius))))
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func orthonormalizationFindsTheRank() throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in [(17, 17), (64, 17), (17, 64), (257, 64)] {
        let a = Family.rankDeficient.matrix(m, n).converted(to: E.self)
        let found = try a.orthonormalized()
        #expect(found.rank == max(1, min(m, n) / 3))
        let projected = found.basis * (found.basis.transposed * a)
        #expect(distance(projected, a) <= tolerance(E.self, max(m, n), scale: a.norm(.frobenius)))
      }
      #expect(try Matrix<E>.zeros(rows: 4, columns: 3).orthonormalized().rank == 0)
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func dataErrorsAreTyped() {
    let indefinite = Matrix<Double>([[1, 2], [2, 1]])
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) { try indefinite.cholesky() }
    let singular = Matrix<Float>([[1, 2], [2, 4]])
    #expect(throws: LinearAlgebraError.singular(pivot: 1)) { try singular.solve(.identity(2)) }
    let wide = Matrix<Float>.zeros(rows: 2, columns: 3)
    #expect(throws: LinearAlgebraError.self) { try wide.cholesky() }
    #expect(throws: LinearAlgebraError.self) { try wide.symmetricEigen() }
    #expect(throws: LinearAlgebraError.self) { try wide.leastSquares(.zeros(rows: 3, columns: 1)) }
    #expect(throws: LinearAlgebraError.self) { try singular.solve(.zeros(rows: 3, columns: 1)) }
    #expect(throws: LinearAlgebraError.self) { try wide.orthonormalized(tolerance: -1) }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func nonFiniteEntriesAreNamed(value: Double) {
    func check<E: MatrixScalar>(_ type: E.Type) {
      for n in [1, 3, 64, 300] {
        var a = Family.random.matrix(n, n).converted(to: E.self)
        a[n / 2, n - 1] = E(value)
        let expected = LinearAlgebraError.notFinite(row: n / 2, column: n - 1)
        #expect(throws: expected) { try a.svd() }
        #expect(throws: expected) { try a.singularValues() }
        #expect(throws: expected) { try a.svd(rank: 1) }
        #expect(throws: expected) { try a.qr() }
        #expect(throws: expected) { try a.cholesky() }
        #expect(throws: expected) { try a.symmetricEigen() }
        #expect(throws: expected) { try a.symmetricEigenvalues() }
        #expect(throws: expected) { try a.leastSquares(.identity(n)) }
        #expect(throws: expected) { try Matrix<E>.identity(n).leastSquares(a) }
        #expect(throws: expected) { try a.solve(.identity(n)) }
        #expect(throws: expected) { try Matrix<E>.identity(n).solve(a) }
        #expect(throws: expected) { try a.orthonormalized() }
        #expect(throws: expected) { try a.spectrum() }
        #expect(throws: expected) { try a.spectralNorm() }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func sizesBeyond32BitLAPACKAreRefused() {
    let large = Matrix<Float>.zeros(rows: 1 << 31, columns: 0)
    func isRefused<R>(_ body: () throws -> R) -> Bool {
      if case .tooLarge? = #expect(throws: LinearAlgebraError.self, performing: { _ = try body() }) {
        true
      } else {
        false
      }
    }
    #expect(isRefused { try large.svd() })
    #expect(isRefused { try large.singularValues(method: .qrIteration) })
    // Zeros cost no memory until they are touched, and the size is checked first.
    #expect(isRefused { try Matrix<Double>.zeros(rows: 33_000, columns: 33_000).symmetricEigen() })
  }
}
