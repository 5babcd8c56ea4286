/// Whether `a` stands before `b` where numbers in names count by their value: `layers.2` before `layers.10`.
///
/// Names that differ in zeros before a number alone, such as `a01` and `a1`, are ordered byte by byte.
package func naturallyPrecedes(_ a: String, _ b: String) -> Bool {
  var (left, right) = (a.utf8[...], b.utf8[...])
  while let x = left.first, let y = right.first {
    if x.isDigit, y.isDigit {
      let (m, n) = (left.popNumber(), right.popNumber())
      if m.count != n.count { return m.count < n.count }
      if let (p, q) = zip(m, n).first(where: { $0 != $1 }) { return p < q }
    } else if x == y {
      left = left.dropFirst()
      right = right.dropFirst()
    } else {
      return x < y
    }
  }
  if left.isEmpty != right.isEmpty { return left.isEmpty }
  return a.utf8.lexicographicallyPrecedes(b.utf8)
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension Substring.UTF8View {
  /// Takes the digits at the beginning away and returns them without the zeros that they begin with.
  fileprivate mutating func popNumber() -> Substring.UTF8View {
    let digits = prefix(while: \.isDigit)
    self = dropFirst(digits.count)
    return digits.drop { $0 == UInt8(ascii: "0") }
  }
}
