import Synchronization
import Testing
import _TestSupport

@testable import Tensor

/// The code for large matrices on matrices of order 40: the sizes at which decompositions change what they do are
/// lowered, so that debug builds meet threaded reductions with several panels, recursion, merges in several parts and the
/// borders between methods.
@Suite struct SVDTuningTests {
  /// Sizes at which an order of 40 is large.
  private static var small: SVDTuning {
    var tuning = SVDTuning()
    (tuning.onePassFrom, tuning.elongatedFrom, tuning.panelColumns, tuning.largestLeaf) = (4, 1, 6, 3)
    tuning.threadedReductionFrom = 1
    (tuning.mergeColumns, tuning.smallTriangle, tuning.jacobiUpTo) = ((5, 7), 2, 4)
    return tuning
  }

  /// Runs `body` with these sizes on so many threads.
  private func large<Result>(
    _ threads: Int, _ tuning: SVDTuning = SVDTuningTests.small, _ body: () throws -> Result
  ) throws -> Result {
    try withBLASThreads(threads) {
      try SVDTuning.$current.withValue(tuning) { try body() }
    }
  }

  /// Reconstruction, orthonormality, and values as QR iteration finds them.
  private func check<E>(_ a: Matrix<E>, _ svd: SVD<E>, _ label: Comment) throws {
    let expected = try a.converted(to: Double.self).singularValues(method: .qrIteration)
    let bound = tolerance(E.self, a.rows + a.columns)
    #expect(distance(svd.reconstructed(), a) <= bound * expected[0], label)
    #expect(orthonormalityDefect(svd.u) <= bound && orthonormalityDefect(Matrix(svd.v)) <= bound, label)
    for (value, exact) in zip(svd.singularValues, expected) {
      #expect(abs(Double(value) - exact) <= bound * expected[0], label)
    }
  }

  @Test(arguments: [1, 2, 3]) func squareMatrices(threads: Int) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for family in Family.allCases {
        for (m, n) in [(40, 40), (41, 38), (38, 41)] {
          let a = family.matrix(m, n).converted(to: E.self)
          let svd = try large(threads) { try a.svd(method: .onePass) }
          try self.check(a, svd, "\(family.rawValue) \(m)x\(n) \(E.self)")
          let values = try large(threads) { try a.singularValues(method: .onePass) }
          #expect((values - svd.singularValues).norm <= tolerance(E.self, m, scale: Double(svd.singularValues[0])))
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func fullVectors() throws {
    let a = Family.random.matrix(45, 40)
    let svd = try large(2) { try a.svd(vectors: .full, method: .onePass) }
    #expect(svd.u.columns == 45 && orthonormalityDefect(svd.u) <= tolerance(Double.self, 45))
    #expect(distance(svd.reconstructed(), a) <= tolerance(Double.self, 45))
  }

  /// Were the sizes not read, the reduction would have one panel, and say so once.
  @Test func panelsAreAsWideAsAsked() throws {
    let a = Family.random.matrix(40, 40)
    let heard = Mutex([Int]())
    _ = try large(2) { try a.svd(method: .onePass) { done, _ in heard.withLock { $0.append(done) } } }
    let reduction = heard.withLock(\.self).filter { $0 < 400 }
    #expect(reduction.count == 6, "\(reduction)")
  }

  /// Blocks of every size deflate, and merge from leaves of one to three rows on.
  @Test(arguments: [1, 3]) func bidiagonalMatricesOfEveryOrder(threads: Int) throws {
    for order in 1...24 {
      for off in [1.0, 0.5, 1e-9, 0] {
        let b = Matrix<Double>(rows: order, columns: order) { i, j in
          i == j ? Double(1 + i % 5) : j == i + 1 ? off : 0
        }
        let svd = try large(threads) { try b.svd(method: .onePass) }
        try check(b, svd, "order \(order), superdiagonal \(off)")
      }
    }
  }

  @Test func methodsChangeWhereTheSizesSay() throws {
    let (square, long) = (Family.random.matrix(10, 10), Family.random.matrix(40, 5))
    let single = long.converted(to: Float.self)
    #expect(try square.svd().method == .qrIteration && long.svd().method == .qrIteration)
    try large(2) {
      #expect(try square.svd().method == .onePass)
      #expect(try long.svd().method == .choleskyQR && single.svd().method == .gram)
      for a in [long, Matrix(long.transposed)] { try check(a, try a.svd(), "\(a.shapeDescription)") }
      for a in [single, Matrix(single.transposed)] { try check(a, try a.svd(), "\(a.shapeDescription)") }
    }
  }

  @Test func laterMethodsFollowWhereTheFirstRefuses() throws {
    // Two equal columns: neither a Cholesky factor nor, for Double, a Gram matrix can be trusted.
    let a = Matrix<Double>(rows: 40, columns: 4) { i, j in Double((i * (1 + j / 2)) % 7) }
    let svd = try large(2) { try a.svd() }
    #expect(svd.method == .onePass)
    try check(a, svd, "equal columns")
  }

  @Test func batchesOnBothSidesOfTheBorder() throws {
    for order in [4, 5] {
      let batch = MatrixBatch(stacked: uniform(35 * order, order, seed: 4), rows: order)
      let svd = try large(3) { try batch.svd() }
      for i in 0..<35 {
        let rebuilt = svd.u[i] * (Matrix.diagonal(svd.singularValues.row(i)) * svd.vTransposed[i])
        #expect(distance(rebuilt, batch[i]) <= tolerance(Double.self, order), "\(i) of order \(order)")
      }
    }
  }

  /// Sizes with which a Krylov basis of a matrix of order 60 may hold ten blocks.
  private static var krylov: SVDTuning {
    var tuning = small
    (tuning.oversampling, tuning.blockGrain, tuning.blocksOfOrder, tuning.basisOfOrder) = (1, 1, 60, 2)
    return tuning
  }

  @Test func leadingTripletsInSmallBlocks() throws {
    let a = Family.graded.matrix(60, 60)
    let top = try large(2, Self.krylov) { try a.svd(rank: 2, tolerance: 1e-8) }
    #expect(top.method == .blockKrylov && top.residual <= 1e-8 && top.passes > 4)
    let expected = try a.singularValues()
    for i in 0..<2 { #expect(abs(top.singularValues[i] - expected[i]) <= 1e-8 * expected[0]) }
  }

  @Test func aFlatSpectrumIsGivenUpEarly() throws {
    let a = Family.random.matrix(60, 60)
    var patient = Self.krylov
    var hasty = patient
    patient.krylovPatience.smallestRank = .max
    hasty.krylovPatience.smallestRank = 1
    let slow = try large(2, patient) { try a.svd(rank: 2, tolerance: 1e-12) }
    let quick = try large(2, hasty) { try a.svd(rank: 2, tolerance: 1e-12) }
    #expect(slow.method == .onePass && quick.method == .onePass && quick.singularValues == slow.singularValues)
    // Four steps of two passes each, the sketch, and what the full decomposition counts.
    #expect(quick.passes <= 12 && quick.passes < slow.passes, "\(quick.passes), \(slow.passes)")
    // What converges is not given up.
    let easy = Family.graded.matrix(60, 60)
    #expect(try large(2, hasty) { try easy.svd(rank: 2, tolerance: 1e-8) }.method == .blockKrylov)
  }
}
