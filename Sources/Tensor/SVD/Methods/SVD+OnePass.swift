/// Decompositions by way of a bidiagonal matrix.
extension Matrix {
  /// A by ``Bidiagonalization`` and ``BidiagonalSVD``; `nil` where an iteration did not converge.
  ///
  /// - Complexity: 4p²L − 4p³/3 flops to reduce p×L entries, p ≤ L, up to 8p³/3 for the values and vectors of what is left,
  ///   2p³ + 2p²L for the vectors of A; beside the result a copy of A, p² entries and one
  ///   factor.
  func factorsByOnePass(
    _ vectors: SingularVectors?, progress: ProgressHandler?
  ) throws(LinearAlgebraError) -> Factors? {
    guard !isEmpty else { return factorsWithoutEntries(vectors) }
    let size = norm(.maximum)
    if !size.isFinite { try checkFinite() }
    let (smallest, largest) = Element.self == Double.self ? (1e-140, 1e140) : (1e-15, 1e15)
    // A power of two, so that squares stay in the range.
    let exponent = size == 0 || (size > smallest && size < largest) ? 0 : -Int(size.exponent)
    // All of it alone with the threads, so that nobody else takes them between two steps.
    let reduction = progress.map { reductionProgress($0, withVectors: vectors != nil) }
    return withOwnThreads { _ in
      let isTall = rows > columns
      let reduced =
        isTall
        ? Bidiagonalization(transposed, scaledByExponent: exponent, progress: reduction)
        : Bidiagonalization(self, scaledByExponent: exponent, progress: reduction)
      func scaledBack(_ values: Vector<Element>) -> Vector<Element> {
        exponent == 0
          ? values : Vector(values.map { Element(sign: .plus, exponent: Element.Exponent(-exponent), significand: $0) })
      }
      guard vectors != nil else {
        return reduced.singularValues().map {
          (.zeros(rows: 0, columns: 0), scaledBack($0), .zeros(rows: 0, columns: 0))
        }
      }
      guard let (uTransposed, values, vTransposed) = reduced.svd(isFull: vectors == .full) else { return nil }
      return isTall
        ? (Matrix(vTransposed.transposed), scaledBack(values), uTransposed)
        : (Matrix(uTransposed.transposed), scaledBack(values), vTransposed)
    }
  }

  /// Turns columns of the reduction into thousandths of the whole work: with vectors, two fifths of it is the reduction.
  private func reductionProgress(_ progress: @escaping ProgressHandler, withVectors: Bool) -> (Int) -> Void {
    let (m, n) = (Double(Swift.min(rows, columns)), Double(Swift.max(rows, columns)))
    let share = withVectors ? 400.0 : 950.0
    // What the columns before x cost, but for a factor.
    func work(_ x: Double) -> Double { x * (m * n - x * (m + n) / 2 + x * x / 3) }
    return { progress(Int(share * work(Double($0)) / work(m)), 1000) }
  }

  /// Without values a full basis of each space is the identity.
  func factorsWithoutEntries(_ vectors: SingularVectors?) -> Factors {
    let isFull = vectors == .full
    return (
      Matrix(rows: rows, columns: isFull ? rows : 0) { $0 == $1 ? 1 : 0 }, [],
      Matrix(rows: isFull ? columns : 0, columns: columns) { $0 == $1 ? 1 : 0 }
    )
  }
}
