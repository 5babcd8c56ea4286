/// A JSON value whose keys keep their order, so that the same result prints the same bytes.
enum JSON: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSON])
  case object([(String, JSON)])

  /// A number, or `null` where it is missing, NaN or infinite: JSON has neither.
  static func optional(_ value: Double?) -> JSON { value.map { $0.isFinite ? .number($0) : .null } ?? .null }

  static func numbers(_ values: some Sequence<Double>) -> JSON { .list(values.map(optional)) }

  static func integers(_ values: some Sequence<Int>) -> JSON { .list(values.map(integer)) }

  /// The value as text on lines of two-space indentation; lists of plain values stay on one line.
  func serialized(indentation: String = "") -> String {
    let inner = indentation + "  "
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .number(let value): return value.isFinite ? String(describing: value) : "null"
    case .text(let value): return JSON.quoted(value)
    case .list(let values):
      if values.allSatisfy(\.isPlain) {
        return "[" + values.map { $0.serialized() }.joined(separator: ", ") + "]"
      }
      let lines = values.map { inner + $0.serialized(indentation: inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indentation)]"
    case .object(let members):
      guard !members.isEmpty else { return "{}" }
      let lines = members.map { "\(inner)\(JSON.quoted($0)): \($1.serialized(indentation: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
    }
  }

  private var isPlain: Bool {
    switch self {
    case .list, .object: false
    default: true
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.controlsTerminals: result += scalar.escape
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
