/// A name that equals another one only where their UTF-8 bytes do.
///
/// The equality of `String` is canonical: "é" as one scalar equals "e" with an accent. In a file they are two names, so
/// a dictionary of tensors is keyed by this.
///
/// It also takes linear time: canonical comparison sorts the marks on a letter, and a file may hold a million of them.
///
/// ```swift
/// print("e\u{301}" == "\u{E9}", ExactName("e\u{301}") == ExactName("\u{E9}"))  // true false
/// ```
public struct ExactName: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
  /// The name.
  public let text: String

  /// The name `text`, byte for byte.
  public init(_ text: String) { self.text = text }

  /// The name of a literal.
  public init(stringLiteral text: String) { self.text = text }

  /// Whether both have the same bytes.
  public static func == (left: ExactName, right: ExactName) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  /// The order of the bytes, which is that of the scalars.
  public static func < (left: ExactName, right: ExactName) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension String {
  /// Whether the last bytes are those of `suffix`; `hasSuffix` compares canonically.
  func hasExactSuffix(_ suffix: String) -> Bool {
    utf8.count >= suffix.utf8.count && utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }

  /// The text without its last bytes, which must be whole characters.
  func dropLastBytes(_ count: Int) -> String { String(decoding: utf8.dropLast(count), as: UTF8.self) }
}
