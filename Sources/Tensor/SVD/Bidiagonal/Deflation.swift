import COpenBLAS

/// A singular triplet of one of two halves that are to be merged.
struct Triplet {
  /// The columns in which its vectors are not zero.
  enum Reach: Int {
    case upper, both, lower
  }

  var value: Double
  /// Its entry of the row that joins the halves.
  var z: Double
  let row: Int
  var reach: Reach
}

/// What is left to solve once two halves are decomposed, and what can be kept of them.
struct Deflation {
  /// Ascending; the first is the row between the halves, with the value zero.
  var kept: [Triplet]
  /// Triplets of the halves that are triplets of the whole already.
  var dropped: [Triplet] = []
}

extension BidiagonalSVD {
  /// Values and entries of the joining row that differ by less are taken for equal, relative to the largest.
  private var tolerance: Double { 4 * Double(Element.ulpOfOne) }

  /// Finds what needs no solving: triplets that the joining row does not touch, and one of each two with equal values.
  ///
  /// - Parameters:
  ///   - alpha, beta: the entries of the joining row over `scale`.
  ///   - scale: the largest value of the block.
  func deflate(_ block: Block, alpha: Double, beta: Double, scale: Double) -> Deflation {
    let (z0, triplets) = joiningRow(block, alpha: alpha, beta: beta, scale: scale)
    var result = Deflation(kept: [Triplet(value: 0, z: z0, row: block.middle, reach: .both)])
    var pending: Triplet?
    for triplet in triplets {
      if abs(triplet.z) <= tolerance {
        result.dropped.append(triplet)
      } else if let previous = pending, triplet.value - previous.value <= tolerance {
        let (emptied, merged) = rotated(previous, triplet, block)
        result.dropped.append(emptied)
        pending = merged
      } else {
        if let previous = pending { result.kept.append(previous) }
        pending = triplet
      }
    }
    if let last = pending { result.kept.append(last) }
    // The first pole is the zero of the joining row, from which the second has to differ.
    if result.kept.count > 1 { result.kept[1].value = max(result.kept[1].value, tolerance / 2) }
    return result
  }

  /// The joining row in terms of the right vectors, whose last or first entries make it: its entry for the row between
  /// the halves, and the triplets of both halves with theirs, ascending.
  private func joiningRow(
    _ block: Block, alpha: Double, beta: Double, scale: Double
  ) -> (z0: Double, triplets: [Triplet]) {
    let (first, middle, end) = (block.first, block.middle, block.end)
    var upper = column(middle, rows: first..<middle + 1).map { $0 * alpha }
    let lower = column(middle + 1, rows: middle + 1..<end + block.extra).map { $0 * beta }
    var z0 = upper.removeLast()
    if block.extra == 1 {
      // Both halves have a row that B maps to zero: one combination of the two meets the joining row, the other is the
      // row of the block that B maps to zero.
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
    return (z0, triplets.sorted { $0.value < $1.value })
  }

  /// Two triplets of equal value, turned so that the joining row meets only the second.
  private func rotated(_ first: Triplet, _ second: Triplet, _ block: Block) -> (emptied: Triplet, merged: Triplet) {
    var (first, second) = (first, second)
    let length = (first.z * first.z + second.z * second.z).squareRoot()
    for side in sides {
      let count = block.count + (side.isLeft ? 0 : block.extra)
      rotate(side, first.row, second.row, from: block.first, count: count, second.z / length, -first.z / length)
    }
    second.z = length
    if second.reach != first.reach { (second.reach, first.reach) = (.both, .both) }
    return (first, second)
  }

  /// Entries of the right factor, which are zero outside of its blocks.
  private func column(_ column: Int, rows: Range<Int>) -> [Double] {
    var entries = [Element](repeating: 0, count: rows.count)
    BLAS.copy(rows.count, from: right.row(rows.lowerBound, from: column), stride: right.stride, to: &entries)
    return entries.map { Double($0) }
  }

  /// Rows x, y ← cx + sy, cy − sx.
  private func rotate(_ side: Side, _ x: Int, _ y: Int, from column: Int, count: Int, _ c: Double, _ s: Double) {
    BLAS.rot(count, side.row(x, from: column), side.row(y, from: column), cosine: Element(c), sine: Element(s))
  }
}
