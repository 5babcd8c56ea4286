import LinearStructures

/// Text that is safe to show. Names come from files, and a control character in one could move the cursor, recolour the
/// screen or hide what follows. Bytes of paths that are not text are shown as `\xff`.
enum TerminalText {
  /// Text of several lines, each control character other than the line break as its JSON escape.
  static func lines(_ text: String) -> String {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }
      .joined(separator: "\n")
  }

  /// Text of one line, each control character as its JSON escape.
  static func line(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.controlsTerminals || SystemPath.byte(for: $0) != nil }) else {
      return text
    }
    var result = ""
    for scalar in text.unicodeScalars {
      if let byte = SystemPath.byte(for: scalar) {
        result += "\\x" + String(byte, radix: 16)
      } else if scalar.controlsTerminals {
        result += scalar.escape
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Whether a terminal acts on it instead of showing it: the control characters of ASCII and Latin-1, the line and
  /// paragraph separators, and the marks that change the direction of writing.
  var controlsTerminals: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// As in JSON: `\n`, `\t`, `\r`, or `\u` and four hexadecimal digits.
  var escape: String {
    switch self {
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\r": return "\\r"
    default:
      let digits = String(value, radix: 16)
      return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
  }

  /// The columns that it takes on a terminal: none for a mark on the letter before it, two for the wide letters of East
  /// Asia and for emoji, else one.
  var width: Int {
    switch value {
    case 0x20..<0x7F: return 1
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return [.nonspacingMark, .enclosingMark, .format].contains(properties.generalCategory) ? 0 : 1
    }
  }
}

extension String {
  /// The columns that it takes on a terminal.
  var width: Int { unicodeScalars.reduce(0) { $0 + $1.width } }

  /// The text itself where it fits into `limit` columns, else its beginning and its end around an ellipsis.
  ///
  /// - Parameter head: the share of the columns that the beginning gets.
  func shortened(to limit: Int, head: Double = 0.5) -> String {
    // A letter may carry any number of marks of width 0, so their number is limited as well.
    if unicodeScalars.count <= 4 * limit, width <= limit { return self }
    let before = Int(head * Double(limit - 1))
    let first = unicodeScalars.leading(columns: before)
    let last = unicodeScalars.reversed().leading(columns: limit - 1 - before).reversed()
    return String(String.UnicodeScalarView(first)) + "…" + String(String.UnicodeScalarView(last))
  }
}

extension Sequence<Unicode.Scalar> {
  /// The first scalars, as many as fit into `columns`; each counts as one at least.
  fileprivate func leading(columns: Int) -> [Unicode.Scalar] {
    var left = columns
    return Array(
      prefix { scalar in
        left -= Swift.max(scalar.width, 1)
        return left >= 0
      })
  }
}
