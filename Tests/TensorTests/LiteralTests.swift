import Tensor
import Testing

/// Matrices from lists of rows, and arrays from matrices.
@Suite struct LiteralTests {
  @Test func literalsAreRows() {
    func check<E: MatrixScalar>(_ type: E.Type) {
      let a: Matrix<E> = [[1, 2, 3], [4, 5, 6]]
      #expect(a.shape == (2, 3) && a[1, 0] == 4 && a == Matrix([[1, 2, 3], [4, 5, 6]]))
      let none: Matrix<E> = []
      #expect(none.shape == (0, 0))
      let v: Vector<E> = [1, 2]
      #expect(v.count == 2 && Vector<E>.zeros(count: 2) == [0, 0])
    }
    check(Float.self)
    check(Double.self)
    let inferred: Matrix = [[1.5, 2], [3, 4]]
    #expect(type(of: inferred) == Matrix<Double>.self)
  }

  @Test func arraysAreTheEntriesInRowMajorOrder() {
    let a: Matrix<Float> = [[1, 2, 3], [4, 5, 6]]
    let view = a[columns: 1...]
    #expect(Array(a) == [1, 2, 3, 4, 5, 6] && Array(view) == [2, 3, 5, 6] && Array(a.row(1)) == [4, 5, 6])
    #expect([[Float]](a) == [[1, 2, 3], [4, 5, 6]] && [[Float]](view) == [[2, 3], [5, 6]])
    #expect([Float](Matrix<Float>.zeros(rows: 0, columns: 3)).isEmpty)
    // As a sequence of any kind, through the standard library.
    func array<S: Sequence>(_ entries: S) -> [S.Element] { Array(entries) }
    #expect(array(a.row(1)) == [4, 5, 6] && array(Vector<Double>([])).isEmpty)
    #expect(a.row(1).dropFirst().elementsEqual([5, 6]) && Array(a.row(0).reversed()) == [3, 2, 1])
  }

  @Test func transposesAndOtherScalarsAreInitializers() {
    let a: Matrix<Double> = [[1, 2, 3], [4, 5, 0.1]]
    let transposed = a.transposed
    let copy = Matrix(transposed)
    #expect(transposed.shape == (3, 2) && copy == [[1, 4], [2, 5], [3, 0.1]] && transposed[2, 1] == 0.1)
    let single = Matrix<Float>(a)
    #expect(single == a.converted(to: Float.self) && single[1, 2] == Float(0.1) && Matrix<Double>(a) == a)
    #expect(Vector<Float>(a.row(1)) == [4, 5, 0.1] && Matrix<Float>(a[columns: 1...]) == [[2, 3], [5, 0.1]])
  }
}
