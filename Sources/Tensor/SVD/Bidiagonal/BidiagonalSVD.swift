import COpenBLAS

/// B = UΣVᵀ for an upper bidiagonal B, by halves: two halves of B are decomposed, and the row between them joins them.
///
/// LAPACK's `bdsdc` does the same. It solves for one singular value after the other, on one thread, and copies vectors
/// across memory. Here eight values are solved for at a time, and halves and parts of a merge run on threads of their
/// own.
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
  let superdiagonal: [Double]
  /// The left vectors where they are wanted, and the right ones.
  let sides: [Side]
  let right: Side
  /// For the rows of one side in a merge, n(n + 1) entries.
  let scratch: UnsafeMutablePointer<Element>
  /// Ascending in each block that is done, descending once all of it is.
  let values: UnsafeMutablePointer<Double>
  let tuning: SVDTuning
  let monitor: WorkMonitor

  var kernels: _Kernels<Element> { Element._kernels }

  /// The singular values, descending, and both factors transposed; `nil` where an iteration did not converge or the
  /// monitor said to stop.
  ///
  /// - Parameters:
  ///   - superdiagonal: n entries, of which the last does not count.
  ///   - left, right: of at least n rows and columns, all zero; get the vectors in rows.
  /// - Complexity: 8n³/3 flops less deflation, as products; one matrix of the order of B.
  static func decompose(
    diagonal: Vector<Element>, superdiagonal: Vector<Element>, left: inout Matrix<Element>,
    right: inout Matrix<Element>, _ monitor: WorkMonitor = .unwatched
  ) -> Vector<Element>? {
    let (d, e) = (diagonal.map { Double($0) }, superdiagonal.map { Double($0) })
    let values = left.withUnsafeMutableBase { leftBase, leftStride in
      right.withUnsafeMutableBase { rightBase, rightStride in
        decompose(
          d, e, left: Side(isLeft: true, base: leftBase, stride: leftStride),
          right: Side(isLeft: false, base: rightBase, stride: rightStride), monitor)
      }
    }
    return values.map { values in Vector(values.map { Element($0) }) }
  }

  /// The singular values, descending, and Vᵀ, at half the cost of both factors.
  static func decompose(
    diagonal: [Double], superdiagonal: [Double], right: inout Matrix<Element>,
    _ monitor: WorkMonitor = .unwatched
  ) -> [Double]? {
    right.withUnsafeMutableBase { base, stride in
      decompose(
        diagonal, superdiagonal, left: nil, right: Side(isLeft: false, base: base, stride: stride), monitor)
    }
  }

  private static func decompose(
    _ diagonal: [Double], _ superdiagonal: [Double], left: Side?, right: Side,
    _ monitor: WorkMonitor
  ) -> [Double]? {
    let n = diagonal.count
    let sides = [left, right].compactMap(\.self)
    let scale = (diagonal + superdiagonal.prefix(n - 1)).reduce(0) { max($0, abs($1)) }
    guard scale.isFinite else { return nil }
    if scale == 0 {
      for side in sides {
        for i in 0..<n { side.row(i, from: i).pointee = 1 }
      }
      return [Double](repeating: 0, count: n)
    }
    let scratch = MatrixStorage<Element>(.undefined, capacity: n * (n + 1))
    let values = MatrixStorage<Double>(.zeros, capacity: n)
    return withExtendedLifetime((scratch, values)) {
      let problem = BidiagonalSVD(
        order: n, diagonal: diagonal.map { $0 / scale }, superdiagonal: superdiagonal.map { $0 / scale },
        sides: sides, right: right, scratch: scratch.base, values: values.base, tuning: .current, monitor: monitor)
      return problem.solve() ? (0..<n).map { values.base[$0] * scale } : nil
    }
  }

  /// Decomposes all of B; false where an iteration did not converge or the monitor said to stop.
  private func solve() -> Bool {
    withOwnThreads { threads in
      // Each thread gets a part, on which it then runs alone. The merges above the parts are shared by all threads.
      var levels = [[Block(first: 0, count: order, extra: 0)]]
      while let last = levels.last, last.count < threads, last.allSatisfy({ $0.count > tuning.largestLeaf }) {
        levels.append(last.flatMap { [$0.upper, $0.lower] })
      }
      let parts = levels.removeLast()
      let size = Double(parts[0].count)
      let areSolved = inParts(parts.count, flops: Double(parts.count) * (3 * size * size * size + 2000 * size)) {
        range in
        parts[range].allSatisfy(solve)
      }
      guard areSolved.allSatisfy(\.self) else { return false }
      for (above, blocks) in zip(levels.indices, levels).reversed() {
        // A level takes a quarter of the flops of the one above it.
        monitor.report(pow4(-(above + 1)))
        guard blocks.allSatisfy(merge) else { return false }
      }
      if order <= tuning.largestLeaf { reverseOnlyBlock() }
      return true
    }
  }

  /// 4ⁿ.
  private func pow4(_ n: Int) -> Double { Double(sign: .plus, exponent: 2 * n, significand: 1) }

  private func solve(_ block: Block) -> Bool {
    if block.count <= tuning.largestLeaf { return solveLeaf(block) }
    return solve(block.upper) && solve(block.lower) && merge(block)
  }

  /// Decomposes a small block by QR iteration.
  private func solveLeaf(_ block: Block) -> Bool {
    let (rows, columns) = (block.count, block.count + block.extra)
    guard rows > 0 else {
      right.row(block.first, from: block.first).pointee = 1
      return true
    }
    let (u, vTransposed) = (Matrix<Element>.identity(rows), Matrix<Element>.identity(columns))
    var d = diagonal[block.first..<block.end].map { Element($0) }
    var e = superdiagonal[block.first..<block.end - 1 + block.extra].map { Element($0) } + [0]
    // Both matrices are fresh, so nothing else holds their memory.
    return withExtendedLifetime((u, vTransposed)) {
      let isDone = LAPACK.lasdq(
        diagonal: &d, superdiagonal: &e, extraColumns: block.extra, u: u.first, vTransposed: vTransposed.first)
      guard isDone, d.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return false }
      writeLeaf(block, d, u.first, vTransposed.first)
      return true
    }
  }

  /// Writes the values of a leaf, ascending, and their vectors.
  ///
  /// - Parameters:
  ///   - u: LAPACK's columns, which are rows here.
  ///   - vTransposed: LAPACK's columns of Vᵀ, so that a row of it has to be gathered.
  private func writeLeaf(
    _ block: Block, _ d: [Element], _ u: UnsafePointer<Element>, _ vTransposed: UnsafePointer<Element>
  ) {
    let (rows, columns) = (block.count, block.count + block.extra)
    func copyRight(_ i: Int, to row: Int) {
      BLAS.copy(columns, from: vTransposed + i, stride: columns, to: right.row(row, from: block.first))
    }
    for (position, i) in d.indices.sorted(by: { d[$0] < d[$1] }).enumerated() {
      let row = block.first + position
      values[row] = Double(d[i])
      for side in sides where side.isLeft {
        BLAS.copy(rows, from: u + i * rows, to: side.row(row, from: block.first))
      }
      copyRight(i, to: row)
    }
    if block.extra == 1 { copyRight(rows, to: block.end) }
  }

  /// Puts a matrix that is one leaf into descending order.
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
