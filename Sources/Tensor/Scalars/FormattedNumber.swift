#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Foundation
#endif

extension Double {
  /// The number with so many significant digits, as short as C's `%g` writes it.
  ///
  /// C's own function writes it, because Foundation's would put its tables of all languages, 50 MB, into every program
  /// that is linked statically.
  package func formatted(digits: Int) -> String {
    // A sign, the digits, a point and an exponent fit.
    var text = [CChar](repeating: 0, count: max(digits, 1) + 16)
    _ = withVaList([self]) { vsnprintf(&text, text.count, "%.\(digits)g", $0) }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
