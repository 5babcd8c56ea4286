import CKernels

/// The singular values of diag(0, d₁, …) with a full first row z, and what their vectors are made of.
struct SecularRoots {
  let poles: [Double]
  /// The row for which the values are exact, close to the one given.
  private(set) var row: [Double]
  /// Each value is the pole of its origin plus its shift.
  private(set) var origin: [Int64]
  private(set) var shift: [Double]
  /// Ascending.
  private(set) var values: [Double]

  /// Solves the secular equation, `nil` where it does not converge.
  ///
  /// - Complexity: about 60 n² flops.
  init?(poles: [Double], row: [Double]) {
    let count = poles.count
    (self.poles, self.row) = (poles, row)
    origin = [Int64](repeating: 0, count: count)
    shift = [Double](repeating: abs(row[0]), count: count)
    values = shift
    if count == 1 { return }
    let failures = origin.withUnsafeMutableBufferPointer { origin in
      shift.withUnsafeMutableBufferPointer { shift in
        values.withUnsafeMutableBufferPointer { values in
          guard let origin = origin.baseAddress, let shift = shift.baseAddress, let values = values.baseAddress else {
            return [0]
          }
          return inParts(count, flops: 10 * Double(count) * Double(count)) {
            ck_secular_roots(poles, row, count, $0.lowerBound, $0.upperBound, origin, shift, values)
          }
        }
      }
    }
    let exact = inParts(count, flops: 3 * Double(count) * Double(count)) { range in
      [Double](unsafeUninitializedCapacity: range.count) { part, written in
        guard let part = part.baseAddress else { return }
        ck_secular_row(
          poles, row, count, range.lowerBound, range.upperBound, origin, shift, values, part - range.lowerBound)
        written = range.count
      }
    }
    self.row = exact.flatMap(\.self)
    guard failures.allSatisfy({ $0 == 0 }), (values + self.row).allSatisfy(\.isFinite) else { return nil }
  }
}
