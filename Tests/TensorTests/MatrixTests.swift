import Foundation
import Tensor
import _TestSupport
import Testing

@Suite struct ConstructionTests {
  @Test(arguments: [10, 1 << 15, 1 << 20]) func zerosInMemoryThatWasUsed(count: Int) {
    for _ in 0..<3 {
      #expect(Matrix<Double>(rows: 1, columns: count) { _, _ in .nan }[0, count - 1].isNaN)
      let zeros = Matrix<Double>.zeros(rows: 1, columns: count)
      #expect(zeros.norm(.maximum) == 0)
    }
  }

  @Test func everyConstruction() {
    let nested = Matrix<Float>([[1, 2, 3], [4, 5, 6]])
    #expect(nested.rows == 2 && nested.columns == 3 && nested.count == 6)
    #expect(nested == Matrix(rows: 2, columns: 3, entries: [1, 2, 3, 4, 5, 6]))
    #expect(nested == Matrix(rows: 2, columns: 3) { i, j in Float(3 * i + j + 1) })
    #expect(Matrix<Double>.identity(3) == Matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1]]))
    #expect(Matrix<Double>.zeros(rows: 2, columns: 1) == Matrix([[0], [0]]))
    #expect(Matrix<Float>.diagonal([2, 3]) == Matrix([[2, 0], [0, 3]]))
    #expect(Matrix<Float>([]).isEmpty && Matrix<Float>([[]]).columns == 0)
    #expect(Matrix(stackingRows: [nested, nested[rows: 0..<1]]).rows == 3)
    #expect(Matrix(column: Vector<Float>([1, 2])).rows == 2 && Matrix(row: Vector<Float>([1, 2])).columns == 2)
  }

  @Test func seededEntriesRepeatAndHaveTheirMoments() {
    var (first, second) = (SeededGenerator(seed: 3), SeededGenerator(seed: 3))
    let normal = Matrix<Double>.normal(rows: 100, columns: 101, using: &first)
    #expect(normal == .normal(rows: 100, columns: 101, using: &second))
    // 10,100 samples: the mean has sd 0.01, the variance sd 0.014.
    #expect(abs(normal.flattened.mean) < 0.05)
    #expect(abs(normal.dot(normal) / 10_100 - 1) < 0.07)
    let uniform = Matrix<Float>.uniform(rows: 100, columns: 100, in: -1..<3, using: &first)
    #expect(uniform.flattened.allSatisfy { $0 >= -1 && $0 < 3 })
    #expect(abs(uniform.flattened.mean - 1) < 0.06)
    #expect(normal != .normal(rows: 100, columns: 101, using: &second))
  }

  @Test func theGeneratorIsTheSameEverywhere() {
    // From make_fixtures.py: SeededGenerator(1), the first three numbers.
    var generator = SeededGenerator(seed: 1)
    #expect(
      (0..<3).map { _ in generator.next() } == [
        12_966_619_160_104_079_557, 9_600_361_134_598_540_522, 10_590_380_919_521_690_900,
      ])
  }

  @Test func conversionsRound() {
    let a = Matrix<Double>([[0.1, 1e300], [-1e-300, 3]])
    let narrow = a.converted(to: Float.self)
    #expect(narrow == Matrix([[0.1, .infinity], [-0.0, 3]]))
    #expect(narrow.converted(to: Double.self)[0, 0] == Double(Float(0.1)))
  }

  @Test func codableKeepsEverything() throws {
    let a = Family.random.matrix(3, 5)[columns: 1..<4]
    #expect(try JSONDecoder().decode(Matrix<Double>.self, from: JSONEncoder().encode(a)) == a)
    let svd = try a.svd()
    #expect(try JSONDecoder().decode(SVD<Double>.self, from: JSONEncoder().encode(svd)) == svd)
    for broken in [#"{"rows":2,"columns":2,"entries":[1]}"#, #"{"rows":-1,"columns":-1,"entries":[1]}"#] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Matrix<Double>.self, from: Data(broken.utf8))
      }
    }
  }
}

