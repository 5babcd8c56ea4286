extension RangeExpression<Int> {
  /// The range as a part of `0 ..< count`; ends the program with `message` of it where it is none.
  ///
  /// `5...` in 3 is then an error of its own words, where the standard library would trap while it makes the range.
  func checked(in count: Int, _ message: (String) -> String) -> Range<Int> {
    let found = relative(to: Int.min..<Int.max)
    let lower = found.lowerBound == .min ? 0 : found.lowerBound
    let upper = found.upperBound == .max ? count : found.upperBound
    require(lower >= 0 && lower <= upper && upper <= count, message("\(lower)..<\(upper)"))
    return lower..<upper
  }
}
