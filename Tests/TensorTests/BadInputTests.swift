import Tensor
import _TestSupport
import Testing

/// What people hand in by mistake, in every shape class of the decomposition: right answers or typed errors.
@Suite struct BadInputTests {
  enum Shape: CaseIterable {
    case square, tall, wide, fewRows, truncated, batch, product, eigen

    var size: (rows: Int, columns: Int) {
      switch self {
      case .square, .eigen: (72, 72)
      case .tall: (600, 24)
      case .wide: (24, 600)
      case .fewRows: (5, 4000)
      case .truncated: (160, 128)
      case .batch: (64, 16)
      case .product: (90, 80)
      }
    }

    /// The decomposition of A as this class computes it.
    func svd(_ a: Matrix<Float>) throws -> (u: Matrix<Float>, values: [Float], vTransposed: Matrix<Float>) {
      switch self {
      case .square, .tall, .wide:
        let svd = try a.svd()
        return (svd.u, Array(svd.singularValues), svd.vTransposed)
      case .fewRows:
        let svd = try a.svd(vectors: .allLeft(right: 5))
        return (svd.u, Array(svd.singularValues), svd.vTransposed)
      case .truncated:
        let svd = try a.svd(rank: 3)
        #expect(svd.residual <= 1e-2)
        return (svd.u, Array(svd.singularValues), svd.vTransposed)
      case .batch:
        let svd = try MatrixBatch(stacked: a, rows: a.rows).svd()
        return (svd.u.stacked, Array(svd.singularValues.row(0)), svd.vTransposed.stacked)
      case .product:
        let svd = try LowRankProduct(left: a, right: Matrix.identity(a.columns)).svd()
        return (svd.u, Array(svd.singularValues), svd.vTransposed)
      case .eigen:
        let eigen = try (a + Matrix(a.transposed)).scaled(by: 0.5).symmetricEigen()
        return (Matrix(eigen.vectors), Array(eigen.values), eigen.vectorsTransposed)
      }
    }
  }

  private func sample(_ shape: Shape) -> Matrix<Float> {
    uniform(shape.size.rows, shape.size.columns, seed: 11).converted()
  }

  /// U Σ Vᵀ is A, relative to its largest entry, and the factors are orthonormal.
  private func check(_ shape: Shape, _ a: Matrix<Float>, _ label: String, isExact: Bool = true) throws {
    let (u, values, vTransposed) = try shape.svd(a)
    let double = a.converted(to: Double.self)
    let original = shape == .eigen ? (double + Matrix(double.transposed)).scaled(by: 0.5) : double
    let size = Swift.max(original.norm(.maximum), Double.leastNormalMagnitude)
    let scaled = Matrix<Double>(rows: u.rows, columns: values.count) { i, j in
      Double(u[i, j]) * (Double(values[j]) / size)
    }
    #expect(values.allSatisfy { $0.isFinite }, "\(label)")
    #expect(orthonormalityDefect(u) < 1e-4 && orthonormalityDefect(Matrix(vTransposed.transposed)) < 1e-4, "\(label)")
    if shape != .truncated, isExact {
      let difference = scaled * vTransposed.converted(to: Double.self) - original.scaled(by: 1 / size)
      #expect(difference.norm(.maximum) < 1e-4, "\(label)")
    }
  }

  @Test(arguments: Shape.allCases) func entriesOfEverySize(shape: Shape) throws {
    let a = sample(shape)
    // The smallest singular values of a matrix of denormal numbers have no correct digit.
    for scale in [1, 1e-30, 1e-37, 1e30, 1e36] as [Float] { try check(shape, a.scaled(by: scale), "\(scale)") }
    try check(shape, a.scaled(by: 1e-20).scaled(by: 1e-20), "denormal", isExact: false)
    try check(shape, Matrix.zeros(rows: a.rows, columns: a.columns), "zero")
  }

  @Test(arguments: Shape.allCases) func valuesBeyondTheRange(shape: Shape) {
    // The entries are finite, the largest singular value is not.
    let a = sample(shape).scaled(by: 3e38)
    do {
      let values = try shape.svd(a).values
      #expect(values.allSatisfy { $0.isFinite })
    } catch {
      #expect(error is LinearAlgebraError)
    }
  }

  @Test(arguments: Shape.allCases) func duplicatedColumnsAndAPowerOfTwoBetweenRows(shape: Shape) throws {
    let a = sample(shape)
    let duplicated = Matrix<Float>(rows: a.rows, columns: a.columns) { i, j in a[i, j / 2] }
    try check(shape, duplicated, "duplicated columns")
    var padded = Matrix<Float>.zeros(rows: a.rows, columns: 4096)
    for i in 0..<a.rows { for j in 0..<a.columns { padded[i, j] = a[i, j] } }
    try check(shape, padded[columns: 0..<a.columns], "rows of 4096")
  }

  @Test(arguments: Shape.allCases, [Float.nan, .infinity, -.infinity])
  func whatIsNotFiniteIsATypedError(shape: Shape, value: Float) {
    for (i, j) in [(0, 0), (shape.size.rows - 1, shape.size.columns - 1), (shape.size.rows / 2, 1)] {
      var a = sample(shape)
      a[i, j] = value
      #expect(throws: LinearAlgebraError.self, "\(i),\(j)") { try shape.svd(a) }
    }
  }

  @Test(arguments: [Shape.square, .tall, .wide, .eigen]) func anEmptyMatrix(shape: Shape) throws {
    let (u, values, vTransposed) = try shape.svd(Matrix.zeros(rows: 0, columns: 0))
    #expect(u.isEmpty && values.isEmpty && vTransposed.isEmpty)
    let columns = shape == .eigen ? 0 : 4
    #expect(try shape.svd(Matrix.zeros(rows: 0, columns: columns)).values.isEmpty)
  }
}
