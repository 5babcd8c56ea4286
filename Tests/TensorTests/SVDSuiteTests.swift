import Foundation
import Tensor
import _TestSupport
import Testing

/// The matrix types and the ratios of LAPACK's own checks of its SVD drivers (`dchkbd`, `ddrvbd`), for every method.
private enum MatrixType: CaseIterable {
  case zero, identity, diagonalGraded, random, graded, kahan, nearOverflow, nearUnderflow, denormal

  func matrix<E: MatrixScalar>(_ m: Int, _ n: Int, _ type: E.Type) -> Matrix<E> {
    let isSingle = E.self == Float.self
    let random = uniform(m, n, seed: 11)
    let double: Matrix<Double> =
      switch self {
      case .zero: .zeros(rows: m, columns: n)
      case .identity: Matrix(rows: m, columns: n) { $0 == $1 ? 1 : 0 }
      case .diagonalGraded: Matrix(rows: m, columns: n) { $0 == $1 ? pow(10, -6 * Double($0) / Double(m)) : 0 }
      case .random: random
      case .graded: Matrix(rows: m, columns: n) { i, j in random[i, j] * pow(10, -6 * Double(i) / Double(m)) }
      // It is singular to rounding, but no small pivot shows that.
      case .kahan: Matrix(rows: m, columns: n) { i, j in pow(0.8, Double(i)) * (i == j ? 1 : j > i ? -0.6 : 0) }
      case .nearOverflow: (isSingle ? 1e36 : 1e305) * random
      case .nearUnderflow: (isSingle ? 1e-36 : 1e-305) * random
      case .denormal: (isSingle ? 1e-42 : 0x1p-1060) * random
      }
    return double.converted()
  }
}

/// ‖A − UΣVᵀ‖, ‖I − UᵀU‖ and ‖I − VᵀV‖ in units of ε times the order, all in float64.
private func ratios<E>(_ a: Matrix<E>, _ svd: SVD<E>) -> [Double] {
  ratios(a, svd.u, svd.singularValues, svd.vTransposed)
}

private func ratios<E>(
  _ a: Matrix<E>, _ left: Matrix<E>, _ values: Vector<E>, _ rightTransposed: Matrix<E>
) -> [Double] {
  let (order, epsilon) = (Double(max(a.rows, a.columns)), Double(E.ulpOfOne))
  // Scaled by a power of two, so that float64 norms neither overflow nor vanish.
  let size = Double(a.norm(.maximum))
  let scale = size > 0 ? pow(2, min(1000, -log2(size).rounded())) : 1
  let (double, u, vt) = (
    a.converted(to: Double.self) * scale, left.converted(to: Double.self), rightTransposed.converted(to: Double.self)
  )
  let sigma = values.converted(to: Double.self).scaled(by: scale)
  let rebuilt = u * (Matrix.diagonal(sigma) * vt)
  let norm = double.norm(.frobenius)
  // A denormal entry is known to no more than its own spacing.
  let grid = Double(E.leastNonzeroMagnitude) * scale * order
  return [
    max(0, (rebuilt - double).norm(.frobenius) - grid) / (max(norm, .leastNormalMagnitude) * order * epsilon),
    (u.gram(.columns) - .identity(u.columns)).norm(.frobenius) / (order * epsilon),
    (vt.gram(.rows) - .identity(vt.rows)).norm(.frobenius) / (order * epsilon),
  ]
}

/// What `body` returns; `nil` where the method does not apply.
private func unlessRefused<E>(_ body: () throws -> SVD<E>) throws -> SVD<E>? {
  do { return try body() } catch LinearAlgebraError.noConvergence { return nil } catch LinearAlgebraError
    .invalidArgument
  {
    return nil
  }
}

/// LAPACK's threshold for these ratios.
private let threshold = 50.0

