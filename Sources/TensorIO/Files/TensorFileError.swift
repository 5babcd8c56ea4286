public import Foundation

/// What is wrong with a file. Every case names the file, the tensor where there is one, and the rule that is broken.
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
  /// The file cannot be written; what was there before is untouched.
  case cannotWrite(path: String, reason: String)
}

extension TensorFileError: CustomStringConvertible {
  /// The error in words, with what to do about it.
  public var description: String {
    switch self {
    case .notFound(let path):
      return "\(path): no such file"
    case .cannotRead(let path, let reason):
      return "\(path): cannot be read: \(reason)"
    case .malformed(let path, let tensor, let rule):
      return "\(path): " + (tensor.map { "tensor \"\($0)\": " } ?? "") + rule
    case .truncated(let path):
      return "\(path): the file ends early; it was changed while it was read"
    case .missingTensor(let path, let name, let available):
      let question = nearNames(to: name, among: available).first.map { "; did you mean \"\($0)\"?" } ?? ""
      let known = available.isEmpty ? "the file has none" : "there are \(available.joined(separator: ", "))"
      return "\(path): no tensor \"\(name)\"\(question.isEmpty ? ";" : question) \(known)"
    case .unsupportedType(let path, let tensor, let type):
      return "\(path): " + (tensor.map { "tensor \"\($0)\": " } ?? "")
        + "\(type) cannot be read as numbers; F64, F32, F16, BF16, BOOL and integers can"
    case .wrongRank(let path, let tensor, let shape, let needed):
      return "\(path): " + (tensor.map { "tensor \"\($0)\": " } ?? "") + "shape \(shape) where \(needed) is needed"
    case .cannotWrite(let path, let reason):
      return "\(path): cannot be written: \(reason)"
    }
  }
}

extension TensorFileError: LocalizedError {
  /// The words of ``description``, which `localizedDescription` then returns as well.
  public var errorDescription: String? { description }
}
