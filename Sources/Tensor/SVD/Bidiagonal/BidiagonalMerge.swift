import COpenBLAS

extension BidiagonalSVD {
  /// Makes the rows of both halves of a block rows of the block; false where a root did not converge or the monitor
  /// said to stop.
  ///
  /// - SeeAlso: LAPACK `lasd1`, `lasd2`, `lasd3`.
  func merge(_ block: Block) -> Bool {
    guard !monitor.isStopped else { return false }
    let (alpha, beta) = (diagonal[block.middle], superdiagonal[block.middle])
    let largest = (block.first..<block.end).reduce(max(abs(alpha), abs(beta))) {
      $1 == block.middle ? $0 : max($0, values[$1])
    }
    let scale = largest > 0 ? largest : 1
    let deflation = deflate(block, alpha: alpha / scale, beta: beta / scale, scale: scale)
    guard let roots = SecularRoots(poles: deflation.kept.map(\.value), row: deflation.kept.map(\.z)) else {
      return false
    }
    write(block, deflation, roots, scale)
    return !monitor.isStopped
  }

  /// Writes values and vectors in order.
  private func write(_ block: Block, _ deflation: Deflation, _ roots: SecularRoots, _ scale: Double) {
    let all = roots.values + deflation.dropped.map(\.value)
    let isWhole = block.count == order
    var positions = [Int](repeating: 0, count: all.count)
    for (position, i) in all.indices.sorted(by: { isWhole ? all[$0] > all[$1] : all[$0] < all[$1] }).enumerated() {
      positions[i] = block.first + position
      values[block.first + position] = all[i] * scale
    }
    // Packed are first the rows with entries in the upper columns alone, then those with entries in all columns, then
    // those with entries in the lower columns alone.
    let kept = deflation.kept
    let packed = kept.indices.sorted { (kept[$0].reach.rawValue, $0) < (kept[$1].reach.rawValue, $1) }
    for side in sides {
      let merge = SideMerge(
        side: side, block: block, scratch: scratch + block.first * (order + 1), kept: kept, packed: packed,
        dropped: deflation.dropped.map(\.row), positions: positions)
      run(merge, roots, kept: kept.count, of: all.count)
    }
  }

  /// Replaces the rows of one side, its parts shared among the threads.
  private func run(_ merge: SideMerge<Element>, _ roots: SecularRoots, kept: Int, of rows: Int) {
    let (count, total) = (Double(kept), Double(rows))
    let width = sides.count == 1 ? tuning.mergeColumns.oneSide : tuning.mergeColumns.bothSides
    let tasks = (kept + width - 1) / width + 1
    _ = inParts(2, flops: 4 * total * total) { range in
      range.forEach { $0 == 0 ? merge.packUpper() : merge.packRest() }
    }
    _ = inParts(tasks, flops: count * count * total) { range in
      for task in range {
        if monitor.isStopped { return }
        if task + 1 == tasks {
          merge.writeDropped()
        } else {
          merge.writeKept(task * width..<min((task + 1) * width, kept), roots)
        }
      }
    }
  }
}
