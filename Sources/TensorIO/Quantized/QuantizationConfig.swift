import Foundation

/// The quantization scheme that the configuration beside a model names.
enum QuantizationConfig {
  /// The scheme in the configuration files of a folder: the value of `quant_method`, `quant_algo` or `mode`, or the key
  /// that announces one. `nil` where no file does; a file that is not JSON says nothing.
  static func scheme(in folder: URL) -> String? {
    for (name, keys) in files {
      guard let file = try? PositionedFile(folder.appending(path: name)), file.size <= FormatLimit.configBytes,
        let bytes = try? file.bytes(at: 0, count: file.size)
      else { continue }
      var scanner = JSONScanner(bytes)
      guard let found = try? scheme(&scanner, under: keys) ?? (keys.isEmpty ? name : nil) else { continue }
      return found
    }
    return nil
  }

  /// The files, and the keys whose objects describe a scheme; without keys the file itself does.
  private static let files: [(name: String, keys: Set<ExactName>)] = [
    ("config.json", ["quantization", "quantization_config", "compression_config", "text_config"]),
    ("hf_quant_config.json", ["quantization"]), ("quantize_config.json", []), ("quant_config.json", []),
  ]

  private static let schemeKeys: Set<ExactName> = ["quant_method", "quant_algo", "mode"]

  private static func scheme(
    _ scanner: inout JSONScanner, under keys: Set<ExactName>
  ) throws(JSONScanner.Failure) -> String? {
    guard keys.isEmpty else {
      var found: String?
      try scanner.object { (key, scanner) throws(JSONScanner.Failure) in
        guard keys.contains(ExactName(key)), scanner.peek() == UInt8(ascii: "{") else { return try scanner.skipValue() }
        if ExactName(key) == "text_config" {
          let inner = try scheme(&scanner, under: ["quantization_config"])
          found = found ?? inner
        } else {
          found = try scheme(&scanner, under: []) ?? key
        }
      }
      return found
    }
    var found: String?
    try scanner.object { (key, scanner) throws(JSONScanner.Failure) in
      guard schemeKeys.contains(ExactName(key)), scanner.peek() == UInt8(ascii: "\"") else {
        return try scanner.skipValue()
      }
      found = try scanner.string()
    }
    return found
  }
}
