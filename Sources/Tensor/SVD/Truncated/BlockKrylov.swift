import Foundation

/// What a block Krylov iteration is to find, and the sizes it works with.
struct KrylovRequest {
  /// The number of wanted triplets, k.
  let rank: Int
  /// The largest accepted residual, relative to σ₁.
  let tolerance: Double
  let seed: UInt64
  /// The columns of a block.
  let width: Int
  /// The number of blocks of the largest basis.
  let mostBlocks: Int
  /// When to give up before that.
  let patience: SVDTuning.KrylovPatience

  /// - Parameter order: min(m, n).
  init(rank k: Int, tolerance: Double, seed: UInt64, order: Int) {
    let tuning = SVDTuning.current
    (rank, self.tolerance, self.seed, patience) = (k, tolerance, seed, tuning.krylovPatience)
    let (sampled, grain) = (k + tuning.oversampling, tuning.blockGrain)
    width = min((sampled + grain - 1) / grain * grain, max(sampled, order / tuning.blocksOfOrder))
    mostBlocks = order / tuning.basisOfOrder / width
  }
}

/// A growing orthonormal basis Q of the Krylov space of AAᵀ, with its image AᵀQ.
struct BlockKrylov<Element: MatrixScalar> {
  private let matrix: Matrix<Element>
  /// How often A was read.
  private(set) var passes = 1
  /// What the next block is to span, in rows.
  private var next: Matrix<Element>
  /// Blocks of Qᵀ.
  private var basis: [Matrix<Element>] = []
  /// Blocks of QᵀA.
  private var image: [Matrix<Element>] = []
  /// How the smallest residual of a wanted triplet fell, one entry for each step from the second on.
  private var smallestResiduals: [Double] = []

  private var steps: Int { basis.count }

  /// - Parameter start: spans the first block, in rows.
  init(matrix: Matrix<Element>, start: Matrix<Element>) {
    self.matrix = matrix
    next = start
  }

  /// Grows the basis until the tolerance is reached; `nil` where the limit comes first, or will.
  mutating func run(
    _ wanted: KrylovRequest, _ monitor: WorkMonitor
  ) throws(LinearAlgebraError) -> TruncatedSVD<Element>? {
    // The iteration keeps the threads, so that no other caller takes them between two steps.
    try withOwnThreads { (_) throws(LinearAlgebraError) -> TruncatedSVD<Element>? in
      while steps < wanted.mostBlocks, !isHopeless(wanted) {
        try monitor.checkCancelled()
        monitor.report(Double(steps) / Double(wanted.mostBlocks))
        try grow()
        if steps == 1 {
          prepareNext()
        } else if let found = try leadingTriplets(wanted.rank, tolerance: wanted.tolerance) {
          return found
        }
      }
      return nil
    }
  }

  /// Adds one block.
  private mutating func grow() throws(LinearAlgebraError) {
    var block = try orthonormalRows(next)
    if !basis.isEmpty {
      let earlier = Matrix(stackingRows: basis)
      // Twice is enough: the second round removes what cancellation in the first one left.
      for _ in 0..<2 {
        block -= product(block * earlier.transposed, earlier, large: .right)
        block = try orthonormalRows(block)
      }
    }
    basis.append(block)
    image.append(product(block, matrix, large: .right))
    passes += 1
  }

  /// Makes A times the last image the next block.
  private mutating func prepareNext() {
    next = product(image[steps - 1], matrix.transposed, large: .right)
    passes += 1
  }

  /// Rayleigh–Ritz: the triplets of A restricted to the basis; `nil` where their residual exceeds the tolerance.
  ///
  /// What Avᵢ − σᵢuᵢ leaves lies in the next Krylov space, and is what the wanted vectors lack: it is the next block.
  private mutating func leadingTriplets(
    _ k: Int, tolerance: Double
  ) throws(LinearAlgebraError) -> TruncatedSVD<Element>? {
    let stacked = Matrix(stackingRows: image)
    let small = try stacked.svd(vectors: .allLeft(right: k))
    let coefficients = Matrix(small.u[columns: 0..<k].transposed)
    var uTransposed = product(coefficients, Matrix(stackingRows: basis), large: .right)
    var vt = small.vTransposed
    let values = Vector(small.singularValues.prefix(k))
    var left = product(vt, matrix.transposed, large: .right)
    passes += 1
    // Aᵀu is made of the images.
    var right = product(coefficients, stacked, large: .right)
    var residuals: [Double] = []
    for i in 0..<k {
      left.addToRow(i, uTransposed.row(i), scaledBy: -values[i])
      right.addToRow(i, vt.row(i), scaledBy: -values[i])
      residuals.append(Swift.max(left.row(i).norm, right.row(i).norm))
    }
    guard residuals.allSatisfy(\.isFinite) else { return nil }
    let largest = values[0] > 0 ? Double(values[0]) : 1
    let residual = values[0] > 0 ? residuals.reduce(0, Swift.max) / largest : 0
    smallestResiduals.append(residuals.reduce(.infinity, Swift.min) / largest)
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

extension BlockKrylov {
  /// Whether the tolerance will hardly be reached before the basis meets its limit.
  ///
  /// The best of the wanted triplets converges first and tells how fast the space grows towards them; the others need
  /// at least as many steps again.
  private func isHopeless(_ wanted: KrylovRequest) -> Bool {
    let patience = wanted.patience
    guard wanted.rank >= patience.smallestRank, smallestResiduals.count >= patience.residuals else { return false }
    let (last, before) = (
      smallestResiduals[smallestResiduals.count - 1], smallestResiduals[smallestResiduals.count - 2]
    )
    guard last > wanted.tolerance else { return false }
    guard last < before else { return true }
    let stepsOfBest = log(wanted.tolerance / last) / log(last / before)
    return patience.stepsPerStepOfBest * stepsOfBest > Double(wanted.mostBlocks - steps)
  }
}
