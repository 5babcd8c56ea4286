#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// What can go wrong with the numbers themselves.
///
/// ```swift
/// do {
///   print(try a.svd().singularValues)
/// } catch .notFinite(let row, let column) {
///   print("entry", row, column)
/// }
/// ```
///
/// A caller's mistake in an operator or a subscript traps with a message; what depends on data arrives as one
/// of these. Each case says what was found and, in ``description``, what to do.
public enum LinearAlgebraError: Error, Equatable, Sendable {
  /// An entry is NaN or infinite; the first one in row-major order is named.
  case notFinite(row: Int, column: Int)
  /// The leading minor of this order is not positive, so no Cholesky factor exists.
  case notPositiveDefinite(order: Int)
  /// The matrix is exactly singular: elimination found a zero pivot.
  case singular(pivot: Int)
  /// No method converged; each that was tried is named, in order.
  case noConvergence(tried: [String])
  /// Shapes do not fit together; both are named.
  case shapeMismatch(String)
  /// An argument lies outside its range.
  case invalidArgument(String)
  /// The matrix is too large for 32-bit LAPACK.
  case tooLarge(rows: Int, columns: Int, reason: String)
  /// A matrix of this shape would need more bytes than the process may use.
  case exceedsMemory(rows: Int, columns: Int, limit: Int)
  /// The surrounding task was cancelled.
  case cancelled
}

extension LinearAlgebraError: CustomStringConvertible {
  /// The error in words, with what to do about it.
  public var description: String {
    switch self {
    case .notFinite(let row, let column):
      "entry [\(row), \(column)] is NaN or infinite; remove or replace such entries first"
    case .notPositiveDefinite(let order):
      "the matrix is not positive definite (leading minor of order \(order)); "
        + "use symmetricEigen() or add a positive multiple of the identity"
    case .singular(let pivot):
      "the matrix is singular (zero pivot \(pivot)); use leastSquares(_:) for a minimum-norm solution"
    case .noConvergence(let tried):
      "no convergence after trying \(tried.joined(separator: ", ")); a matrix of Float may succeed in Double"
    case .shapeMismatch(let shapes):
      "shapes do not match: \(shapes)"
    case .invalidArgument(let reason):
      reason
    case .tooLarge(let rows, let columns, let reason):
      "a \(rows)x\(columns) matrix is too large: \(reason)"
    case .exceedsMemory(let rows, let columns, let limit):
      "a \(rows)x\(columns) matrix exceeds the memory of \(limit >> 20) MiB that this process may use"
    case .cancelled:
      "cancelled"
    }
  }
}

extension LinearAlgebraError: LocalizedError {
  /// The words of ``description``, which `localizedDescription` then returns as well.
  public var errorDescription: String? { description }
}
