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
