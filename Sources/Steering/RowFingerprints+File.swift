import Foundation
package import TensorIO

extension RowFingerprints {
  private static let keys = (exact: "row_fingerprints", rounded: "rounded_row_fingerprints")

  /// The fingerprints as text, by key; nothing where there are none. The same rows give the same text.
  var metadata: [String: String] {
    var result: [String: String] = [:]
    for (key, numbers) in [(Self.keys.exact, exact), (Self.keys.rounded, rounded)] where !numbers.isEmpty {
      result[key] = numbers.sorted().map { String($0, radix: 16) }.joined(separator: " ")
    }
    return result
  }

  /// The fingerprints that the metadata of a file hold, none where it says nothing of them.
  ///
  /// - Throws: `TensorFileError.malformed` for a list that is none.
  package init(of file: SafetensorsFile) throws(TensorFileError) {
    func list(_ key: String) throws(TensorFileError) -> Set<UInt64> {
      guard let text = file.metadata[key] else { return [] }
      let words = text.split(separator: " ", omittingEmptySubsequences: false)
      let numbers = words.map(Self.number)
      guard let wrong = numbers.firstIndex(of: nil) else { return Set(numbers.compactMap(\.self)) }
      throw .malformed(
        path: file.url.relativePath, tensor: nil,
        rule:
          "the metadata \(key) is not a list of fingerprints (entry \(wrong + 1) is "
          + "\"\(words[wrong].prefix(40))\", not 1 to 16 hexadecimal digits), so it is not known which rows "
          + "made the direction; write the file anew with `linstruct direction`")
    }
    self.init(exact: try list(Self.keys.exact), rounded: try list(Self.keys.rounded))
  }

  /// A fingerprint of up to 16 hexadecimal digits; the parser takes a sign, which no fingerprint has.
  private static func number(_ word: Substring) -> UInt64? {
    word.utf8.count > 16 || word.hasPrefix("+") || word.hasPrefix("-") ? nil : UInt64(word, radix: 16)
  }
}
