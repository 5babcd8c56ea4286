/// The checked header of a `.npy` file: a Python dictionary literal with `descr`, `fortran_order` and `shape`.
struct NumpyHeader: Equatable {
  var type: ElementType
  /// Whether the bytes of each number are in big-endian order.
  var isBigEndian: Bool
  /// Whether the first index runs fastest.
  var isFortranOrder: Bool
  var shape: [Int]
  /// Where the numbers start, counted from the start of the file.
  var dataStart: Int

  /// Header text longer than this is refused; numpy's own is 118 bytes for small arrays.
  private static let limit = 64 << 10
  /// No header takes more bytes of a file, its signature and length included.
  static let longest = limit + 12

  /// Reads and checks the header of an array that lies in `range` of a file.
  init(_ file: any ByteSource, in range: Range<Int>, label: String?) throws(TensorFileError) {
    func broken(_ rule: String) -> TensorFileError { .malformed(path: file.path, tensor: label, rule: rule) }
    guard range.count >= 10 else { throw broken("\(range.count) bytes are too few for a .npy file") }
    let start = try file.bytes(at: range.lowerBound, count: 10)
    guard start[..<6] == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59] else {
      throw broken("it does not start with the .npy signature")
    }
    guard [1, 2, 3].contains(start[6]), start[7] == 0 else {
      throw broken("version \(start[6]).\(start[7]) of the .npy format is unknown")
    }
    let lengthBytes = start[6] == 1 ? 2 : 4
    guard range.count >= 8 + lengthBytes else { throw broken("the header is cut off") }
    let length = try file.bytes(at: range.lowerBound + 8, count: lengthBytes).reversed()
      .reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.limit else { throw broken("the header of \(length) bytes exceeds the limit of 64 KiB") }
    dataStart = range.lowerBound + 8 + lengthBytes + length
    guard dataStart <= range.upperBound else { throw broken("the header is cut off") }
    let text = try file.bytes(at: dataStart - length, count: length)
    var literal = DictionaryLiteral(text)
    do { (type, isBigEndian, isFortranOrder, shape) = try literal.parse() } catch {
      if let unsupported = error.unsupportedType {
        throw .unsupportedType(path: file.path, tensor: label, type: unsupported)
      }
      throw broken(error.rule)
    }
    guard let size = byteCount(of: shape, type) else { throw broken("the shape \(shape) has no valid size in bytes") }
    let present = range.upperBound - dataStart
    guard size <= present else { throw broken("the shape \(shape) needs \(size) bytes, the file has \(present)") }
    guard size == present else { throw broken("\(present - size) bytes follow the array") }
  }
}

/// A scanner for the header dictionary: both kinds of quotes, whole numbers, `True` and `False`, tuples.
private struct DictionaryLiteral {
  struct Failure: Error {
    let rule: String
    var unsupportedType: String?
  }

  typealias Fields = (type: ElementType, isBigEndian: Bool, isFortranOrder: Bool, shape: [Int])

  private let text: [UInt8]
  private var offset = 0

  init(_ text: [UInt8]) { self.text = text }

  mutating func parse() throws(Failure) -> Fields {
    var type: (ElementType, isBigEndian: Bool)?
    var order: Bool?
    var shape: [Int]?
    try expect("{")
    while peek() != UInt8(ascii: "}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where type == nil: type = try self.type()
      case "fortran_order" where order == nil: order = try boolean()
      case "shape" where shape == nil: shape = try tuple()
      case "descr", "fortran_order", "shape": throw Failure(rule: "the header has \(key) twice")
      default: throw Failure(rule: "the header has an unknown key '\(key)'")
      }
      guard peek() == UInt8(ascii: ",") else { break }
      offset += 1
    }
    try expect("}")
    guard peek() == nil else { throw Failure(rule: "the header goes on after its dictionary") }
    guard let type, let order, let shape else {
      throw Failure(rule: "the header lacks one of descr, fortran_order and shape")
    }
    return (type.0, type.isBigEndian, order, shape)
  }

  private mutating func peek() -> UInt8? {
    while offset < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[offset]) { offset += 1 }
    return offset < text.count ? text[offset] : nil
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    guard peek() == UInt8(ascii: character) else { throw Failure(rule: "the header lacks a '\(character)'") }
    offset += 1
  }

  private mutating func string() throws(Failure) -> String {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw Failure(rule: "the header lacks a string")
    }
    offset += 1
    let start = offset
    while offset < text.count, text[offset] != quote {
      guard text[offset] != UInt8(ascii: "\\") else { throw Failure(rule: "the header holds an escape") }
      offset += 1
    }
    guard offset < text.count, let result = String(validating: text[start..<offset], as: UTF8.self) else {
      throw Failure(rule: "a string of the header does not end or is not text")
    }
    offset += 1
    return result
  }

  private mutating func type() throws(Failure) -> (ElementType, isBigEndian: Bool) {
    guard let first = peek(), first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") else {
      throw Failure(rule: "", unsupportedType: "a structured type")
    }
    let code = try string()
    let types: [String: ElementType] = [
      "f2": .f16, "f4": .f32, "f8": .f64, "i1": .i8, "i2": .i16, "i4": .i32, "i8": .i64, "u1": .u8, "u2": .u16,
      "u4": .u32, "u8": .u64, "b1": .bool,
    ]
    guard let order = code.first, let type = types[String(code.dropFirst())] else {
      throw Failure(rule: "", unsupportedType: "'\(code)'")
    }
    switch (order, type.bits) {
    case ("|", 8), ("<", _): return (type, false)
    case (">", _): return (type, type.bits > 8)
    default: throw Failure(rule: "", unsupportedType: "'\(code)'")
    }
  }

  private mutating func boolean() throws(Failure) -> Bool {
    _ = peek()
    for (word, value) in [("True", true), ("False", false)]
    where text[offset...].starts(with: word.utf8) {
      offset += word.utf8.count
      return value
    }
    throw Failure(rule: "fortran_order is neither True nor False")
  }

  /// `()`, `(3,)`, `(3, 4)`; a single number needs its comma, else it is no tuple.
  private mutating func tuple() throws(Failure) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    var commas = 0
    while let byte = peek(), byte != UInt8(ascii: ")") {
      sizes.append(try number())
      guard sizes.count <= FormatLimit.rank else {
        throw Failure(rule: "the shape has more than \(FormatLimit.rank) dimensions")
      }
      guard peek() == UInt8(ascii: ",") else { break }
      offset += 1
      commas += 1
    }
    try expect(")")
    guard sizes.count != 1 || commas == 1 else { throw Failure(rule: "the shape is not a tuple") }
    return sizes
  }

  private mutating func number() throws(Failure) -> Int {
    let start = offset
    while offset < text.count, text[offset] >= 0x30, text[offset] <= 0x39 { offset += 1 }
    guard let value = Int(String(decoding: text[start..<offset], as: UTF8.self)) else {
      throw Failure(rule: "a size in the shape is not a whole number from 0 on")
    }
    // Python 2 wrote long integers so.
    if offset < text.count, text[offset] == UInt8(ascii: "L") { offset += 1 }
    return value
  }
}
