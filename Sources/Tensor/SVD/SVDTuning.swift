/// The sizes at which decompositions change what they do, with what was measured where a measurement set them.
///
/// Tests replace them by smaller ones, so that a matrix of order 40 meets the code for large ones.
struct SVDTuning: Sendable {
  /// The values that hold for the running task: the measured ones, unless a test replaced them.
  @TaskLocal static var current = SVDTuning()

  // MARK: The choice of a method

  /// Below this min(m, n) QR iteration comes first: measured, it is the faster method up to 47.
  var onePassFrom = 48
  /// Methods for elongated matrices need so many entries: below about 64×64 their fixed costs outweigh what they save.
  var elongatedFrom = 64 * 64
  /// The longer side over the shorter one from which a Gram matrix is used: its 3p² float64 entries then measured no
  /// more than three copies of A.
  var gramElongation = 2
  /// The bytes of the longer side per entry of the shorter one from which Cholesky QR is used: 3.5 entries of `Double`,
  /// 7 of `Float`. Its 6p² float64 entries and the copy of A then measured no more than three copies of A.
  var choleskyBytes = 28
  /// QR iteration of so many `Float` entries is done in float64: measured, that takes as long, and the error is one
  /// rounding instead of ten.
  var doubledUpTo = 48 * 96
  /// From this order on the eigenvectors of a Gram matrix come from a tridiagonal matrix.
  var tridiagonalFrom = 64

  // MARK: Reduction and divide and conquer

  /// A reduction of fewer columns runs on one thread: measured, a second one waits longer than it works.
  var threadedReductionFrom = 384
  /// The columns of a panel of the reduction; `nil` for as many as the kernel allows.
  var panelColumns: Int?
  /// Blocks of a bidiagonal matrix of at most this order are left to QR iteration, as in LAPACK. At least 3.
  var largestLeaf = 25
  /// How many new vectors of a merge are one product: with many the factor of the product is packed seldom, with few it
  /// stays in the cache.
  var mergeColumns = (oneSide: 128, bothSides: 256)

  // MARK: Products of long factors

  /// A triangle of at most this order is solved with by a kernel of its own: BLAS packs it longer than it takes to
  /// solve with it.
  var smallTriangle = 64

  // MARK: Batches

  /// Up to this min(m, n) a batch is decomposed by Jacobi rotations. Beyond it sixteen matrices and their rotations
  /// leave the second-level cache, and bidiagonalization is the faster method.
  var jacobiUpTo = 64
  /// Jacobi rotations are for matrices whose longer side is at most this many times the shorter one.
  var jacobiElongation = 8

  // MARK: Leading triplets

  /// The number of columns of Ω beyond the wanted triplets, before it is rounded up to whole vectors.
  var oversampling = 8
  /// Blocks have a multiple of so many columns, as the last ones cost nothing: measured, that needs fewer steps where
  /// values decay slowly.
  var blockGrain = 16
  /// At least this many blocks fit under the limit of the basis, unless the oversampling alone needs more: three steps
  /// into a third of a small matrix.
  var blocksOfOrder = 9
  /// The basis of a Krylov space may grow to the order of the matrix over this: beyond a third the full decomposition
  /// is the faster one, and the memory exceeds two copies of A.
  var basisOfOrder = 3

  /// When a block Krylov iteration is given up before its basis meets the limit.
  ///
  /// Simulated for spectra that fall as powers, exponentially, linearly, in steps, and for random matrices, of order
  /// 512 to 1800 and with tolerances from 1e-4 to 1e-2: of 3930 iterations that reach the tolerance these values stop
  /// 13, which need nearly all of the basis, and of those that do not they stop a flat spectrum of order 1024 after
  /// four of ten steps.
  struct KrylovPatience: Sendable {
    /// Few triplets converge so unevenly that their residuals predict nothing.
    var smallestRank = 12
    /// How many residuals have to be known: those of the second, the third and the fourth step.
    var residuals = 3
    /// All wanted triplets are expected to need so many times the steps of the best one.
    var stepsPerStepOfBest = 2.0
  }

  var krylovPatience = KrylovPatience()
}
