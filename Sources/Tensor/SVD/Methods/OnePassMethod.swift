/// Decompositions by way of a bidiagonal matrix.
extension TallMatrix {
  /// The factors of T by ``Bidiagonalization`` and ``BidiagonalSVD``; `nil` where an iteration did not converge or the
  /// monitor said to stop.
  ///
  /// - Parameter wanted: the number of vectors of the longer side, at least the shorter one; `nil` for values only.
  /// - Complexity: 4p²L − 4p³/3 flops to reduce L×p entries, up to 8p³/3 for the values and vectors of what is left,
  ///   2p³ + 2p²L for the vectors of T; apart from the result a copy of T, p² entries and one factor.
  func factorsByOnePass(
    longVectors wanted: Int?, _ monitor: WorkMonitor
  ) throws(LinearAlgebraError) -> TallFactors<Element>? {
    let size = stored.norm(.maximum)
    if !size.isFinite { try stored.checkFinite() }
    // A power of two, so that squares stay in the range.
    let exponent = size == 0 || Matrix<Element>.sizesWithSquares.holds(size) ? 0 : -Int(size.exponent)
    // The whole call keeps the threads, so that no other caller takes them between two steps.
    return withOwnThreads { _ in
      // With vectors, two fifths of the time is the reduction.
      let reduction = monitor.stage(from: 0, to: wanted == nil ? 0.95 : 0.4)
      let reduced =
        isTransposed
        ? Bidiagonalization(stored, scaledByExponent: exponent, reduction)
        : Bidiagonalization(stored.transposed, scaledByExponent: exponent, reduction)
      if monitor.isStopped { return nil }
      guard let wanted else {
        return reduced.singularValues().map { TallFactors(values: scaledBack($0, exponent), vectors: nil) }
      }
      let count = Swift.max(wanted, columns)
      guard let found = reduced.svd(longVectors: count, monitor.stage(from: 0.4, to: 1)) else { return nil }
      return TallFactors(
        values: scaledBack(found.values, exponent),
        vectors: (LongVectors(stored: found.vTransposed, areRows: true), found.uTransposed))
    }
  }

  /// The singular values of T from those of 2ᵉT.
  private func scaledBack(_ values: Vector<Element>, _ exponent: Int) -> Vector<Element> {
    guard exponent != 0 else { return values }
    return Vector(values.map { Element(sign: .plus, exponent: Element.Exponent(-exponent), significand: $0) })
  }
}