@Suite struct ValueSemanticsTests {
  @Test func viewsShareUntilWritten() {
    var a = Matrix<Double>(rows: 4, columns: 4) { i, j in Double(10 * i + j) }
    let view = a[rows: 1..<3][columns: 2...]
    #expect(view == Matrix([[12, 13], [22, 23]]))
    #expect(view.rowStride == 4 && !view.isContiguous)
    #expect(view.withUnsafeBase { $0 } == a.withUnsafeBase { $0 + 6 })
    a[1, 2] = -1
    #expect(view[0, 0] == 12 && a[1, 2] == -1)
    var copy = view
    copy[1, 1] = 99
    #expect(view[1, 1] == 23 && a[2, 3] == 23 && copy.isContiguous)
    #expect(a.row(2) == [20, 21, 22, 23] && a.column(3) == [3, 13, 23, 33])
    #expect(view.flattened == [12, 13, 22, 23] && view.diagonal == [12, 23])
    #expect(a.rows(at: [3, 0]) == Matrix([[30, 31, 32, 33], [0, 1, 2, 3]]))
    #expect(a.rowVectors.count == 4 && Array(view.columnVectors) == [[12, 22], [13, 23]])
  }

  @Test func rowsAreWrittenInPlace() {
    var a = Matrix<Float>.zeros(rows: 3, columns: 2)
    let before = a.withUnsafeBase { $0 }
    a.withMutableRows(1..<3) { part in
      part[0, 0] = 5
      part += Matrix(repeating: 1, rows: 2, columns: 2)
    }
    #expect(a == Matrix([[0, 0], [6, 1], [1, 1]]))
    #expect(a.withUnsafeBase { $0 } == before)
    a.withMutableRow(0) { $0[1] = 7 }
    a.setRow(2, to: [8, 9])
    #expect(a == Matrix([[0, 7], [6, 1], [8, 9]]))
  }

  @Test func aRowViewThatEscapesIsAValue() {
    var a = Matrix<Float>.zeros(rows: 2, columns: 2)
    var escaped = Matrix<Float>.zeros(rows: 1, columns: 2)
    a.withMutableRows(0..<1) { part in
      part[0, 0] = 1
      escaped = part
      part[0, 1] = 2
    }
    #expect(escaped == Matrix([[1, 0]]))
    escaped[0, 0] = 50
    a[1, 1] = 3
    #expect(a == Matrix([[1, 2], [0, 3]]) && escaped == Matrix([[50, 0]]))
    a.withMutableRows(0..<1) { $0 = Matrix([[7, 8]]) }
    #expect(a == Matrix([[7, 8], [0, 3]]))
  }

  @Test func vectorsAreValues() {
    let a = Matrix<Double>([[1, 2], [3, 4]])
    var row = a.row(1)
    row[0] = 9
    #expect(a[1, 0] == 3 && row == [9, 4])
    row.withMutableSpan { $0[1] = 5 }
    #expect(row.withSpan { $0[1] } == 5 && row.reduce(0, +) == 14)
  }
}

@Suite struct ArithmeticTests {
  /// The product by its definition, in float64.
  private func naive<E>(_ a: Matrix<E>, _ b: Matrix<E>) -> Matrix<E> {
    Matrix(rows: a.rows, columns: b.columns) { i, j in
      E((0..<a.columns).reduce(0.0) { $0 + Double(a[i, $1]) * Double(b[$1, j]) })
    }
  }

  @Test func deepProductsAgreeWithThoseOfTheirHalves() {
    // Split along the depth; the halves are not.
    let (m, k, n) = (20, 30_000, 20)
    let (left, right) = (uniform(k, m, seed: 1), uniform(k, n, seed: 2))
    let halves = [0..<k / 2, k / 2..<k].map { left[rows: $0].transposed * right[rows: $0] }
    let expected = halves[0] + halves[1]
    let bound = tolerance(Double.self, k)
    #expect(distance(left.transposed * right, expected) < bound)
    #expect(distance(Matrix(left.transposed) * Matrix(right.transposed).transposed, expected) < bound)
    var target = expected
    target.addProduct(left.transposed, right, alpha: -1, beta: 2)
    #expect(distance(target, expected) < bound)
    var rows = Matrix<Double>.zeros(rows: m + 1, columns: n)
    rows.withMutableRows(1..<m + 1) { $0.addProduct(left.transposed, right, beta: 0) }
    #expect(distance(rows[rows: 1..<m + 1], expected) < bound && rows.row(0).norm == 0)
  }

