/// The k leading singular triplets of A, with a certificate. Made by ``Matrix/svd(rank:tolerance:seed:)``.
public struct TruncatedSVD<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// The left singular vectors in columns, m×k.
  public let u: Matrix<Element>
  /// The k largest singular values, descending.
  public let singularValues: Vector<Element>
  /// The right singular vectors in rows, k×n. This is Vᵀ, not V.
  public let vTransposed: Matrix<Element>
  /// The method that produced the result.
  public let method: SVDMethod
  /// maxᵢ max(‖Avᵢ − σᵢuᵢ‖, ‖Aᵀuᵢ − σᵢvᵢ‖) / σ₁, measured on the result.
  public let residual: Double
  /// How often A was read for it, the measuring included.
  public let passes: Int
}

extension Matrix {
  /// The k leading singular triplets, to a stated residual.
  ///
  /// Randomized block Krylov iteration: from Q₀ = orth(AΩ) with random Ω of k + 8 columns or a few more, uniform in −1 ..< 1,
  /// the basis grows by orth(A AᵀQ₀) and then by what Avᵢ − σᵢuᵢ leaves, until the two-sided residual of its Rayleigh–Ritz
  /// triplets is at most `tolerance`. Where the basis would exceed a third of min(m, n), or k is large, the full
  /// decomposition is computed instead.
  /// A small residual proves that each triplet is close to *a* singular triplet; that none larger was missed is
  /// overwhelmingly likely, not proven.
  ///
  /// - Parameters:
  ///   - k: 1 … min(m, n).
  ///   - tolerance: the largest accepted residual, relative to σ₁; 0 asks for the full decomposition.
  ///   - seed: of Ω; the same seed gives the same bits.
  /// - Throws: ``LinearAlgebraError/invalidArgument(_:)`` for k or the tolerance out of range;
  ///   ``LinearAlgebraError/cancelled``; what ``svd(vectors:method:progress:)`` throws.
  /// - Complexity: 4mnb flops a step with b from k + 8 to k + 23, k from the third step on, at least two steps, and 2mnb once;
  ///   memory for the basis and its image, (m + n)·b·steps, twice where they are stacked, beside A.
  /// - SeeAlso: Musco and Musco, arXiv 1504.05477.
  public func svd(
    rank k: Int, tolerance: Double = 1e-2, seed: UInt64 = SeededGenerator.defaultSeed
  ) throws(LinearAlgebraError) -> TruncatedSVD<Element> {
    let p = Swift.min(rows, columns)
    guard k >= 1, k <= p else {
      throw .invalidArgument("rank \(k) is outside 1...\(p) for a \(shapeDescription) matrix")
    }
    guard tolerance >= 0 else { throw .invalidArgument("the tolerance \(tolerance) is not a number from 0 on") }
    // Whole vectors, as the last columns would cost as much; but three steps are to fit into a third of a small matrix.
    let width = Swift.min((k + 8 + 15) / 16 * 16, Swift.max(k + 8, p / 9))
    var passes = 0
    if tolerance > 0, 2 * width <= p / 3 {
      var generator = SeededGenerator(seed: seed)
      let omega = Matrix<Double>.uniform(rows: width, columns: columns, in: -1..<1, using: &generator)
      let start = times(transposed: omega.converted(to: Element.self))
      // Entries that are not finite, or near the ends of the range, show in the product.
      let (smallest, largest) = Element.self == Double.self ? (1e-73, 1e75) : (1e-8, 1e10)
      let size = start.norm(.maximum)
      if !(smallest...largest).contains(size) {
        let (scaled, undo) = try scaledIntoRange()
        if undo != 1 {
          let found = try scaled.svd(rank: k, tolerance: tolerance, seed: seed)
          let values = found.singularValues.converted(to: Double.self).scaled(by: undo).converted(to: Element.self)
          return TruncatedSVD(
            u: found.u, singularValues: try values.withinRange(), vTransposed: found.vTransposed,
            method: found.method, residual: found.residual, passes: found.passes)
        }
      }
      var krylov = BlockKrylov(matrix: self, start: start)
      // Alone with the threads, so that nobody else takes them between two steps.
      let found = try withOwnThreads { (_) throws(LinearAlgebraError) -> TruncatedSVD<Element>? in
        while (krylov.steps + 1) * width <= p / 3 {
          if Cancellation.isRequested { throw .cancelled }
          try krylov.grow()
          if krylov.steps == 1 {
            krylov.prepareNext()
          } else if let found = try krylov.leadingTriplets(k, tolerance: tolerance) {
            return found
          }
        }
        return nil
      }
      if let found { return found }
      passes = krylov.passes
    }
    let full = try svd()
    let (u, values, vt) = (full.u[columns: 0..<k], full.singularValues.prefix(k), full.vTransposed[rows: 0..<k])
    let leading = Vector(values)
    return TruncatedSVD(
      u: u.compacted(), singularValues: leading, vTransposed: vt, method: full.method,
      residual: twoSidedResidual(self, u, leading, vt), passes: passes + 3)
  }
}

