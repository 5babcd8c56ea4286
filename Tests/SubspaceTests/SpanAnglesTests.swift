import Foundation
import Nulls
import Subspace
import Tensor
import _TestSupport
import Testing

/// Angles of the spans of raw columns, against planes whose angles are known.
@Suite struct SpanAnglesTests {
  /// Columns that span the same plane as the first k axes turned by `angles` towards the next k.
  private func planes<E: MatrixScalar>(_ angles: [Double], dimension d: Int, _ type: E.Type) -> (Matrix<E>, Matrix<E>) {
    var generator = SeededGenerator(seed: 7)
    let k = angles.count
    let first = Matrix<Double>(rows: d, columns: k) { i, j in i == j ? 1 : 0 }
    let second = Matrix<Double>(rows: d, columns: k) { i, j in
      i == j ? cos(angles[j]) : i == j + k ? sin(angles[j]) : 0
    }
    // Another basis of each plane, and axes in other places, change no angle.
    let mixing = Matrix<Double>.normal(rows: k, columns: k, using: &generator)
    return ((first * mixing).converted(), (second * Matrix(mixing.transposed)).converted())
  }

  @Test func knownAngles() throws {
    let angles = [0, 1e-12, 1e-5, 0.3, 0.3, 1.2, Double.pi / 2]
    let (a, b) = planes(angles, dimension: 40, Double.self)
    let found = try PrincipalAngles(spanning: a, and: b)
    #expect(found.ranks == [7, 7] && found.dimension == 40)
    for (x, y) in zip(found.angles, angles) { #expect(abs(x - y) < 1e-13, "\(x) for \(y)") }
    let (c, d) = planes([0.2, 0.9], dimension: 3000, Float.self)
    for (x, y) in zip(try PrincipalAngles(spanning: c, and: d).angles, [0.2, 0.9]) { #expect(abs(x - y) < 1e-5) }
  }

  /// Angles of 45° and more come from inner products, the others from bases: both must be the same function.
  @Test(arguments: [(3, 2), (16, 16), (20, 50), (70, 9)]) func unrelatedPlanes(n: Int, k: Int) throws {
    func check<E: MatrixScalar>(_ type: E.Type) throws {
      var generator = SeededGenerator(seed: UInt64(n))
      // Lengths of columns mean nothing to a plane.
      func columns(_ count: Int) -> Matrix<E> {
        let normal = Matrix<E>.normal(rows: 1500, columns: count, using: &generator)
        return Matrix(rows: 1500, columns: count) { i, j in normal[i, j] * E([1, 1e-6, 3e5][j % 3]) }
      }
      let (a, b) = (columns(n), columns(k))
      let found = try PrincipalAngles(spanning: a, and: b)
      let p = try Basis(spanning: a.converted(to: Double.self))
      let q = try Basis(spanning: b.converted(to: Double.self))
      let expected = try p.principalAngles(to: q)
      #expect(found.ranks == [n, k] && found.dimension == 1500 && found.angles.count == min(n, k))
      for (x, y) in zip(found.angles, expected.angles) { #expect(abs(x - y) < 1e-13, "\(x) for \(y)") }
      // One direction in common leads to the bases, and takes nothing from the others.
      let more = Matrix(Matrix(stackingRows: [Matrix(b.transposed), Matrix(row: a.column(0))]).transposed)
      let shared = try PrincipalAngles(spanning: a, and: more)
      #expect(shared.angles[0] < 1e-12 && shared.angles[1] > 1)
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test func knownLargeAngles() throws {
    let angles = [0.8, 0.8, 1.2, Double.pi / 2]
    let (a, b) = planes(angles, dimension: 500, Double.self)
    for (x, y) in zip(try PrincipalAngles(spanning: a, and: b).angles, angles) {
      #expect(abs(x - y) < 1e-13, "\(x) for \(y)")
    }
  }

  @Test func dependentColumnsAreDropped() throws {
    let (a, b) = planes([0.4, 0.8], dimension: 30, Double.self)
    let more = Matrix<Double>(rows: 30, columns: 4) { i, j in j < 2 ? a[i, j] : 1e6 * (a[i, 0] - 2 * a[i, 1]) }
    let found = try PrincipalAngles(spanning: more, and: b)
    #expect(found.ranks == [2, 2])
    for (x, y) in zip(found.angles, [0.4, 0.8]) { #expect(abs(x - y) < 1e-12) }
  }

  @Test func otherShapes() throws {
    let (a, b) = planes([0.4, 0.8], dimension: 30, Double.self)
    #expect(try PrincipalAngles(spanning: a, and: b[columns: 0..<1].compacted()).angles.count == 1)
    #expect(try PrincipalAngles(spanning: a, and: .zeros(rows: 30, columns: 3)).angles.isEmpty)
    #expect(throws: LinearAlgebraError.self) { try PrincipalAngles(spanning: a, and: .zeros(rows: 29, columns: 2)) }
    var bad = a
    bad[3, 1] = .infinity
    #expect(throws: LinearAlgebraError.notFinite(row: 3, column: 1)) { try PrincipalAngles(spanning: bad, and: b) }
  }
}
