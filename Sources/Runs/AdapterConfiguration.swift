import Foundation

/// What scales the product of an adapter's factors: the `adapter_config.json` beside them, as PEFT or mlx-lm write it.
struct AdapterConfiguration {
  static let name = "adapter_config.json"
  /// Bytes that are read of a configuration.
  private static let byteLimit = 16 << 20

  private enum Scaling {
    /// PEFT: α/r or α/√r, each by module.
    case peft(Peft)
    /// mlx-lm: one number.
    case fixed(Double)
  }

  private struct Peft {
    let rank: Double
    let alpha: Double
    let isRootScaled: Bool
    let ranks: Patterns
    let alphas: Patterns
  }

  private let path: String
  private let scaling: Scaling

  /// Reads the configuration in a folder; `nil` where there is none.
  ///
  /// - Throws: ``TrajectoryError/adapter(configuration:reason:)`` for what changes ΔW and is not supported.
  init?(in folder: URL) throws(TrajectoryError) {
    let url = folder.appending(path: Self.name)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    path = url.relativePath
    let path = path
    func refused(_ reason: String) -> TrajectoryError { .adapter(configuration: path, reason: reason) }
    guard let size = try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize, size <= Self.byteLimit,
      let data = try? Data(contentsOf: url),
      let members = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    else { throw refused("not a JSON object") }
    if members["peft_type"] == nil, members["fine_tune_type"] != nil || members["lora_parameters"] != nil {
      scaling = .fixed(try Self.mlxScale(members, refused))
      return
    }
    try Self.checkKeys(members, refused)
    guard let rank = Self.number(members["r"]), rank >= 1 else { throw refused("\"r\" is no rank") }
    guard let alpha = Self.number(members["lora_alpha"]) else { throw refused("\"lora_alpha\" is no number") }
    scaling = .peft(
      Peft(
        rank: rank, alpha: alpha, isRootScaled: Self.isSet(members["use_rslora"]),
        ranks: try Patterns(members["rank_pattern"], "rank_pattern", data, refused),
        alphas: try Patterns(members["alpha_pattern"], "alpha_pattern", data, refused)))
  }

  /// s of a module: α/r, or α/√r with `use_rslora`.
  ///
  /// - Parameters:
  ///   - module: the path in the model.
  ///   - rank: of the factors in the file; the configuration must say the same.
  func scale(ofModule module: String, rank: Int) throws(TrajectoryError) -> Double {
    switch scaling {
    case .fixed(let scale): return scale
    case .peft(let peft):
      let r = try peft.ranks.value(for: module, path) ?? peft.rank
      guard r == Double(rank) else {
        throw .adapter(
          configuration: path,
          reason: "rank \(r.formatted()) for \"\(module)\", whose factors have rank \(rank)")
      }
      let alpha = try peft.alphas.value(for: module, path) ?? peft.alpha
      return peft.isRootScaled ? alpha / r.squareRoot() : alpha / r
    }
  }

  /// Keys that change nothing in what the factors stand for.
  private static let harmless: Set<String> = [
    "auto_mapping", "ensure_weight_tying", "corda_config", "eva_config", "lora_ga_config", "loftq_config",
    "megatron_core", "layers_pattern", "revision", "task_type", "qalora_group_size", "base_model_name_or_path",
    "peft_version", "peft_type", "lora_dropout", "inference_mode", "target_modules", "layers_to_transform",
    "exclude_modules", "init_lora_weights", "bias", "modules_to_save", "fan_in_fan_out", "r", "lora_alpha",
    "rank_pattern", "alpha_pattern", "use_rslora",
  ]

