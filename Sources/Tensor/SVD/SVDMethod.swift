/// A method of singular value decomposition to insist on.
///
/// ```swift
/// let svd = try a.svd(method: .qrIteration)
/// ```
///
/// What a decomposition was made by is a ``UsedSVDMethod``.
public enum SVDMethod: String, Sendable, Codable, CaseIterable {
  /// Eigenvectors of the float64 Gram matrix of the shorter side, and one product for the longer one, which is at least
  /// twice as long.
  ///
  /// For `Float` this is as exact as any method, at a third of the flops. It is refused for `Double` entries with
  /// σ_p < 1e-3·σ₁, p = min(m, n), because their squares lose digits. No copy of A; apart from the result 3p² float64
  /// entries, at most three times the size of A and next to nothing for few long rows.
  case gram = "Gram matrix"
  /// A = QR by Cholesky factors of Gram matrices, then the decomposition of R.
  ///
  /// For matrices with one side at least 3.5 times the other (seven times for `Float`) whose columns, or rows where A
  /// is wide, are not nearly dependent. Apart from the result a copy of A and 6p² float64 entries, at most three times
  /// the size of A.
  case choleskyQR = "Cholesky QR"
  /// A bidiagonal matrix by reflections that read A once per column, its decomposition by divide and conquer, and
  /// products with large blocks of reflectors.
  ///
  /// The secular equation is solved for eight values at a time in float64. Errors of about ε·σ₁ in every value, for
  /// entries of any size. Apart from the result up to three times the size of A: a copy of it, p² entries, and until
  /// the end one factor transposed, p = min(m, n).
  case onePass = "one-pass bidiagonalization"
  /// LAPACK `gesvd`: implicit QR iteration, the fastest below p = min(m, n) = 48, five to twenty times slower above.
  ///
  /// Apart from the result a copy of A. It reports no progress and does not stop once it has begun.
  case qrIteration = "QR iteration"
}

/// The method that a singular value decomposition was made by, in the words that reports print.
///
/// ```swift
/// print(try a.svd(rank: 8).method)  // block Krylov
/// ```
public enum UsedSVDMethod: String, Sendable, Codable, CaseIterable {
  /// See ``SVDMethod/gram``.
  case gram = "Gram matrix"
  /// See ``SVDMethod/choleskyQR``.
  case choleskyQR = "Cholesky QR"
  /// See ``SVDMethod/onePass``.
  case onePass = "one-pass bidiagonalization"
  /// See ``SVDMethod/qrIteration``.
  case qrIteration = "QR iteration"
  /// Randomized block Krylov iteration for a few leading triplets, with a certificate.
  ///
  /// Apart from the result at most twice the size of A, for a basis that grows to a third of its order.
  case blockKrylov = "block Krylov"

  /// The record of a method that was asked for.
  public init(_ method: SVDMethod) {
    self =
      switch method {
      case .gram: .gram
      case .choleskyQR: .choleskyQR
      case .onePass: .onePass
      case .qrIteration: .qrIteration
      }
  }
}

extension SVDMethod: CustomStringConvertible {
  /// The words that reports print.
  public var description: String { rawValue }
}

extension UsedSVDMethod: CustomStringConvertible {
  /// The words that reports print.
  public var description: String { rawValue }
}
