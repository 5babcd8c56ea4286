public import Foundation
public import Tensor
public import TensorIO

/// What keeps a trajectory from being read or forecast. Each case says in words what to do.
public enum TrajectoryError: Error, Equatable, Sendable {
  /// The folder holds fewer than two snapshots after the base.
  case tooFewSnapshots(folder: String, found: Int)
  /// Two snapshots claim one step.
  case duplicateStep(Int, String, String)
  /// A snapshot lacks a tensor that the base has.
  case missingTensor(snapshot: String, tensor: String)
  /// A tensor of a snapshot has another shape than in the base.
  case shapeMismatch(snapshot: String, tensor: String, found: [Int], base: [Int])
  /// An entry of a tensor is NaN or infinite.
  case notFinite(snapshot: String, tensor: String)
  /// A number lies outside its range.
  case invalidArgument(String)
  /// A file cannot be read or written.
  case file(TensorFileError)
  /// The linear algebra underneath failed.
  case linearAlgebra(LinearAlgebraError)
  /// The surrounding task was cancelled.
  case cancelled
}

extension TrajectoryError: CustomStringConvertible {
  /// The error in words, with what to do about it.
  public var description: String {
    switch self {
    case .tooFewSnapshots(let folder, let found):
      "\(folder): \(found == 0 ? "no snapshot" : "one snapshot") after the base, two are needed; snapshots are files "
        + "named …-STEP.safetensors or folders named checkpoint-STEP or global_step_STEP"
    case .duplicateStep(let step, let first, let second):
      "step \(step) is claimed by \(first) and by \(second); remove one of them"
    case .missingTensor(let snapshot, let tensor):
      "\(snapshot): tensor \"\(tensor)\" of the base is missing; all snapshots must come from the base's model"
    case .shapeMismatch(let snapshot, let tensor, let found, let base):
      "\(snapshot): tensor \"\(tensor)\" has shape \(found), in the base \(base); was the vocabulary resized?"
    case .notFinite(let snapshot, let tensor):
      "\(snapshot): tensor \"\(tensor)\" has an entry that is NaN or infinite; leave this snapshot out"
    case .invalidArgument(let reason): reason
    case .file(let error): "\(error)"
    case .linearAlgebra(let error): "\(error)"
    case .cancelled: "cancelled"
    }
  }
}

extension TrajectoryError: LocalizedError {
  /// The words of ``description``, which `localizedDescription` then returns as well.
  public var errorDescription: String? { description }
}

/// Runs linear algebra, its errors wrapped.
func algebra<Result>(_ body: () throws(LinearAlgebraError) -> Result) throws(TrajectoryError) -> Result {
  do { return try body() } catch { throw .linearAlgebra(error) }
}

/// Reads or writes a file, its errors wrapped.
func file<Result>(_ body: () throws(TensorFileError) -> Result) throws(TrajectoryError) -> Result {
  do { return try body() } catch { throw .file(error) }
}
