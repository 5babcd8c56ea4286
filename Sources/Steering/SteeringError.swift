public import Foundation
import Nulls
public import Tensor
public import TensorIO

/// What keeps a direction or a map from being found. Each case says in words what to do.
///
/// ```swift
/// do {
///   print(try Direction(.differenceInMeans, of: contrast))
/// } catch SteeringError.noDirection {
///   print("both classes have the same mean")
/// }
/// ```
public enum SteeringError: Error, Equatable, Sendable {
  /// The two sides, or a direction and the rows, have different widths.
  case unequalWidths(String)
  /// Pairs need the same number of rows on both sides.
  case unequalCounts(String)
  /// Too few rows to estimate anything, or to say what chance would give.
  case tooFewSamples(String)
  /// The two sides have the same mean, so there is no direction between them.
  case noDirection
  /// Rows that are said to be others are among those that the direction was made from.
  case rowsOfTheDirection(String)
  /// A number lies outside its range.
  case invalidArgument(String)
  /// The linear algebra underneath failed.
  case linearAlgebra(LinearAlgebraError)
  /// A file cannot be read or written.
  case file(TensorFileError)
  /// The surrounding task was cancelled.
  case cancelled
}

extension SteeringError: CustomStringConvertible {
  /// The error in words, with what to do about it.
  public var description: String {
    switch self {
    case .unequalWidths(let widths):
      "\(widths): all rows must come from the same layer of the same model"
    case .unequalCounts(let reason):
      reason
    case .tooFewSamples(let reason):
      reason
    case .noDirection:
      "the two sides have the same mean, so no direction separates them; are they the same file?"
    case .rowsOfTheDirection(let reason):
      reason
    case .invalidArgument(let reason):
      reason
    case .linearAlgebra(let error):
      "\(error)"
    case .file(let error):
      "\(error)"
    case .cancelled:
      "cancelled"
    }
  }
}

extension SteeringError: LocalizedError {
  /// The words of ``description``, which `localizedDescription` then returns as well.
  public var errorDescription: String? { description }
}

extension SteeringError {
  /// Why labels cannot be exchanged, in the words of rows of activations.
  init(_ error: RelabellingError) {
    self =
      switch error {
      case .noExchanges(let count):
        .invalidArgument("\(count) permutations; give at least 19 for p = 0.05")
      case .unequalSides(let positive, let negative):
        .unequalCounts(
          "\(positive) positive and \(negative) negative rows do not form pairs; give row i of both sides to the same "
            + "prompt, or exchange labels by rows")
      case .groupNumbers(let count, let rows):
        .invalidArgument("\(count) group numbers for \(rows) rows")
      case .groupOnBothSides(let group):
        .invalidArgument("group \(group) has rows on both sides: use pairs, or another grouping")
      case .cancelled: .cancelled
      }
  }
}

/// Runs linear algebra, its errors wrapped.
func algebra<Result>(
  _ body: () throws(LinearAlgebraError) -> Result
) throws(SteeringError) -> Result {
  do { return try body() } catch { throw error == .cancelled ? .cancelled : .linearAlgebra(error) }
}

/// Reads or writes a file, its errors wrapped.
func file<Result>(
  _ body: () throws(TensorFileError) -> Result
) throws(SteeringError) -> Result {
  do { return try body() } catch { throw error == .cancelled ? .cancelled : .file(error) }
}
