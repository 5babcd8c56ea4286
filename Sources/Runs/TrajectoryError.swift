public import Foundation
public import Tensor
public import TensorIO

/// What keeps a trajectory from being read or forecast. Each case says in words what to do.
///
/// ```swift
/// do {
///   print(try run.grams().total)
/// } catch TrajectoryError.notFinite(let snapshot, let tensor) {
///   print("leave out", snapshot, "because of", tensor)
/// }
/// ```
public enum TrajectoryError: Error, Equatable, Sendable {
  /// The folder holds fewer than two snapshots after the base.
  case tooFewSnapshots(folder: String, found: Int)
  /// Two snapshots claim one step.
  case duplicateStep(Int, String, String)
  /// A snapshot lacks a tensor that the base has.
  case missingTensor(snapshot: String, tensor: String)
  /// A tensor has another shape in a snapshot than in the base.
  case shapeMismatch(snapshot: String, tensor: String, found: [Int], base: [Int])
  /// A tensor has another type in a snapshot than in the base, and one of the two types is not floating-point.
  case typeMismatch(snapshot: String, tensor: String, found: ElementType, base: ElementType)
  /// A tensor that no forecast changes, such as integers or what belongs to packed codes, differs from the base's.
  case changedCopy(snapshot: String, tensor: String, content: String)
  /// A forecast number does not fit into the type of its tensor.
  case overflow(tensor: String, type: ElementType, step: Int)
  /// The configuration of an adapter asks for what is not supported, or contradicts its factors.
  case adapter(configuration: String, reason: String)
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
    case .typeMismatch(let snapshot, let tensor, let found, let base):
      "\(snapshot): tensor \"\(tensor)\" is stored as \(found.rawValue), in the base as \(base.rawValue); only F64, "
        + "F32, F16 and BF16 can be compared with each other: convert the checkpoints to one type"
    case .changedCopy(let snapshot, let tensor, let content):
      "\(snapshot): tensor \"\(tensor)\" (\(content)) differs from the base's; a forecast would only copy it and be "
        + "a mixture of two models: convert quantized checkpoints to BF16 or F16, or leave the tensor out of the files"
    case .overflow(let tensor, let type, let step):
      "the forecast of tensor \"\(tensor)\" for step \(step) exceeds what \(type.rawValue) holds; choose an earlier "
        + "step"
    case .adapter(let configuration, let reason): "\(configuration): \(reason)"
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

/// Runs linear algebra and wraps its errors.
package func algebra<Result>(_ body: () throws(LinearAlgebraError) -> Result) throws(TrajectoryError) -> Result {
  do { return try body() } catch { throw error == .cancelled ? .cancelled : .linearAlgebra(error) }
}

/// Reads or writes a file and wraps its errors.
package func file<Result>(_ body: () throws(TensorFileError) -> Result) throws(TrajectoryError) -> Result {
  do { return try body() } catch { throw error == .cancelled ? .cancelled : .file(error) }
}
