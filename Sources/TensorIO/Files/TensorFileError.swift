public import Foundation

/// What is wrong with a file. Every case names the file, the tensor where there is one, and the rule that is broken.
///
/// ```swift
/// do {
///   print(try TensorFiles.open("model.safetensors").matrix("lm_head", as: Float.self).shape)
/// } catch TensorFileError.missingTensor(_, _, let available) {
///   print(available)  // those that may have been meant come first
/// }
/// ```
public enum TensorFileError: Error, Equatable, Sendable {
  /// There is nothing at this path.
  case notFound(path: String)
  /// The file cannot be opened or read.
  case cannotRead(path: String, reason: String)
  /// The file breaks a rule of its format.
  case malformed(path: String, tensor: String?, rule: String)
  /// The file has become shorter than it was when it was opened.
  case truncated(path: String)
  /// There is no tensor of this name; some that there are are listed, those that may have been meant first.
  case missingTensor(path: String, name: String, available: [String])
  /// The numbers of this type cannot be read.
  case unsupportedType(path: String, tensor: String?, type: String)
  /// The tensor has another number of dimensions than asked for.
  case wrongRank(path: String, tensor: String?, shape: [Int], needed: String)
  /// The tensor has fewer matrices or layers than asked for.
  case noSuchPart(path: String, tensor: String?, part: String, count: Int)
  /// The tensor holds packed codes, or something else that is not a number, for this reason.
  case notNumbers(path: String, tensor: String?, reason: String)
  /// The numbers need more memory than this process may have.
  case exceedsMemory(path: String, tensor: String?, bytes: Int, limit: Int)
  /// The file cannot be written; what was there before is untouched.
  case cannotWrite(path: String, reason: String)
  /// The task that wanted the result was cancelled.
  case cancelled
}

extension TensorFileError: CustomStringConvertible {
  /// The error in words, with what to do about it. Names are given as the file has them: whoever prints the text to a
  /// terminal escapes control characters.
  public var description: String {
    switch self {
    case .notFound(let path):
      return shown(path, nil, "no such file")
    case .cannotRead(let path, let reason):
      return shown(path, nil, "cannot be read: \(reason)")
    case .malformed(let path, let tensor, let rule):
      return shown(path, tensor, rule)
    case .truncated(let path):
      return shown(path, nil, "the file ends early; it was changed while it was read")
    case .missingTensor(let path, let name, let available):
      let question = nearNames(to: name, among: available).first.map { "; did you mean \"\($0)\"?" } ?? ""
      let known = available.isEmpty ? "the file has none" : "there are \(available.joined(separator: ", "))"
      return shown(path, nil, "no tensor \"\(name)\"\(question.isEmpty ? ";" : question) \(known)")
    case .unsupportedType(let path, let tensor, let type):
      return shown(
        path, tensor, "\(type) cannot be read as numbers; F64, F32, F16, BF16, BOOL and integers can")
    case .wrongRank(let path, let tensor, let shape, let needed):
      return shown(path, tensor, "shape \(shape) where \(needed) is needed")
    case .noSuchPart(let path, let tensor, let part, let count):
      return shown(path, tensor, "there is no \(part); they are numbered from 0, and there are \(count)")
    case .notNumbers(let path, let tensor, let reason):
      return shown(path, tensor, reason)
    case .exceedsMemory(let path, let tensor, let bytes, let limit):
      return shown(
        path, tensor, "its numbers need \(bytes) bytes of memory, this process may have \(limit) [memory]")
    case .cannotWrite(let path, let reason):
      return shown(path, nil, "cannot be written: \(reason)")
    case .cancelled:
      return "cancelled"
    }
  }

  private func shown(_ path: String, _ tensor: String?, _ text: String) -> String {
    "\(path): " + (tensor.map { "tensor \"\($0)\": " } ?? "") + text
  }
}

extension TensorFileError: LocalizedError {
  /// The words of ``description``, which `localizedDescription` then returns as well.
  public var errorDescription: String? { description }
}
