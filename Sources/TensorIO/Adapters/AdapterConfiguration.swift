package import Foundation

/// The scale of an adapter's products, from the `adapter_config.json` that PEFT or mlx-lm write beside the factors.
package struct AdapterConfiguration {
  /// The name of the file.
  package static let name = "adapter_config.json"

  private enum Scaling {
    /// PEFT: α/r or α/√r, where α and r may differ between modules.
    case peft(PEFTScaling)
    /// mlx-lm: one number for all modules.
    case fixed(Double)
  }

  private struct PEFTScaling {
    let rank: Double
    let alpha: Double
    let isRootScaled: Bool
    let ranks: ModulePatterns
    let alphas: ModulePatterns
  }

  private let path: String
  private let scaling: Scaling

  /// Reads the configuration that lies beside the factors of a checkpoint; `nil` where there is none.
  ///
  /// - Parameter checkpoint: a file, in whose folder the configuration lies, or that folder itself.
  /// - Throws: ``AdapterError/configuration(path:reason:)`` for what changes ΔW and is not supported.
  package init?(beside checkpoint: URL) throws(AdapterError) {
    try self.init(in: SystemPath(checkpoint).isFolder ? checkpoint : checkpoint.deletingLastPathComponent())
  }

  /// Reads the configuration in a folder; `nil` where there is none.
  private init?(in folder: URL) throws(AdapterError) {
    let url = folder.appending(path: Self.name)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    path = url.relativePath
    let path = path
    func refused(_ reason: String) -> AdapterError { .configuration(path: path, reason: reason) }
    guard let size = try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize, size <= FormatLimit.configBytes,
      let data = try? Data(contentsOf: url),
      let members = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    else { throw refused("not a JSON object") }
    if members["peft_type"] == nil, members["fine_tune_type"] != nil || members["lora_parameters"] != nil {
      scaling = .fixed(try Self.mlxScale(members, refused))
      return
    }
    try Self.checkKeys(members, refused)
    guard let rank = finiteNumber(members["r"]), rank >= 1 else { throw refused("\"r\" is no rank") }
    guard let alpha = finiteNumber(members["lora_alpha"]) else { throw refused("\"lora_alpha\" is no number") }
    scaling = .peft(
      PEFTScaling(
        rank: rank, alpha: alpha, isRootScaled: isSet(members["use_rslora"]),
        ranks: try ModulePatterns(members["rank_pattern"], key: "rank_pattern", file: data, path: path),
        alphas: try ModulePatterns(members["alpha_pattern"], key: "alpha_pattern", file: data, path: path)))
  }

  /// The factor s in ΔW = s·B·A of a module: α/r, or α/√r with `use_rslora`.
  ///
  /// - Parameters:
  ///   - module: the path of the module in the model.
  ///   - rank: the rank of the factors in the file; the configuration must say the same.
  /// - Throws: ``AdapterError/configuration(path:reason:)`` where the configuration gives another rank.
  package func scale(ofModule module: String, rank: Int) throws(AdapterError) -> Double {
    switch scaling {
    case .fixed(let scale): return scale
    case .peft(let peft):
      let r = try peft.ranks.value(for: module) ?? peft.rank
      guard r == Double(rank) else {
        throw .configuration(
          path: path, reason: "rank \(r.formatted()) for \"\(module)\", whose factors have rank \(rank)")
      }
      let alpha = try peft.alphas.value(for: module) ?? peft.alpha
      return peft.isRootScaled ? alpha / r.squareRoot() : alpha / r
    }
  }

  /// Keys that do not change what the factors stand for.
  private static let harmlessKeys: Set<String> = [
    "auto_mapping", "ensure_weight_tying", "corda_config", "eva_config", "lora_ga_config", "loftq_config",
    "megatron_core", "layers_pattern", "revision", "task_type", "qalora_group_size", "base_model_name_or_path",
    "peft_version", "peft_type", "lora_dropout", "inference_mode", "target_modules", "layers_to_transform",
    "exclude_modules", "init_lora_weights", "bias", "modules_to_save", "fan_in_fan_out", "r", "lora_alpha",
    "rank_pattern", "alpha_pattern", "use_rslora",
  ]

  private static func checkKeys(
    _ members: [String: Any], _ refused: (String) -> AdapterError
  ) throws(AdapterError) {
    guard let type = members["peft_type"] as? String else {
      throw refused("no \"peft_type\", so that the scale of the factors is unknown [missing-scale]")
    }
    guard type == "LORA" else { throw refused("adapters of type \(type) are not read [unsupported-adapter]") }
    // Any other key may change ΔW, so a file that sets one is refused instead of guessing what it does.
    let others = members.filter { !harmlessKeys.contains($0.key) && isSet($0.value) }
    if let key = others.keys.min() {
      throw refused("\"\(key)\" changes what the factors stand for and is not supported [unsupported-adapter]")
    }
  }

  private static func mlxScale(
    _ members: [String: Any], _ refused: (String) -> AdapterError
  ) throws(AdapterError) -> Double {
    let type = members["fine_tune_type"] as? String ?? "lora"
    guard type == "lora" else { throw refused("fine_tune_type \(type) is not supported [unsupported-adapter]") }
    guard let scale = finiteNumber((members["lora_parameters"] as? [String: Any])?["scale"]) else {
      throw refused("\"lora_parameters\" has no \"scale\" [missing-scale]")
    }
    return scale
  }
}

/// Whether a JSON value is neither null, false, zero nor empty.
func isSet(_ value: Any?) -> Bool {
  switch value {
  case nil, is NSNull: false
  case let text as String: !text.isEmpty
  case let list as [Any]: !list.isEmpty
  case let object as [String: Any]: !object.isEmpty
  case let number as NSNumber: number.doubleValue != 0
  default: true
  }
}

/// The number that a JSON value is; `nil` for anything else and for what float64 does not hold.
func finiteNumber(_ value: Any?) -> Double? {
  (value as? NSNumber).map(\.doubleValue).flatMap { $0.isFinite ? $0 : nil }
}
