import COpenBLAS

/// B = UΣVᵀ for an upper bidiagonal B, by halves: two halves of B are decomposed, and the row between them joins them.
///
/// LAPACK's `bdsdc` does the same. It solves for one singular value after the other, on one thread, and copies vectors
/// across memory; here that is done by eight at a time, and halves and parts of a merge run on threads of their own.
struct BidiagonalSVD<Element: MatrixScalar> {
  /// Rows `first ..< first + count` of B, and as many of its columns, or one more: then V has a last row that B maps to
  /// zero.
  struct Block {
    let first: Int
    let count: Int
    let extra: Int

    var middle: Int { first + count / 2 }
    var end: Int { first + count }
    var upper: Block { Block(first: first, count: count / 2, extra: 1) }
    var lower: Block { Block(first: middle + 1, count: end - middle - 1, extra: extra) }
  }

  /// One of the two factors, transposed: vector i in row i. Blocks of B fill blocks on its diagonal.
  struct Side {
    let isLeft: Bool
    let base: UnsafeMutablePointer<Element>
    let stride: Int

    func row(_ i: Int, from column: Int) -> UnsafeMutablePointer<Element> { base + i * stride + column }
  }

  let order: Int
  /// B, scaled to a largest entry of 1.
  let diagonal: [Double]
  let beside: [Double]
  /// Left vectors where they are wanted, and right ones.
  let sides: [Side]
  let right: Side
  /// Room for the rows of one side in a merge, n(n + 1) entries.
  let work: UnsafeMutablePointer<Element>
  /// Ascending in each block that is done, descending once all of it is.
  let values: UnsafeMutablePointer<Double>

  var kernels: _Kernels<Element> { Element._kernels }

  /// Blocks of at most this order are left to QR iteration, as in LAPACK.
  private static var largestLeaf: Int { 25 }

  /// The singular values, descending, and both factors transposed; `nil` where an iteration did not converge.
  ///
  /// - Parameters:
  ///   - beside: what stands right of the diagonal; the last entry does not count.
  ///   - left, right: n×n, all zero; get the vectors in rows.
  /// - Complexity: 8n³/3 flops less deflation, as products; one matrix of the order of B.
  static func decompose(
    diagonal: Vector<Element>, beside: Vector<Element>, left: inout Matrix<Element>, right: inout Matrix<Element>
  ) -> Vector<Element>? {
    left.withUnsafeMutableBase { base, stride in
      decompose(
        diagonal: diagonal.map { Double($0) }, beside: beside.map { Double($0) }, left: (base, stride), right: &right)
    }.map { values in Vector(values.map { Element($0) }) }
  }

  /// The singular values, descending, and Vᵀ, at half the cost of both factors.
  static func decompose(diagonal: [Double], beside: [Double], right: inout Matrix<Element>) -> [Double]? {
    decompose(diagonal: diagonal, beside: beside, left: nil, right: &right)
  }

  private static func decompose(
    diagonal: [Double], beside: [Double], left: (UnsafeMutablePointer<Element>, Int)?, right: inout Matrix<Element>
  ) -> [Double]? {
    let n = diagonal.count
    let scale = (diagonal + beside.prefix(n - 1)).reduce(0) { max($0, abs($1)) }
    guard scale.isFinite else { return nil }
    if scale == 0 {
      right.withUnsafeMutableBase { base, stride in
        for i in 0..<n {
          base[i * stride + i] = 1
          if let left { left.0[i * left.1 + i] = 1 }
        }
      }
      return [Double](repeating: 0, count: n)
    }
    let room = n * (n + 1)
    let work = MatrixStorage<Element>(.undefined, capacity: room)
    let values = MatrixStorage<Double>(.zeros, capacity: n)
    return withExtendedLifetime((work, values)) {
      let isDone = right.withUnsafeMutableBase { base, stride in
        let right = Side(isLeft: false, base: base, stride: stride)
        let left = left.map { Side(isLeft: true, base: $0.0, stride: $0.1) }
        return BidiagonalSVD(
          order: n, diagonal: diagonal.map { $0 / scale }, beside: beside.map { $0 / scale },
          sides: [left, right].compactMap(\.self), right: right, work: work.base, values: values.base
        ).solve()
      }
      return isDone ? (0..<n).map { values.base[$0] * scale } : nil
    }
  }

  private func solve() -> Bool {
    withOwnThreads { threads in
      // A part for each thread, which then runs alone; the merges above those are shared.
      var levels = [[Block(first: 0, count: order, extra: 0)]]
      while let last = levels.last, last.count < threads, last.allSatisfy({ $0.count > Self.largestLeaf }) {
        levels.append(last.flatMap { [$0.upper, $0.lower] })
      }
      let parts = levels.removeLast()
      let size = Double(parts[0].count)
      let areSolved = inParts(parts.count, flops: Double(parts.count) * (3 * size * size * size + 2000 * size)) {
        range in
        parts[range].allSatisfy(solve)
      }
      guard areSolved.allSatisfy(\.self) else { return false }
      for blocks in levels.reversed() {
        guard blocks.allSatisfy(merge) else { return false }
      }
      if order <= Self.largestLeaf { reverseOnlyBlock() }
      return true
    }
  }

  private func solve(_ block: Block) -> Bool {
    if block.count <= Self.largestLeaf { return solveLeaf(block) }
    return solve(block.upper) && solve(block.lower) && merge(block)
  }

  private func solveLeaf(_ block: Block) -> Bool {
    let (rows, columns) = (block.count, block.count + block.extra)
    guard rows > 0 else {
      right.row(block.first, from: block.first).pointee = 1
      return true
    }
    func identity(_ order: Int) -> [Element] {
      var entries = [Element](repeating: 0, count: order * order)
      for i in 0..<order { entries[i * (order + 1)] = 1 }
      return entries
    }
    var (u, vTransposed, c) = (identity(rows), identity(columns), [Element(0)])
    var d = diagonal[block.first..<block.end].map { Element($0) }
    var e = beside[block.first..<block.end - 1 + block.extra].map { Element($0) } + [0]
    var work = [Element](repeating: 0, count: 4 * columns)
    let info = kernels.table.lasdq(block.extra, rows, &d, &e, &vTransposed, &u, &c, &work)
    guard info == 0, d.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return false }
    // LAPACK's columns: those of U are rows here, those of Vᵀ have to be gathered.
    u.withUnsafeBufferPointer { u in
      vTransposed.withUnsafeBufferPointer { vTransposed in
        guard let u = u.baseAddress, let vTransposed = vTransposed.baseAddress else { return }
        func copyRight(_ i: Int, to row: Int) {
          kernels.table.copy(blasInt(columns), vTransposed + i, blasInt(columns), right.row(row, from: block.first), 1)
        }
        for (position, i) in d.indices.sorted(by: { d[$0] < d[$1] }).enumerated() {
          let row = block.first + position
          values[row] = Double(d[i])
          for side in sides where side.isLeft {
            kernels.table.copy(blasInt(rows), u + i * rows, 1, side.row(row, from: block.first), 1)
          }
          copyRight(i, to: row)
        }
        if block.extra == 1 { copyRight(rows, to: block.end) }
      }
    }
    return true
  }

  /// Descending order for a matrix that is one leaf.
  private func reverseOnlyBlock() {
    for i in 0..<order / 2 {
      let j = order - 1 - i
      swap(&values[i], &values[j])
      for side in sides {
        for k in 0..<order { swap(&side.row(i, from: k).pointee, &side.row(j, from: k).pointee) }
      }
    }
  }
}
