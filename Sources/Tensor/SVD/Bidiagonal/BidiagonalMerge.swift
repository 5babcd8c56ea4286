import COpenBLAS

extension BidiagonalSVD {
  /// Makes the rows of both halves of a block rows of the block; false where a root did not converge.
  ///
  /// - SeeAlso: LAPACK `lasd1`, `lasd2`, `lasd3`.
  func merge(_ block: Block) -> Bool {
    let (alpha, beta) = (diagonal[block.middle], beside[block.middle])
    let largest = (block.first..<block.end).reduce(max(abs(alpha), abs(beta))) {
      $1 == block.middle ? $0 : max($0, values[$1])
    }
    let scale = largest > 0 ? largest : 1
    let deflation = deflate(block, alpha / scale, beta / scale, scale)
    guard let roots = SecularRoots(poles: deflation.kept.map(\.value), row: deflation.kept.map(\.z)) else {
      return false
    }
    write(block, deflation, roots, scale)
    return true
  }

  /// Finds what needs no solving: triplets that the joining row does not touch, and one of each two with equal values.
  private func deflate(_ block: Block, _ alpha: Double, _ beta: Double, _ scale: Double) -> Deflation {
    let (first, middle, end) = (block.first, block.middle, block.end)
    let tolerance = 4 * Double(Element.ulpOfOne)
    // The joining row, in terms of the right vectors: their last or first entries.
    var upper = column(middle, rows: first..<middle + 1).map { $0 * alpha }
    let lower = column(middle + 1, rows: middle + 1..<end + block.extra).map { $0 * beta }
    var z0 = upper.removeLast()
    if block.extra == 1 {
      // Both halves have a row that B maps to zero: one combination meets the joining row, the other is that of the block.
      let length = (z0 * z0 + lower[end - middle - 1] * lower[end - middle - 1]).squareRoot()
      let (c, s) = length > tolerance ? (z0 / length, lower[end - middle - 1] / length) : (1, 0)
      rotate(right, middle, end, from: first, count: block.count + 1, c, s)
      z0 = length
    }
    if abs(z0) <= tolerance { z0 = tolerance }
    for side in sides where side.isLeft { side.row(middle, from: middle).pointee = 1 }

    var triplets = (first..<middle).map {
      Triplet(value: values[$0] / scale, z: upper[$0 - first], row: $0, reach: .upper)
    }
    triplets += (middle + 1..<end).map {
      Triplet(value: values[$0] / scale, z: lower[$0 - middle - 1], row: $0, reach: .lower)
    }
    triplets.sort { $0.value < $1.value }

    var result = Deflation(kept: [Triplet(value: 0, z: z0, row: middle, reach: .both)])
    var pending: Triplet?
    for var triplet in triplets {
      if abs(triplet.z) <= tolerance {
        result.dropped.append(triplet)
      } else if var previous = pending, triplet.value - previous.value <= tolerance {
        // Rotated so that the joining row meets only one of the two.
        let length = (previous.z * previous.z + triplet.z * triplet.z).squareRoot()
        for side in sides {
          let count = block.count + (side.isLeft ? 0 : block.extra)
          rotate(side, previous.row, triplet.row, from: first, count: count, triplet.z / length, -previous.z / length)
        }
        triplet.z = length
        if triplet.reach != previous.reach { (triplet.reach, previous.reach) = (.both, .both) }
        result.dropped.append(previous)
        pending = triplet
      } else {
        if let previous = pending { result.kept.append(previous) }
        pending = triplet
      }
    }
    if let last = pending { result.kept.append(last) }
    // Apart from the zero of the joining row.
    if result.kept.count > 1 { result.kept[1].value = max(result.kept[1].value, tolerance / 2) }
    return result
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
    // Rows of the upper columns first, then those of all, then those of the lower ones.
    let kept = deflation.kept
    let packed = kept.indices.sorted { (kept[$0].reach.rawValue, $0) < (kept[$1].reach.rawValue, $1) }
    let (count, rows) = (Double(kept.count), Double(all.count))
    // Wide blocks pack the factor of BLAS seldom; narrow ones stay in the cache.
    let width = sides.count == 1 ? 128 : 256
    let tasks = (kept.count + width - 1) / width + 1
    for side in sides {
      let merge = SideMerge(
        side: side, block: block, room: work + block.first * (order + 1), kept: kept, packed: packed,
        dropped: deflation.dropped.map(\.row), positions: positions)
      _ = inParts(2, flops: 4 * rows * rows) { range in range.forEach { $0 == 0 ? merge.packUpper() : merge.packRest() }
      }
      _ = inParts(tasks, flops: count * count * rows) { range in
        for task in range {
          if task + 1 == tasks {
            merge.writeDropped()
          } else {
            merge.writeKept(task * width..<min((task + 1) * width, kept.count), roots)
          }
        }
      }
    }
  }

  /// Entries of the right factor, which are zero outside of its blocks.
  private func column(_ column: Int, rows: Range<Int>) -> [Double] {
    var entries = [Element](repeating: 0, count: rows.count)
    kernels.table.copy(
      blasInt(rows.count), right.row(rows.lowerBound, from: column), blasInt(right.stride), &entries, 1)
    return entries.map { Double($0) }
  }

  /// Rows x, y ← cx + sy, cy − sx.
  private func rotate(_ side: Side, _ x: Int, _ y: Int, from column: Int, count: Int, _ c: Double, _ s: Double) {
    kernels.table.rot(
      blasInt(count), side.row(x, from: column), 1, side.row(y, from: column), 1, Element(c), Element(s))
  }
}
