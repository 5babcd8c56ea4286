/// Loops that BLAS does not offer, or not with float64 sums.
///
/// Generic, and specialized for `Float` and `Double` where the kernel tables name them. Reductions keep eight
/// running sums, so that the compiler can use vector registers and rounding does not grow with one long sum.
enum Loops {
  /// The index of the first entry that is NaN or infinite.
  ///
  /// `x - x` is zero for finite `x` and NaN otherwise, so one sum tells whether to look closer.
  static func firstNonFinite<S: MatrixScalar>(_ x: UnsafePointer<S>, _ count: Int) -> Int? {
    let block = 4096
    var start = 0
    while start < count {
      let end = min(start + block, count)
      if !reduce(end - start, { x[start + $0] - x[start + $0] }).isZero {
        return (start..<end).first { !x[$0].isFinite }
      }
      start = end
    }
    return nil
  }

  /// Σ xᵢyᵢ in float64.
  static func dot<S: MatrixScalar>(_ x: UnsafePointer<S>, _ y: UnsafePointer<S>, _ count: Int) -> Double {
    reduce(count) { Double(x[$0]) * Double(y[$0]) }
  }

  /// Σ xᵢ in float64.
  static func sum<S: MatrixScalar>(_ x: UnsafePointer<S>, _ count: Int) -> Double {
    reduce(count) { Double(x[$0]) }
  }

  /// Σ |xᵢ| in float64.
  static func absoluteSum<S: MatrixScalar>(_ x: UnsafePointer<S>, _ count: Int) -> Double {
    reduce(count) { Double(x[$0].magnitude) }
  }

  /// max |xᵢ|, NaN if an entry is NaN, 0 if there is none.
  static func absoluteMaximum<S: MatrixScalar>(_ x: UnsafePointer<S>, _ count: Int) -> S {
    // Block by block, so that the second look for NaN finds the entries in the cache.
    let block = 4096
    var (largest, start) = (S.zero, 0)
    while start < count {
      let length = min(block, count - start)
      largest = max(largest, largestMagnitude(x + start, length))
      if !reduce(length, { x[start &+ $0] * 0 }).isZero, (start..<(start + length)).contains(where: { x[$0].isNaN }) {
        return .nan
      }
      start += length
    }
    return largest
  }

  /// max |xᵢ| of what is not NaN: eight maxima, so that no comparison waits for the one before it.
  static func largestMagnitude<S: MatrixScalar>(_ x: UnsafePointer<S>, _ count: Int) -> S {
    var (m0, m1, m2, m3, m4, m5, m6, m7) = (S.zero, S.zero, S.zero, S.zero, S.zero, S.zero, S.zero, S.zero)
    var i = 0
    while i &+ 8 <= count {
      m0 = x[i].magnitude > m0 ? x[i].magnitude : m0
      m1 = x[i &+ 1].magnitude > m1 ? x[i &+ 1].magnitude : m1
      m2 = x[i &+ 2].magnitude > m2 ? x[i &+ 2].magnitude : m2
      m3 = x[i &+ 3].magnitude > m3 ? x[i &+ 3].magnitude : m3
      m4 = x[i &+ 4].magnitude > m4 ? x[i &+ 4].magnitude : m4
      m5 = x[i &+ 5].magnitude > m5 ? x[i &+ 5].magnitude : m5
      m6 = x[i &+ 6].magnitude > m6 ? x[i &+ 6].magnitude : m6
      m7 = x[i &+ 7].magnitude > m7 ? x[i &+ 7].magnitude : m7
      i &+= 8
    }
    var largest = max(max(max(m0, m1), max(m2, m3)), max(max(m4, m5), max(m6, m7)))
    while i < count {
      largest = max(largest, x[i].magnitude)
      i &+= 1
    }
    return largest
  }

  /// sums += x, in float64.
  static func accumulate<S: MatrixScalar>(
    _ x: UnsafePointer<S>, _ sums: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    for i in 0..<count { sums[i] += Double(x[i]) }
  }

  /// sums += |x|, in float64.
  static func accumulateAbsolute<S: MatrixScalar>(
    _ x: UnsafePointer<S>, _ sums: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    for i in 0..<count { sums[i] += Double(x[i].magnitude) }
  }

  /// The transpose of rows of `columns` entries, `stride` apart, without gaps.
  static func transpose<S: MatrixScalar>(
    _ x: UnsafePointer<S>, _ rows: Int, _ columns: Int, _ stride: Int, _ y: UnsafeMutablePointer<S>, _ pitch: Int
  ) {
    // Through a tile, so that neither side is touched in strides: rows a power of two apart share cache sets.
    let side = 32
    let tilePitch = side + 1
    withUnsafeTemporaryAllocation(of: S.self, capacity: side * tilePitch) { tile in
      guard let tile = tile.baseAddress else { return }
      for top in Swift.stride(from: 0, to: rows, by: side) {
        let height = min(side, rows &- top)
        for left in Swift.stride(from: 0, to: columns, by: side) {
          let width = min(side, columns &- left)
          let source = x + (top * stride + left)
          for i in 0..<height { (tile + i * tilePitch).initialize(from: source + i * stride, count: width) }
          for j in 0..<width {
            let target = y + ((left + j) * pitch + top)
            for i in 0..<height { target[i] = tile[i &* tilePitch &+ j] }
          }
        }
      }
    }
  }

  /// x = −x.
  static func negate<S: MatrixScalar>(_ x: UnsafeMutablePointer<S>, _ count: Int) {
    for i in 0..<count { x[i] = -x[i] }
  }

  /// Whether the first entry of at least this magnitude is negative.
  static func isNegative<S: MatrixScalar>(_ x: UnsafePointer<S>, _ count: Int, _ threshold: S) -> Bool {
    for i in 0..<count where x[i].magnitude >= threshold { return x[i] < 0 }
    return false
  }

  /// y *= x, entry by entry.
  static func multiply<S: MatrixScalar>(_ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ count: Int) {
    for i in 0..<count { y[i] *= x[i] }
  }

  /// y /= x, entry by entry.
  static func divide<S: MatrixScalar>(_ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ count: Int) {
    for i in 0..<count { y[i] /= x[i] }
  }

  /// y = x in the other precision, rounded to nearest.
  static func convert<S: MatrixScalar, D: MatrixScalar>(
    _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<D>, _ count: Int
  ) {
    for i in 0..<count { y[i] = D(x[i]) }
  }

  /// Σ term(i) over eight running sums, which are then added in a fixed order.
  @inline(__always)
  private static func reduce<T: BinaryFloatingPoint>(_ count: Int, _ term: (Int) -> T) -> T {
    var (s0, s1, s2, s3) = (T.zero, T.zero, T.zero, T.zero)
    var (s4, s5, s6, s7) = (T.zero, T.zero, T.zero, T.zero)
    var i = 0
    while i &+ 8 <= count {
      s0 += term(i)
      s1 += term(i &+ 1)
      s2 += term(i &+ 2)
      s3 += term(i &+ 3)
      s4 += term(i &+ 4)
      s5 += term(i &+ 5)
      s6 += term(i &+ 6)
      s7 += term(i &+ 7)
      i &+= 8
    }
    while i < count {
      s0 += term(i)
      i &+= 1
    }
    return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7))
  }
}
