/// What the entries of a tensor stand for, as its type and the tensors around it say.
///
/// Packed codes are not numbers: a quantized weight is stored as integers or small floats beside scales, and its values
/// come from both. Each reason is a sentence that names the stored type and what gave the tensor away, and ends in a
/// code in brackets that can be searched for.
///
/// ```swift
/// for tensor in try Checkpoint("model") { print(tensor.name, tensor.content.reason ?? "numbers") }
/// ```
public enum TensorContent: Sendable, Equatable {
  /// Floating-point numbers.
  case numbers
  /// Whole numbers or booleans, and nothing says that they are codes.
  case integers
  /// The codes of a quantized weight, or integers that belong to them, such as zero points.
  case codes(reason: String)
  /// Floating-point numbers that belong to codes, such as scales.
  case companion(reason: String)
  /// Numbers of a type that is not read, such as C64, or F8 without a scale.
  case unreadable(reason: String)

  /// Why the tensor is not a weight of the model by itself; `nil` for numbers and plain integers.
  public var reason: String? {
    switch self {
    case .numbers, .integers: nil
    case .codes(let reason), .companion(let reason), .unreadable(let reason): reason
    }
  }
}
