/// Text for a terminal: control characters, marks that turn the direction of writing, and bytes of paths that are not
/// text are escaped; a very long text is cut in the middle.
///
/// Names in files are chosen by whoever made the file. Raw, they could move the cursor, set the title, or hide part of
/// a message.
func printable(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if let byte = SystemPath.byte(for: scalar) {
      result.append(contentsOf: "\\x\(hexadecimal(UInt32(byte), digits: 2))".unicodeScalars)
    } else if isControl(scalar) || isInvisible(scalar) {
      result.append(contentsOf: "\\u{\(hexadecimal(scalar.value, digits: 2))}".unicodeScalars)
    } else {
      result.append(scalar)
    }
  }
  guard result.count > 2000 else { return String(result) }
  return String(result.prefix(1500)) + " … " + String(result.suffix(400))
}

/// The control characters of ASCII and of the block after it, which terminals obey too.
func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) }

/// Marks that change the direction of writing, and the separators of lines and paragraphs.
private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
  default: false
  }
}

private func hexadecimal(_ value: UInt32, digits: Int) -> String {
  let text = String(value, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
