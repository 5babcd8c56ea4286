import CKernels

extension MatrixBatch {
  /// Every matrix by one-sided Jacobi rotations, for m ≥ n.
  func byJacobi(_ monitor: WorkMonitor) throws(LinearAlgebraError) -> BatchSVD<Element> {
    let (m, n) = (rows, columns)
    var u = Matrix<Element>(.undefined, rows: count * m, columns: n)
    var sigma = Matrix<Element>(.undefined, rows: count, columns: n)
    var vTransposed = Matrix<Element>(.undefined, rows: count * n, columns: n)
    let failed = withExtendedLifetime((stacked, u, sigma, vTransposed)) {
      runJacobi(u.first, sigma.first, vTransposed.first, monitor)
    }
    try monitor.checkCancelled()
    for i in failed {
      let other = try self[i].svd(monitor: monitor.silenced)
      for k in 0..<m { u.setRow(i * m + k, to: other.u.row(k)) }
      for k in 0..<n { vTransposed.setRow(i * n + k, to: other.vTransposed.row(k)) }
      sigma.setRow(i, to: other.singularValues)
    }
    guard sigma.norm(.maximum).isFinite else { throw .beyondRange(of: Element.self) }
    return BatchSVD(
      u: MatrixBatch(stacked: u, rows: m), singularValues: sigma,
      vTransposed: MatrixBatch(stacked: vTransposed, rows: n))
  }

  /// Runs the kernel on groups of matrices, each group on one thread, which writes to places of its own.
  ///
  /// - Returns: the matrices that did not converge.
  private func runJacobi(
    _ u: UnsafeMutablePointer<Element>, _ sigma: UnsafeMutablePointer<Element>,
    _ vTransposed: UnsafeMutablePointer<Element>, _ monitor: WorkMonitor
  ) -> [Int] {
    let (m, n, lanes) = (rows, columns, ck_jacobi_lanes)
    let groups = (count + lanes - 1) / lanes
    let a = stacked.first
    return inParts(groups, flops: 100 * Double(m * n * n) * Double(count)) { range in
      let scratch = MatrixStorage<Element>(.undefined, capacity: ck_jacobi_scratch(m, n))
      defer { withExtendedLifetime(scratch) {} }
      return range.flatMap { group -> [Int] in
        if monitor.isStopped { return [] }
        monitor.reportPart(group, of: range)
        let start = group * lanes
        let mask = Element._kernels.table.jacobi(
          a + start * m * n, min(lanes, count - start), m, n, u + start * m * n, sigma + start * n,
          vTransposed + start * n * n, scratch.base)
        return mask == 0 ? [] : (0..<lanes).filter { mask >> UInt32($0) & 1 == 1 }.map { start + $0 }
      }
    }.flatMap(\.self)
  }
}

extension BatchSVD {
  /// The decompositions of the transposes, with the signs that the rule gives the other side.
  func transposed() -> BatchSVD {
    var (left, right) = (vTransposed.transposed().stacked, u.transposed().stacked)
    let p = singularValues.columns
    for (k, isTurned) in right.fixRowSigns().enumerated() where isTurned {
      let i = k / p
      for j in (i * vTransposed.columns)..<((i + 1) * vTransposed.columns) { left[j, k % p] = -left[j, k % p] }
    }
    return BatchSVD(
      u: MatrixBatch(stacked: left, rows: vTransposed.columns), singularValues: singularValues,
      vTransposed: MatrixBatch(stacked: right, rows: p))
  }
}