  @Test func productsAgreeWithTheDefinition() {
    func check<E: MatrixScalar>(_ type: E.Type) {
      for (m, k, n) in [(0, 2, 3), (2, 0, 3), (1, 1, 1), (1, 17, 1), (3, 2, 4), (17, 64, 3), (65, 33, 129)] {
        let a = uniform(m, k, seed: 1).converted(to: E.self)
        let b = uniform(k, n, seed: 2).converted(to: E.self)
        let expected = naive(a, b)
        let bound = tolerance(E.self, k)
        let (at, bt) = (Matrix(a.transposed), Matrix(b.transposed))
        #expect(distance(a * b, expected) <= bound)
        #expect(distance(at.transposed * b, expected) <= bound)
        #expect(distance(a * bt.transposed, expected) <= bound)
        #expect(distance(at.transposed * bt.transposed, expected) <= bound)
        if n > 0 {
          let x = b.column(n - 1)
          #expect(distance(Matrix(column: a * x), expected[columns: (n - 1)..<n]) <= bound)
          #expect(distance(Matrix(column: at.transposed * x), expected[columns: (n - 1)..<n]) <= bound)
        }
        var c = Matrix<E>(repeating: 1, rows: m, columns: n)
        c.addProduct(a, b, alpha: -2, beta: 3)
        #expect(distance(c, expected.scaled(by: -2) + Matrix(repeating: 3, rows: m, columns: n)) <= 4 * bound)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func productsOfViews() {
    let whole = Family.random.matrix(20, 20)
    let (a, b) = (whole[rows: 2..<9][columns: 3..<15], whole[rows: 4..<16][columns: 1..<6])
    #expect(distance(a * b, naive(a.compacted(), b.compacted())) < 1e-14)
    var target = Matrix<Double>(repeating: 1, rows: 9, columns: 5)
    target.withMutableRows(1..<8) { $0.addProduct(a, b, beta: 0) }
    #expect(distance(target[rows: 1..<8], a * b) < 1e-14)
    #expect(target.row(0) == Vector(repeating: 1, count: 5) && target.row(8) == target.row(0))
  }

  @Test func emptyInnerDimensionGivesZeros() {
    let product = Matrix<Float>.zeros(rows: 2, columns: 0) * Matrix<Float>.zeros(rows: 0, columns: 3)
    #expect(product == .zeros(rows: 2, columns: 3))
    var c = Matrix<Float>(repeating: .nan, rows: 2, columns: 3)
    c.addProduct(Matrix<Float>.zeros(rows: 2, columns: 0), Matrix<Float>.zeros(rows: 0, columns: 3), beta: 0)
    #expect(c == .zeros(rows: 2, columns: 3))
  }

  @Test func gramSumsInFloat64() {
    for (m, n) in [(0, 3), (3, 0), (1, 1), (3, 700), (700, 3), (64, 257)] {
      let a = uniform(m, n, seed: 3).converted(to: Float.self)
      let wide = a.converted(to: Double.self)
      for (side, expected) in [
        (MatrixAxis.columns, naive(Matrix(wide.transposed), wide)), (.rows, naive(wide, Matrix(wide.transposed))),
      ] {
        let gram = a.gram(side)
        #expect(distance(gram, expected) <= tolerance(Double.self, max(m, n)))
        #expect(gram == Matrix(gram.transposed))
      }
    }
    // In float32 the small part would be lost beside 1e8.
    let column = Matrix<Float>([[1e4], [1], [-1e4]])
    #expect(column.gram(.columns)[0, 0] == 200_000_001)
  }

  @Test func elementwise() {
    let (a, b) = (Matrix<Float>([[1, 2], [3, 4]]), Matrix<Float>([[5, 6], [7, 8]]))
    #expect(a + b == Matrix([[6, 8], [10, 12]]))
    #expect(b - a == Matrix(repeating: 4, rows: 2, columns: 2))
    #expect(-a == -1 * a && a * 2 == a + a && a / 2 == 0.5 * a)
    #expect(a.multipliedElementwise(by: b) == Matrix([[5, 12], [21, 32]]))
    #expect(b.dividedElementwise(by: a)[1, 1] == 2)
    #expect(a.map { $0 + 1 } == Matrix([[2, 3], [4, 5]]))
    var c = a
    c += b
    c -= a
    c.scale(by: 2)
    #expect(c == b.scaled(by: 2))
    #expect(a.trace == 5 && a.dot(b) == 70)
    #expect(a.meanRow == [2, 3] && a.centeredRows() == Matrix([[-1, -1], [1, 1]]))
    #expect(Vector<Float>([1, 2]).outerProduct(with: [3, 4]) == Matrix([[3, 4], [6, 8]]))
  }

  @Test func normsByDefinition() {
    let a = Matrix<Float>([[1, -2], [-3, 4]])
    #expect(a.norm(.one) == 6 && a.norm(.infinity) == 7 && a.norm(.maximum) == 4)
    #expect(abs(a.norm(.frobenius) - 30.0.squareRoot()) < 1e-15)
    for kind in MatrixNorm.allCases {
      #expect(Matrix<Double>.zeros(rows: 0, columns: 3).norm(kind) == 0)
      #expect(Matrix<Double>([[1, .nan]]).norm(kind).isNaN, "\(kind)")
    }
    #expect(abs(Matrix<Double>([[3e200, 4e200]]).norm(.frobenius) / 5e200 - 1) < 1e-15)
    #expect(abs(Matrix<Double>([[3e-200], [4e-200]]).norm(.frobenius) / 5e-200 - 1) < 1e-15)
    #expect(Matrix<Float>([[3e30, 4e30]]).norm(.frobenius) > 4.9e30)
  }

  @Test func vectorArithmetic() {
    let (x, y) = (Vector<Float>([3, 4]), Vector<Float>([1, 0]))
    #expect(x.norm == 5 && x.dot(y) == 3 && x.mean == 3.5)
    #expect(x + y == [4, 4] && x - y == [2, 4] && 2 * x == [6, 8])
    #expect(x.cosine(with: y) == 0.6 && x.cosine(with: [0, 0]) == nil)
    #expect(Vector<Double>([1e-200, 0]).norm == 1e-200)
    #expect(Vector<Float>([1, 2]).converted(to: Double.self) == [1, 2])
    #expect(Vector<Double>([]).norm == 0 && Vector<Double>([]).mean.isNaN)
  }

  @Test func threadsAreSetAndRestored() {
    let a = Family.random.matrix(150, 150)
    let expected = a * a
    let found = withBLASThreads(1) { withBLASThreads(2) { a * a } }
    #expect(distance(found, expected) < 1e-12)
    #expect(blasDescription.contains("OpenBLAS"))
  }
}

/// A caller's mistake stops the program with a message; each runs in a process of its own.
@Suite struct TrapTests {
  @Test func shapesThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Float>.zeros(rows: 2, columns: 3) * Matrix<Float>.zeros(rows: 2, columns: 3)
    }
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Float>.zeros(rows: 2, columns: 3) + Matrix<Float>.zeros(rows: 3, columns: 2)
    }
    await #expect(processExitsWith: .failure) { _ = Vector<Float>([1]).dot([1, 2]) }
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>([[1, 2], [3]]) }
    await #expect(processExitsWith: .failure) {
      var a = Matrix<Double>.zeros(rows: 3, columns: 2)
      a.withMutableRows(0..<2) { $0 = .zeros(rows: 1, columns: 2) }
    }
  }

  @Test func positionsOutside() async {
    await #expect(processExitsWith: .failure) { _ = Matrix<Float>.zeros(rows: 2, columns: 3)[2, 0] }
    await #expect(processExitsWith: .failure) { _ = Matrix<Float>.zeros(rows: 2, columns: 3)[rows: 1..<3] }
    await #expect(processExitsWith: .failure) { _ = Matrix<Float>.zeros(rows: 2, columns: 3)[columns: 4...] }
    await #expect(processExitsWith: .failure) { _ = Vector<Float>([1])[1] }
  }
}
