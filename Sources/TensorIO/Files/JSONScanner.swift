/// A strict scanner of JSON text, one value at a time, in one pass.
///
/// The decoders of Foundation take the last of duplicate keys in silence and `2.0` for an integer; headers of model
/// files are attacked through both. This one rejects duplicate keys (compared after unescaping), numbers that are not
/// plain non-negative integers where one is asked for, lone surrogates, invalid UTF-8, control characters in strings,
/// and nesting deeper than 64.
struct JSONScanner {
  /// What is wrong, and at which byte.
  struct Failure: Error {
    let rule: String
    let offset: Int
  }

  private let bytes: [UInt8]
  private(set) var offset = 0
  private var depth = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Fails unless only white space is left.
  mutating func end() throws(Failure) {
    skipSpace()
    if offset < bytes.count { throw failure("there are bytes after the JSON value") }
  }

  /// The byte that the next value starts with.
  mutating func peek() -> UInt8? {
    skipSpace()
    return offset < bytes.count ? bytes[offset] : nil
  }

  /// Scans an object; `member` must consume the value of each key.
  mutating func object(_ member: (String, inout JSONScanner) throws(Failure) -> Void) throws(Failure) {
    try enter("{")
    var keys = Set<ExactName>()
    if try !leaves("}") {
      repeat {
        skipSpace()
        let key = try string()
        guard keys.insert(ExactName(key)).inserted else { throw failure("the key \"\(key)\" is there twice") }
        try expect(":")
        try member(key, &self)
      } while try continues("}")
    }
    depth -= 1
  }

  /// Scans an array; `element` must consume each value.
  mutating func array(_ element: (inout JSONScanner) throws(Failure) -> Void) throws(Failure) {
    try enter("[")
    if try !leaves("]") {
      repeat { try element(&self) } while try continues("]")
    }
    depth -= 1
  }

  /// A whole number from 0 on that fits into 63 bits, written with digits only.
  mutating func count() throws(Failure) -> Int {
    skipSpace()
    let start = offset
    var value = 0
    while offset < bytes.count, case let digit = bytes[offset], digit >= 0x30, digit <= 0x39 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(digit - 0x30))
      guard !overflow, !carry else { throw failure("the number is too large", at: start) }
      value = sum
      offset += 1
    }
    guard offset > start else { throw failure("a whole number from 0 on is needed", at: start) }
    guard bytes[start] != 0x30 || offset == start + 1 else { throw failure("a number has leading zeros", at: start) }
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") || bytes[offset] | 0x20 == UInt8(ascii: "e") {
      throw failure("a whole number is needed, written without point or exponent", at: start)
    }
    return value
  }

  /// A string, unescaped.
  mutating func string() throws(Failure) -> String {
    skipSpace()
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { throw failure("a string is needed") }
    offset += 1
    let start = offset
    var content: [UInt8] = []
    // What lies between escapes is taken over in one piece.
    var copied = start
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        content += bytes[copied..<offset]
        guard let text = String(validating: content, as: UTF8.self) else {
          throw failure("a string is not valid UTF-8", at: start)
        }
        offset += 1
        return text
      case UInt8(ascii: "\\"):
        content += bytes[copied..<offset]
        try escape(into: &content)
        copied = offset
      case 0..<0x20:
        throw failure("a string holds a control character")
      default:
        offset += 1
      }
    }
    throw failure("a string does not end", at: start - 1)
  }

  /// Checks any value and drops it.
  mutating func skipValue() throws(Failure) {
    switch peek() {
    case UInt8(ascii: "{"): try object { (_, scanner) throws(Failure) in try scanner.skipValue() }
    case UInt8(ascii: "["): try array { (scanner) throws(Failure) in try scanner.skipValue() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: try number()
    }
  }

  /// One of the words of JSON.
  mutating func word(_ text: StaticString) throws(Failure) {
    skipSpace()
    let wanted = Array("\(text)".utf8)
    guard bytes.count - offset >= wanted.count, Array(bytes[offset..<(offset + wanted.count)]) == wanted else {
      throw failure("not a JSON value")
    }
    offset += wanted.count
  }

  func failure(_ rule: String, at position: Int? = nil) -> Failure {
    Failure(rule: rule, offset: position ?? offset)
  }

  // MARK: Pieces

  private mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      default: return
      }
    }
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    skipSpace()
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else {
      throw failure("\"\(character)\" is needed")
    }
    offset += 1
  }

  private mutating func enter(_ bracket: Unicode.Scalar) throws(Failure) {
    try expect(bracket)
    depth += 1
    guard depth <= 64 else { throw failure("values are nested deeper than 64") }
  }

  private mutating func leaves(_ bracket: Unicode.Scalar) throws(Failure) -> Bool {
    guard peek() == UInt8(ascii: bracket) else { return false }
    offset += 1
    return true
  }

  /// Whether a comma follows; else the bracket must.
  private mutating func continues(_ bracket: Unicode.Scalar) throws(Failure) -> Bool {
    if peek() == UInt8(ascii: ",") {
      offset += 1
      return true
    }
    try expect(bracket)
    return false
  }

  private mutating func digits() throws(Failure) {
    let start = offset
    while offset < bytes.count, bytes[offset] >= 0x30, bytes[offset] <= 0x39 { offset += 1 }
    guard offset > start else { throw failure("not a JSON value") }
  }

  private mutating func number() throws(Failure) {
    if peek() == UInt8(ascii: "-") { offset += 1 }
    let start = offset
    try digits()
    guard bytes[start] != 0x30 || offset == start + 1 else { throw failure("a number has leading zeros", at: start) }
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
      offset += 1
      try digits()
    }
    if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
        offset += 1
      }
      try digits()
    }
  }

  private mutating func escape(into content: inout [UInt8]) throws(Failure) {
    let start = offset
    offset += 1
    guard offset < bytes.count else { throw failure("a string does not end", at: start) }
    let letter = bytes[offset]
    offset += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if code & 0xFC00 == 0xD800 {
        guard bytes.count - offset >= 6, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
        else { throw failure("a lone surrogate", at: start) }
        offset += 2
        let low = try hexadecimal()
        guard low & 0xFC00 == 0xDC00 else { throw failure("a lone surrogate", at: start) }
        code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("a lone surrogate", at: start) }
      content += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
    default: throw failure("an unknown escape", at: start)
    }
  }

  private mutating func hexadecimal() throws(Failure) -> UInt32 {
    guard bytes.count - offset >= 4 else { throw failure("a short \\u escape") }
    var value: UInt32 = 0
    for byte in bytes[offset..<(offset + 4)] {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: throw failure("a broken \\u escape")
      }
      value = value << 4 | UInt32(digit)
    }
    offset += 4
    return value
  }
}
