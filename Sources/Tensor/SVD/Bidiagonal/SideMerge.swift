/// One factor in a merge: its new rows are the vectors of the roots times the old rows.
///
/// The two ranges of columns are multiplied separately, because most of the old rows are zero in one of them.
struct SideMerge<Element: MatrixScalar> {
  private let side: BidiagonalSVD<Element>.Side
  private let block: BidiagonalSVD<Element>.Block
  /// The order in which rows are packed, as indices of what was kept.
  private let packed: [Int64]
  /// The old rows with entries in the upper columns, those with entries in the lower ones, and those that stay as they
  /// are.
  private let (upperRows, lowerRows, droppedRows): ([Int], [Int], [Int])
  /// Where each new row stands: first those of the roots, then those that were dropped.
  private let positions: [Int]
  /// Copies of the old rows, one group after the other in this order.
  private let (upper, lower, dropped):
    (UnsafeMutablePointer<Element>, UnsafeMutablePointer<Element>, UnsafeMutablePointer<Element>)
  private let (upperWidth, lowerWidth): (Int, Int)

  private var kernels: _Kernels<Element> { Element._kernels }

  init(
    side: BidiagonalSVD<Element>.Side, block: BidiagonalSVD<Element>.Block, scratch: UnsafeMutablePointer<Element>,
    kept: [Triplet], packed: [Int], dropped droppedRows: [Int], positions: [Int]
  ) {
    (self.side, self.block, self.droppedRows, self.positions) = (side, block, droppedRows, positions)
    self.packed = packed.map { Int64($0) }
    upperRows = packed.filter { kept[$0].reach != .lower }.map { kept[$0].row }
    lowerRows = packed.filter { kept[$0].reach != .upper }.map { kept[$0].row }
    upperWidth = block.middle + 1 - block.first
    lowerWidth = block.end - block.middle - 1 + (side.isLeft ? 0 : block.extra)
    upper = scratch
    lower = upper + upperRows.count * upperWidth
    dropped = lower + lowerRows.count * lowerWidth
  }

  func packUpper() {
    for (i, row) in upperRows.enumerated() {
      (upper + i * upperWidth).update(from: side.row(row, from: block.first), count: upperWidth)
    }
  }

  func packRest() {
    for (i, row) in lowerRows.enumerated() {
      (lower + i * lowerWidth).update(from: side.row(row, from: block.middle + 1), count: lowerWidth)
    }
    let width = upperWidth + lowerWidth
    for (i, row) in droppedRows.enumerated() {
      (dropped + i * width).update(from: side.row(row, from: block.first), count: width)
    }
  }

  func writeDropped() {
    let width = upperWidth + lowerWidth
    for i in droppedRows.indices {
      side.row(positions[packed.count + i], from: block.first).update(from: dropped + i * width, count: width)
    }
  }

  /// The new rows of some roots.
  func writeKept(_ range: Range<Int>, _ roots: SecularRoots) {
    let (count, width) = (packed.count, upperWidth + lowerWidth)
    let vectors = MatrixStorage<Element>(.undefined, capacity: range.count * count)
    let rows = MatrixStorage<Element>(.undefined, capacity: range.count * width)
    var scratch = [Double](repeating: 0, count: count)
    withExtendedLifetime((vectors, rows)) {
      kernels.table.secularVectors(roots, range, side.isLeft, packed, &scratch, vectors.base)
      multiply(vectors.base, upperRows.count, upper, upperWidth, range.count, rows.base)
      multiply(
        vectors.base + count - lowerRows.count, lowerRows.count, lower, lowerWidth, range.count, rows.base + upperWidth)
      for (i, root) in range.enumerated() {
        side.row(positions[root], from: block.first).update(from: rows.base + i * width, count: width)
      }
    }
  }

  /// Some columns of the vectors times the old rows that they belong to.
  private func multiply(
    _ vectors: UnsafeMutablePointer<Element>, _ inner: Int, _ old: UnsafeMutablePointer<Element>, _ columns: Int,
    _ count: Int, _ new: UnsafeMutablePointer<Element>
  ) {
    guard columns > 0 else { return }
    BLAS.gemm(
      MatrixPointer(vectors, rows: count, columns: inner, stride: packed.count),
      MatrixPointer(old, rows: inner, columns: columns, stride: columns),
      into: MutableMatrixPointer(new, rows: count, columns: columns, stride: upperWidth + lowerWidth))
  }
}
