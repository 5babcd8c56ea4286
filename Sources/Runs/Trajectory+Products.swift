import Tensor
import TensorIO

extension Trajectory {
  /// The Gram matrix of the displacements of a product, which is not formed.
  ///
  /// With B′ = s·B a displacement is B′ₜAₜ − B′₀A₀ = [B′ₜ − B′₀, B′₀]·[Aₜ; Aₜ − A₀], which subtracts before it
  /// multiplies and so keeps small changes exact; and ⟨CₛDₛ, CₜDₜ⟩ = Σ (CₛᵀCₜ)∘(DₛDₜᵀ).
  ///
  /// - Complexity: O(T²r²(out + in)) flops; every factor is read once for each group of snapshots.
  func gram(
    of product: FollowedProduct, _ advanced: (Int) -> Void
  ) throws(TrajectoryError) -> Matrix<Double> {
    let (count, width) = (snapshots.count, componentCount(of: product.pair))
    // The inner products of all components of all snapshots may not fit into memory, so snapshots are taken in groups.
    let size = max(1, 2048 / width)
    let groups = stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    var gram = Matrix<Double>.zeros(rows: count, columns: count)
    for (i, left) in groups.enumerated() {
      for right in groups[i...] {
        if Cancellation.isRequested { throw .cancelled }
        var products = try innerProducts(product, product.pair.up, left, right)
        products.multiplyElementwise(by: try innerProducts(product, product.pair.down, left, right))
        for s in left {
          for t in right {
            let block = products[rows: (s - left.lowerBound) * width..<(s - left.lowerBound + 1) * width][
              columns: (t - right.lowerBound) * width..<(t - right.lowerBound + 1) * width]
            let sum = Self.sum(of: block)
            (gram[s, t], gram[t, s]) = (sum, sum)
          }
        }
      }
    }
    advanced(product.info.elementCount)
    return gram
  }

  /// The sum of the entries row after row. A loop over pointers stays fast in debug builds.
  private static func sum(of block: Matrix<Double>) -> Double {
    block.withUnsafeBase { base in
      var (sum, i) = (0.0, 0)
      while i < block.rows {
        let row = base + i * block.rowStride
        var j = 0
        while j < block.columns {
          sum += row[j]
          j += 1
        }
        i += 1
      }
      return sum
    }
  }

  /// The number of components of a displacement.
  private func componentCount(of pair: AdapterPair) -> Int { origin == .zero ? pair.rank : 2 * pair.rank }

  /// The inner products of the components of some snapshots with those of others, summed over the length of one factor.
  private func innerProducts(
    _ product: FollowedProduct, _ factor: AdapterPair.Factor, _ left: Range<Int>, _ right: Range<Int>
  ) throws(TrajectoryError) -> Matrix<Double> {
    let width = componentCount(of: product.pair)
    var sum = Matrix<Double>.zeros(rows: left.count * width, columns: right.count * width)
    let length = max(256, (1 << 22) / (width * (left.count + right.count)))
    for start in stride(from: 0, to: factor.length, by: length) {
      if Cancellation.isRequested { throw .cancelled }
      let range = start..<min(start + length, factor.length)
      let rows = try components(product, factor, left, range)
      if left == right {
        sum += rows.gram(.rows)
      } else {
        sum += rows * (try components(product, factor, right, range)).transposed
      }
    }
    return sum
  }

  /// The components of displacements, one in each row: those of [B′ₜ − B′₀, B′₀] for B, of [Aₜ; Aₜ − A₀] for A.
  private func components(
    _ product: FollowedProduct, _ factor: AdapterPair.Factor, _ chosen: Range<Int>, _ range: Range<Int>
  ) throws(TrajectoryError) -> Matrix<Double> {
    let pair = product.pair
    let isUp = factor.name == pair.up.name
    func scaled(_ snapshot: Snapshot, _ i: Int) throws(TrajectoryError) -> Matrix<Double> {
      var rows = try self.rows(of: factor, in: snapshot, range)
      if isUp { rows.scale(by: product.scales[i]) }
      return rows
    }
    let width = componentCount(of: pair)
    var result = Matrix<Double>.zeros(rows: chosen.count * width, columns: range.count)
    let first = origin == .zero ? nil : try scaled(base, 0)
    for (k, t) in chosen.enumerated() {
      let own = try scaled(snapshots[t], t + 1)
      for r in 0..<pair.rank {
        guard let first else {
          result.setRow(k * width + r, to: own.row(r))
          continue
        }
        let change = own.row(r) - first.row(r)
        result.setRow(k * width + r, to: isUp ? change : own.row(r))
        result.setRow(k * width + pair.rank + r, to: isUp ? first.row(r) : change)
      }
    }
    return result
  }

  /// Part of a factor, one row for each component.
  private func rows(
    of factor: AdapterPair.Factor, in snapshot: Snapshot, _ range: Range<Int>
  ) throws(TrajectoryError) -> Matrix<Double> {
    guard factor.hasComponentRows else {
      let stored = range.lowerBound * factor.rank..<range.upperBound * factor.rank
      let entries = try numbers(snapshot, factor.name, stored)
      return Matrix(rows: factor.rank, columns: range.count) { r, i in entries[i * factor.rank + r] }
    }
    var rows = Matrix<Double>.zeros(rows: factor.rank, columns: range.count)
    for r in 0..<factor.rank {
      let start = r * factor.length
      rows.setRow(r, to: try numbers(snapshot, factor.name, start + range.lowerBound..<start + range.upperBound))
    }
    return rows
  }

  /// The value of ``TrajectoryGrams/adapterGrowth``.
  ///
  /// - Complexity: two reads of every A.
  func adapterGrowth() throws(TrajectoryError) -> Double? {
    guard origin != .zero, let last = snapshots.last else { return nil }
    var (change, start) = (0.0, 0.0)
    for pair in products.values.map(\.pair).sorted(by: { $0.module < $1.module }) {
      let count = pair.down.rank * pair.down.length
      for first in stride(from: 0, to: count, by: 1 << 20) {
        if Cancellation.isRequested { throw .cancelled }
        let range = first..<min(first + 1 << 20, count)
        let origin = try numbers(base, pair.down.name, range)
        let moved = try numbers(last, pair.down.name, range) - origin
        change += moved.dot(moved)
        start += origin.dot(origin)
      }
    }
    return start > 0 ? (change / start).squareRoot() : nil
  }
}
