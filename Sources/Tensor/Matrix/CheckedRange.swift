extension RangeExpression<Int> {
  /// The range as a part of `0 ..< count`. Where it is none, the program ends with `message`, which is given the range.
  ///
  /// The standard library would trap without naming the matrix while it makes a range of `5...` in three rows.
  func checked(in count: Int, _ message: (String) -> String) -> Range<Int> {
    let found = relative(to: Int.min..<Int.max)
    let lower = found.lowerBound == .min ? 0 : found.lowerBound
    let upper = found.upperBound == .max ? count : found.upperBound
    require(lower >= 0 && lower <= upper && upper <= count, message("\(lower)..<\(upper)"))
    return lower..<upper
  }
}
