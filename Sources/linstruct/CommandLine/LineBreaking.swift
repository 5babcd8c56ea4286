import LinearStructures

/// Breaks a line that is too long at spaces outside of brackets.
///
/// - Parameter indentation: the spaces before each line after the first.
func wrapped(_ line: String, indentation: Int) -> String {
  var lines: [String] = []
  var current = ""
  for piece in pieces(line) {
    if current.width + piece.width > TextTable.widthLimit, !current.allSatisfy({ $0 == " " }) {
      lines.append(current)
      current = String(repeating: " ", count: indentation) + piece.drop { $0 == " " }
    } else {
      current += piece
    }
  }
  return (lines + [current]).joined(separator: "\n")
}

/// The words of a line, each with the spaces before it; `[--rank K]` is one word.
private func pieces(_ line: String) -> [String] {
  var pieces = [""]
  var depth = 0
  for character in line {
    if character == " ", depth == 0, pieces[pieces.count - 1].contains(where: { $0 != " " }) { pieces.append("") }
    if character == "[" { depth += 1 }
    if character == "]" { depth = max(0, depth - 1) }
    pieces[pieces.count - 1].append(character)
  }
  return pieces
}
