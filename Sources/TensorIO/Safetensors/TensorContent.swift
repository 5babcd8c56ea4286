/// What the entries of a tensor stand for, as its type and the tensors around it say.
///
/// Packed codes are not numbers: a quantized weight is stored as integers or small floats beside scales, and its values
/// come from both. Each reason is a sentence that names the stored type and what gave the tensor away, and ends in a
/// code in brackets that can be searched for.
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

/// Finds out which tensors of a model are codes, and what belongs to them.
struct ContentRules {
  /// The tensors of the model, also those in shards that were not opened.
  private let names: Set<ExactName>
  /// The quantization scheme that the model's configuration names.
  private let scheme: String?
  private var owners: [ExactName: TensorInfo] = [:]

  init(_ tensors: [TensorInfo], elsewhere: Set<ExactName>, scheme: String?) {
    names = Set(tensors.map { ExactName($0.name) }).union(elsewhere)
    self.scheme = scheme
    for info in tensors where info.type.mayBeCodes {
      for companion in companions(of: info) where owners[companion] == nil { owners[companion] = info }
    }
  }

  /// What the entries of a tensor stand for.
  func content(of info: TensorInfo) -> TensorContent {
    let (name, type) = (info.name, info.type.rawValue)
    if info.type.mayBeCodes, let companion = companions(of: info).first {
      return .codes(
        reason: "\(type) codes of a quantized weight, beside \"\(companion.text)\"; convert the model to float16 or "
          + "bfloat16 first [unsupported-quantization]")
    }
    if let owner = owners[ExactName(name)] {
      let reason = "\(type), it belongs to the quantized weight \"\(owner.name)\" [unsupported-quantization]"
      return info.type.isFloat ? .companion(reason: reason) : .codes(reason: reason)
    }
    if info.type.isInteger, let word = Self.codeSuffixes.first(where: { name.hasExactSuffix($0) }) {
      return .codes(
        reason: "\(type) codes of a quantized weight, as names ending in \"\(word)\" are, without their scales "
          + "[missing-scale]")
    }
    if info.type.mayBeCodes, info.type.bits != 6, info.shape.count >= 2 || info.type == .f4,
      name == "weight" || name.hasExactSuffix(".weight") || scheme != nil
    {
      let source = scheme.map { "the configuration names the scheme \($0)" } ?? "it is named as a weight"
      return .codes(
        reason: "\(type) codes without a scale: \(source), and no tensor beside it says how to decode it "
          + (info.type.isInteger ? "[integer-weight]" : "[missing-scale]"))
    }
    return Self.content(of: info.type)
  }

  /// What a type stands for where nothing but the type is known.
  static func content(of type: ElementType) -> TensorContent {
    if type.isFloat { return .numbers }
    return type.isReadable
      ? .integers : .unreadable(reason: "\(type.rawValue) is not read as numbers [unsupported-dtype]")
  }

  /// Names that only codes have, and the integers that belong to them.
  private static let codeSuffixes = [
    "qweight", "qzeros", "g_idx", "weight_packed", "weight_shape", "weight_zero_point", "_blocks", ".blocks",
    ".absmax", ".nested_absmax", ".quant_map", ".trellis", ".q_weight", ".W_q", ".weight_format", ".codebooks",
  ]

  /// What may follow the name of a module whose weight is stored as codes, by how the codes are named.
  ///
  /// `weight` is written by MLX, compressed-tensors, bitsandbytes and most float8 writers, `qweight` by GPTQ and AWQ,
  /// `weight_packed` by compressed-tensors, `blocks` by gpt-oss.
  private static let siblings: [(codes: String, companions: [String])] = [
    (
      "weight",
      [
        "scales", "biases", "qbiases", "global_scale", "SCB", "weight_format", "weight_scale", "weight_scale_inv",
        "weight_scale_2", "weight_global_scale", "weight_zero_point", "weight_g_idx", "weight_shape", "scale",
        "scale_inv", "scale_weight", "comfy_quant", "qzeros", "g_idx", "zeros", "zero_point", "weight.absmax",
        "weight.quant_map", "weight.nested_absmax", "weight.nested_quant_map", "weight.SCB",
        "weight.quant_state.bitsandbytes__nf4", "weight.quant_state.bitsandbytes__fp4", "input_scale",
        "input_global_scale", "scale_input",
      ]
    ),
    ("qweight", ["scales", "qzeros", "g_idx", "zeros", "qscales"]),
    (
      "weight_packed",
      [
        "weight_scale", "weight_shape", "weight_zero_point", "weight_g_idx", "weight_global_scale",
        "input_global_scale",
      ]
    ),
    ("blocks", ["scales"]),
    ("W_q", ["scale", "zero", "meta"]),
    // An expert parameter or another tensor without a module: its companions continue its own name.
    (
      "",
      [
        "_scale", "_scale_inv", "_scales", "_zero_point", "_zeros", ".absmax", ".quant_map", ".scale", ".scales",
        ".SCB",
        ".quant_state.bitsandbytes__nf4", ".quant_state.bitsandbytes__fp4", ".nested_absmax", ".nested_quant_map",
        "_scale_2", "_global_scale",
      ]
    ),
  ]

  /// Names that say nothing alone: an input's scale does not make its neighbour a code.
  private static let isNoProof: Set<String> = ["input_scale", "input_global_scale", "scale_input", "comfy_quant"]

  /// The tensors that hold the scales, zero points and maps of codes. Empty where the tensor is not codes.
  private func companions(of info: TensorInfo) -> [ExactName] {
    var found: [ExactName] = []
    var isProven = false
    for (codes, companions) in Self.siblings where info.name.hasExactSuffix(codes) {
      let prefix = info.name.dropLastBytes(codes.utf8.count)
      for companion in companions {
        let name = ExactName(prefix + companion)
        guard name != ExactName(info.name), names.contains(name) else { continue }
        found.append(name)
        isProven = isProven || !Self.isNoProof.contains(companion)
      }
    }
    return isProven ? found : []
  }
}

extension ElementType {
  /// Integers, without booleans.
  var isInteger: Bool {
    switch self {
    case .u8, .i8, .u16, .i16, .u32, .i32, .u64, .i64: true
    default: false
    }
  }

  /// IEEE-like floating-point numbers.
  var isFloat: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    default: false
    }
  }

  /// Whether a weight may be stored in this type as codes: integers and floating point of 4, 6 and 8 bits.
  var mayBeCodes: Bool { isInteger || bits <= 8 && self != .bool }
}

extension String {
  /// Whether the last bytes are those of `suffix`; `hasSuffix` compares canonically.
  func hasExactSuffix(_ suffix: String) -> Bool {
    utf8.count >= suffix.utf8.count && utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }

  /// The text without its last bytes, which must be whole characters.
  func dropLastBytes(_ count: Int) -> String { String(decoding: utf8.dropLast(count), as: UTF8.self) }
}