@Suite struct SVDSuiteTests {
  @Test(arguments: SVDMethod.allCases)
  func ratiosOfEveryMethod(method: SVDMethod) throws {
    // Methods for a kind of matrix refuse the others; what they return has to be right.
    let isParticular = [.gram, .choleskyQR].contains(method)
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      var succeeded = 0
      for kind in MatrixType.allCases {
        for (m, n) in [(1, 1), (4, 3), (30, 30), (70, 64), (64, 130), (150, 40), (260, 36), (20, 150)] {
          let a = kind.matrix(m, n, E.self)
          let label: Comment = "\(method.rawValue), \(kind), \(m)x\(n), \(E.self)"
          guard let svd = try unlessRefused({ try a.svd(method: method) }) else {
            #expect(isParticular, label)
            continue
          }
          succeeded += 1
          for (ratio, name) in zip(ratios(a, svd), ["A − UΣVᵀ", "UᵀU", "VᵀV"]) {
            #expect(ratio < threshold, "\(name), \(label.rawValue)")
          }
          let values = svd.singularValues
          #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 } && values.allSatisfy { $0 >= 0 }, label)
          let alone = try a.singularValues(method: method)
          let bound = Double(values[0]) * Double(E.ulpOfOne) * Double(min(m, n)) * threshold
          for i in values.indices {
            #expect(abs(Double(alone[i]) - Double(values[i])) <= bound + Double(E.leastNonzeroMagnitude), label)
          }
        }
      }
      #expect(succeeded >= 12, "\(method.rawValue) in \(E.self) accepts too little")
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: MatrixType.allCases) private func ratiosByDefault(kind: MatrixType) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      // Powers of two, which share cache sets, and shapes at the borders between methods.
      for (m, n) in [(64, 64), (65, 64), (128, 128), (127, 128), (129, 64), (64, 129), (20, 300), (300, 20)] {
        let a = kind.matrix(m, n, E.self)
        let svd = try a.svd()
        for ratio in ratios(a, svd) { #expect(ratio < threshold, "\(kind), \(m)x\(n), \(E.self), \(svd.method)") }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: MatrixType.allCases) private func ratiosOfBatches(kind: MatrixType) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in [(16, 16), (40, 24), (9, 30), (70, 66)] {
        let a = kind.matrix(m, n, E.self)
        let batch = try MatrixBatch(
          stacked: Matrix(stackingRows: [a, uniform(m, n, seed: 2).converted()]), rows: m
        )
        .svd()
        for ratio in ratios(a, batch.u[0], batch.singularValues.row(0), batch.vTransposed[0]) {
          #expect(ratio < threshold, "\(kind), \(m)x\(n), \(E.self)")
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: MatrixType.allCases) private func ratiosOfProducts(kind: MatrixType) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      let (left, right) = (kind.matrix(90, 12, E.self), uniform(12, 80, seed: 3).converted(to: E.self))
      let svd = try LowRankProduct(left: left, right: right).svd()
      let product: Matrix<E> = (left.converted(to: Double.self) * right.converted(to: Double.self)).converted()
      for ratio in ratios(product, svd) { #expect(ratio < threshold, "\(kind), \(E.self)") }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: MatrixType.allCases) private func ratiosOfLeadingTriplets(kind: MatrixType) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in [(240, 200), (200, 240)] {
        let a = kind.matrix(m, n, E.self)
        let (some, all) = (try a.svd(rank: 5, tolerance: 1e-3), try a.svd())
        #expect(some.residual <= 1e-3, "\(kind), \(m)x\(n), \(E.self)")
        // The first ratio compares with all of A, of which the leading triplets are only a part.
        for ratio in ratios(a, some.u, some.singularValues, some.vTransposed).dropFirst() {
          #expect(ratio < threshold, "\(kind), \(m)x\(n), \(E.self)")
        }
        for i in 0..<5 {
          let bound = 1e-3 * Double(all.singularValues[0]) + Double(E.leastNonzeroMagnitude)
          #expect(abs(Double(some.singularValues[i]) - Double(all.singularValues[i])) <= bound, "\(kind) σ\(i)")
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(arguments: MatrixType.allCases) private func ratiosOfEigenvectors(kind: MatrixType) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for n in [3, 63, 64, 130] {
        let half = kind.matrix(n, n, E.self).scaled(by: 0.5)
        let a = half + Matrix(half.transposed)
        let eigen = try a.symmetricEigen()
        let q = Matrix(eigen.vectors)
        for ratio in ratios(a, q, eigen.values, eigen.vectorsTransposed) {
          #expect(ratio < threshold, "\(kind), \(n), \(E.self)")
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func shapesChooseTheMethod() throws {
    func method<E: MatrixScalar>(_ m: Int, _ n: Int, _ type: E.Type) throws -> UsedSVDMethod {
      try uniform(m, n, seed: 1).converted(to: E.self).svd().method
    }
    #expect(try method(300, 64, Float.self) == .gram)
    #expect(try method(64, 300, Float.self) == .gram)
    #expect(try method(300, 64, Double.self) == .choleskyQR)
    #expect(try method(150, 64, Double.self) == .onePass)
    #expect(try method(64, 300, Double.self) == .choleskyQR)
    #expect(try method(80, 70, Float.self) == .onePass)
    #expect(try method(70, 80, Double.self) == .onePass)
    #expect(try method(10, 10, Float.self) == .qrIteration)
    #expect(try method(47, 60, Float.self) == .qrIteration)
  }

  @Test func whatIsNotFiniteIsFoundByEveryMethod() {
    for method in SVDMethod.allCases {
      for bad in [Float.nan, .infinity, -.infinity] {
        for (m, n) in [(5, 4), (150, 20), (20, 150), (80, 80)] {
          var a = uniform(m, n, seed: 1).converted(to: Float.self)
          a[m - 1, n / 2] = bad
          if [.gram, .choleskyQR].contains(method), m < 7 * n, n < 7 * m { continue }
          #expect(throws: LinearAlgebraError.notFinite(row: m - 1, column: n / 2)) { try a.svd(method: method) }
          #expect(throws: LinearAlgebraError.notFinite(row: m - 1, column: n / 2)) {
            try a.singularValues(method: method)
          }
        }
      }
    }
  }

  @Test func whatAMethodDoesNotComputeIsRefusedByName() {
    for method in [SVDMethod.gram, .choleskyQR] {
      #expect(throws: LinearAlgebraError.invalidArgument("\(method.rawValue) finds thin singular vectors only")) {
        try uniform(9, 3, seed: 1).svd(vectors: .full, method: method)
      }
      // Their float64 squares of the shorter side would exceed three copies of the matrix.
      let reason = "\(method.rawValue) is for matrices with one side much longer than the other"
      #expect(throws: LinearAlgebraError.invalidArgument(reason)) {
        try uniform(5, 3, seed: 1).svd(method: method)
      }
    }
  }

  @Test func fewRowsKeepTheFirstDirections() throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      for (m, n) in [(6, 900), (40, 45), (900, 6)] {
        let a = uniform(m, n, seed: 3).converted(to: E.self)
        let (whole, some) = (try a.svd(), try a.svd(vectors: .allLeft(right: 2)))
        #expect(some.vTransposed.rows == 2 && some.u.columns == min(m, n))
        for i in 0..<2 {
          #expect((some.vTransposed.row(i) - whole.vTransposed.row(i)).norm < tolerance(E.self, n))
        }
        for i in whole.singularValues.indices {
          let bound = tolerance(E.self, n) * Double(whole.singularValues[0])
          #expect(abs(Double(some.singularValues[i]) - Double(whole.singularValues[i])) < bound)
        }
        #expect(some.residual(of: a) < tolerance(E.self, max(m, n)))
        #expect(orthonormalityDefect(some.u) < tolerance(E.self, max(m, n)))
        #expect(try a.svd(vectors: .allLeft(right: 0)).vTransposed.rows == 0)
        #expect(throws: LinearAlgebraError.self) { try a.svd(vectors: .allLeft(right: min(m, n) + 1)) }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }
}