/// A growing orthonormal basis Q of the Krylov space of AAᵀ, with its image AᵀQ.
private struct BlockKrylov<Element: MatrixScalar> {
  let matrix: Matrix<Element>
  private(set) var passes = 1
  /// What the next block is to span, in rows.
  private var next: Matrix<Element>
  /// Blocks of Qᵀ and of QᵀA.
  private var basis: [Matrix<Element>] = []
  private var image: [Matrix<Element>] = []

  var steps: Int { basis.count }

  /// - Parameter start: spans the first block, in rows.
  init(matrix: Matrix<Element>, start: Matrix<Element>) {
    self.matrix = matrix
    next = start
  }

  /// Adds one block.
  mutating func grow() throws(LinearAlgebraError) {
    var block = try orthonormalRows(next)
    if !basis.isEmpty {
      let earlier = Matrix(stackingRows: basis)
      // Twice is enough: the second round removes what cancellation in the first one left.
      for _ in 0..<2 {
        block -= earlier.timesColumns(block * earlier.transposed)
        block = try orthonormalRows(block)
      }
    }
    basis.append(block)
    image.append(matrix.timesColumns(block))
    passes += 1
  }

  /// Makes A times the last image the next block.
  mutating func prepareNext() {
    next = matrix.times(transposed: image[steps - 1])
    passes += 1
  }

  /// Rayleigh–Ritz: the triplets of A restricted to the basis; `nil` where their residual exceeds the tolerance.
  ///
  /// What Avᵢ − σᵢuᵢ leaves lies in the next Krylov space, and is what the wanted vectors lack: it is the next block.
  mutating func leadingTriplets(_ k: Int, tolerance: Double) throws(LinearAlgebraError) -> TruncatedSVD<Element>? {
    let stacked = Matrix(stackingRows: image)
    let small = try stacked.svd(vectors: .allLeft(right: k))
    let coefficients = Matrix(small.u[columns: 0..<k].transposed)
    var uTransposed = Matrix(stackingRows: basis).timesColumns(coefficients)
    var vt = small.vTransposed
    let values = Vector(small.singularValues.prefix(k))
    var left = matrix.times(transposed: vt)
    passes += 1
    // Aᵀu is made of the images.
    var right = stacked.timesColumns(coefficients)
    var worst = 0.0
    for i in 0..<k {
      left.addToRow(i, uTransposed.row(i), scaledBy: -values[i])
      right.addToRow(i, vt.row(i), scaledBy: -values[i])
      let residual = Swift.max(left.row(i).norm, right.row(i).norm)
      guard residual.isFinite else { return nil }
      worst = Swift.max(worst, residual)
    }
    let residual = values[0] > 0 ? worst / Double(values[0]) : 0
    guard residual <= tolerance else {
      next = left
      return nil
    }
    for (i, isTurned) in vt.fixRowSigns().enumerated() where isTurned { uTransposed.negateRow(i) }
    return TruncatedSVD(
      u: Matrix(uTransposed.transposed), singularValues: values, vTransposed: vt, method: .blockKrylov,
      residual: residual, passes: passes)
  }

  /// Orthonormal rows with the same span, scaled first: powers of A may leave the range of the element type.
  private func orthonormalRows(_ rows: Matrix<Element>) throws(LinearAlgebraError) -> Matrix<Element> {
    let largest = Element(rows.norm(.maximum))
    let scaled = largest.isNormal ? rows.scaled(by: 1 / largest) : rows
    var block = scaled
    if block.orthonormalizeByCholesky(.rows) != nil { return block }
    return Matrix(try Matrix(scaled.transposed).qr().q.transposed)
  }
}
