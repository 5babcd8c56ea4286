import Foundation

/// Numbers for some modules of an adapter, by regular expressions on the paths of the modules: PEFT's `rank_pattern`
/// and `alpha_pattern`.
struct ModulePatterns {
  private let entries: [(expression: NSRegularExpression, value: Double)]
  /// The configuration, for errors.
  private let path: String

  /// Reads the patterns of one key; there are none where the value is missing or empty.
  ///
  /// - Parameters:
  ///   - value: the JSON value of the key.
  ///   - key: its name in the configuration.
  ///   - file: the whole configuration. The first pattern that matches decides, and a parsed object has lost the order
  ///     of its keys.
  ///   - path: the path of the configuration, for errors.
  init(_ value: Any?, key name: String, file data: Data, path: String) throws(AdapterError) {
    self.path = path
    guard isSet(value) else {
      entries = []
      return
    }
    guard let members = value as? [String: Any] else {
      throw .configuration(path: path, reason: "\"\(name)\" is no JSON object")
    }
    let text = String(decoding: data, as: UTF8.self)
    let start = text.range(of: "\"\(name)\"")?.upperBound ?? text.startIndex
    var found: [(position: String.Index, expression: NSRegularExpression, value: Double)] = []
    for (key, value) in members {
      guard let number = finiteNumber(value),
        let expression = try? NSRegularExpression(pattern: "^(?:.*\\.)?(?:\(key))$")
      else { throw .configuration(path: path, reason: "\"\(name)\": \"\(key)\" is no pattern with a number") }
      found.append((Self.position(of: key, in: text[start...]), expression, number))
    }
    entries = found.sorted { $0.position < $1.position }.map { ($0.expression, $0.value) }
  }

  private static func position(of key: String, in text: Substring) -> String.Index {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let quoted = (try? encoder.encode(key)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\(key)\""
    return text.range(of: quoted)?.lowerBound ?? text.endIndex
  }

  /// The number of the first pattern that matches a module; `nil` where none does.
  func value(for module: String) throws(AdapterError) -> Double? {
    for entry in entries {
      guard let isMatch = Self.matches(entry.expression, module) else {
        throw .configuration(
          path: path, reason: "a pattern takes too long to be compared with \"\(module)\"; simplify it")
      }
      if isMatch { return entry.value }
    }
    return nil
  }

  /// Whether an expression matches; `nil` where the search takes so many steps that it may never end.
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
