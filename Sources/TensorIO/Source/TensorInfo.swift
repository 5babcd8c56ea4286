/// A tensor in a file: what it is and where its bytes lie.
///
/// ```swift
/// let file = try SafetensorsFile("model.safetensors")
/// for tensor in file.tensors { print(tensor.name, tensor.shape, tensor.byteRange) }
/// ```
public struct TensorInfo: Sendable, Equatable, Codable {
  /// The name, not empty, without control characters.
  public let name: String
  /// The type of its numbers.
  public let type: ElementType
  /// The sizes of its dimensions, slowest first; empty for a scalar.
  public let shape: [Int]
  /// Where its bytes lie in the file.
  public let byteRange: Range<Int>

  package init(name: String, type: ElementType, shape: [Int], byteRange: Range<Int>) {
    (self.name, self.type, self.shape, self.byteRange) = (name, type, shape, byteRange)
  }

  /// The number of elements, the product of the shape.
  public var elementCount: Int { shape.reduce(1, *) }
}

/// The limits that a file may not exceed, as the reference reader of the format has them.
enum FormatLimit {
  /// Bytes of a safetensors header.
  static let headerBytes = 100_000_000
  /// Bytes of the index of a sharded checkpoint.
  static let indexBytes = 64 << 20
  /// Bytes of a configuration file.
  static let configBytes = 16 << 20
  /// Bytes of a name.
  static let nameBytes = 8192
  /// Dimensions of a tensor.
  static let rank = 32
  /// Size of one dimension.
  static let dimension = 1 << 48
}

/// The rule that a tensor name breaks, if any.
func brokenNameRule(_ name: String) -> String? {
  if name.isEmpty { return "a tensor name is empty [name]" }
  if name.utf8.count > FormatLimit.nameBytes { return "a tensor name exceeds \(FormatLimit.nameBytes) bytes [name]" }
  if name.unicodeScalars.contains(where: isControl) { return "a tensor name holds a control character [name]" }
  return nil
}

/// The control characters of ASCII and of the block after it, which terminals obey too.
private func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) }

/// The number of bytes of a tensor, `nil` where the shape breaks a limit or the bits do not fill whole bytes.
///
/// The product of the sizes that are not 0 must fit too, so that no product of some of them overflows.
func byteCount(of shape: [Int], _ type: ElementType) -> Int? {
  guard shape.count <= FormatLimit.rank else { return nil }
  var elements = 1
  for size in shape where size != 0 {
    guard size >= 0, size <= FormatLimit.dimension else { return nil }
    let (product, overflow) = elements.multipliedReportingOverflow(by: size)
    guard !overflow else { return nil }
    elements = product
  }
  let (bits, overflow) = elements.multipliedReportingOverflow(by: type.bits)
  guard !overflow else { return nil }
  if shape.contains(0) { return 0 }
  return bits % 8 != 0 ? nil : bits / 8
}