  private static func checkKeys(
    _ members: [String: Any], _ refused: (String) -> TrajectoryError
  ) throws(TrajectoryError) {
    guard let type = members["peft_type"] as? String else {
      throw refused("no \"peft_type\", so that the scale of the factors is unknown [missing-scale]")
    }
    guard type == "LORA" else { throw refused("adapters of type \(type) are not read [unsupported-adapter]") }
    // Any other key may change ΔW: it is not guessed.
    let others = members.filter { !harmless.contains($0.key) && isSet($0.value) }
    if let key = others.keys.min() {
      throw refused("\"\(key)\" changes what the factors stand for and is not supported [unsupported-adapter]")
    }
  }

  private static func mlxScale(
    _ members: [String: Any], _ refused: (String) -> TrajectoryError
  ) throws(TrajectoryError) -> Double {
    let type = members["fine_tune_type"] as? String ?? "lora"
    guard type == "lora" else { throw refused("fine_tune_type \(type) is not supported [unsupported-adapter]") }
    guard let scale = number((members["lora_parameters"] as? [String: Any])?["scale"]) else {
      throw refused("\"lora_parameters\" has no \"scale\" [missing-scale]")
    }
    return scale
  }

  /// Whether a value is neither null, false nor empty.
  private static func isSet(_ value: Any?) -> Bool {
    switch value {
    case nil, is NSNull: false
    case let text as String: !text.isEmpty
    case let list as [Any]: !list.isEmpty
    case let object as [String: Any]: !object.isEmpty
    case let number as NSNumber: number.doubleValue != 0
    default: true
    }
  }

  private static func number(_ value: Any?) -> Double? {
    (value as? NSNumber).map(\.doubleValue).flatMap { $0.isFinite ? $0 : nil }
  }

  /// Numbers for some modules, by regular expressions on their paths.
  private struct Patterns {
    private let entries: [(expression: NSRegularExpression, value: Double)]

    /// - Parameters:
    ///   - data: the whole file, which the order of the keys comes from: the first that matches decides.
    init(
      _ value: Any?, _ name: String, _ data: Data, _ refused: (String) -> TrajectoryError
    ) throws(TrajectoryError) {
      guard isSet(value) else {
        entries = []
        return
      }
      guard let members = value as? [String: Any] else { throw refused("\"\(name)\" is no JSON object") }
      let text = String(decoding: data, as: UTF8.self)
      let start = text.range(of: "\"\(name)\"")?.upperBound ?? text.startIndex
      var found: [(place: String.Index, expression: NSRegularExpression, value: Double)] = []
      for (key, value) in members {
        guard let number = AdapterConfiguration.number(value),
          let expression = try? NSRegularExpression(pattern: "^(?:.*\\.)?(?:\(key))$")
        else { throw refused("\"\(name)\": \"\(key)\" is no pattern with a number") }
        found.append((Self.place(of: key, in: text[start...]), expression, number))
      }
      entries = found.sorted { $0.place < $1.place }.map { ($0.expression, $0.value) }
    }

    private static func place(of key: String, in text: Substring) -> String.Index {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      let quoted = (try? encoder.encode(key)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\(key)\""
      return text.range(of: quoted)?.lowerBound ?? text.endIndex
    }

    /// The number of the first pattern that matches a module.
    func value(for module: String, _ path: String) throws(TrajectoryError) -> Double? {
      for entry in entries {
        guard let isMatch = Self.matches(entry.expression, module) else {
          throw .adapter(
            configuration: path, reason: "a pattern takes too long to be compared with \"\(module)\"; simplify it")
        }
        if isMatch { return entry.value }
      }
      return nil
    }

    /// Whether an expression matches; `nil` after so many steps that it may not end in a lifetime.
    private static func matches(_ expression: NSRegularExpression, _ text: String) -> Bool? {
      var (reports, isMatch) = (0, false)
      let whole = NSRange(text.startIndex..., in: text)
      expression.enumerateMatches(in: text, options: .reportProgress, range: whole) { result, _, stop in
        reports += 1
        isMatch = isMatch || result != nil
        stop.pointee = ObjCBool(isMatch || reports > 1000)
      }
      return isMatch || reports <= 1000 ? isMatch : nil
    }
  }
}
