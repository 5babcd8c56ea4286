import CKernels

/// The singular values of diag(0, d₁, …) with a full first row z, and what their vectors are made of.
struct SecularRoots {
  let poles: [Double]
  /// The row for which the values are exact, close to the one given.
  private(set) var row: [Double]
  /// The roots in ascending order, each the pole of its origin plus its shift.
  private(set) var roots: [ck_secular_root]
  /// The singular values, ascending.
  var values: [Double] { roots.map(\.value) }

  /// Solves the secular equation, `nil` where it does not converge.
  ///
  /// - Complexity: about 60 n² flops.
  init?(poles: [Double], row: [Double]) {
    let count = poles.count
    (self.poles, self.row) = (poles, row)
    roots = [ck_secular_root](
      repeating: ck_secular_root(origin: 0, shift: abs(row[0]), value: abs(row[0])), count: count)
    if count == 1 { return }
    let failures = findRoots()
    self.row = exactRow()
    guard failures.allSatisfy({ $0 == 0 }), (values + self.row).allSatisfy(\.isFinite) else { return nil }
  }

  /// Calls `body` with the matrix as C sees it.
  func withMatrix<Result>(_ body: (ck_secular_matrix) -> Result) -> Result {
    poles.withUnsafeBufferPointer { poles in
      row.withUnsafeBufferPointer { row in
        body(ck_secular_matrix(poles: poles.baseAddress, row: row.baseAddress, count: poles.count))
      }
    }
  }

  /// Fills `roots`, and returns how many of them did not converge in each part.
  private mutating func findRoots() -> [Int] {
    var found = roots
    let failures = found.withUnsafeMutableBufferPointer { buffer in
      let target = buffer.baseAddress
      return withMatrix { matrix in
        inParts(matrix.count, flops: 10 * Double(matrix.count) * Double(matrix.count)) {
          ck_secular_roots_f64(matrix, $0.lowerBound, $0.upperBound, target)
        }
      }
    }
    roots = found
    return failures
  }

  /// The row for which the roots are exact. Each thread computes entries of its own.
  private func exactRow() -> [Double] {
    let exact = MatrixStorage<Double>(.zeros, capacity: poles.count)
    withMatrix { matrix in
      _ = inParts(matrix.count, flops: 3 * Double(matrix.count) * Double(matrix.count)) {
        ck_secular_row_f64(matrix, roots, $0.lowerBound, $0.upperBound, exact.base)
      }
    }
    return withExtendedLifetime(exact) { Array(UnsafeBufferPointer(start: exact.base, count: poles.count)) }
  }
}
