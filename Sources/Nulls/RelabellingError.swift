/// Why labels cannot be exchanged as asked. Whoever knows what the rows are puts it into words.
package enum RelabellingError: Error, Equatable {
  /// Fewer than one exchange was asked for.
  case noExchanges(count: Int)
  /// Pairs need as many positive as negative rows.
  case unequalSides(positive: Int, negative: Int)
  /// The number of group numbers differs from the number of rows.
  case groupNumbers(count: Int, rows: Int)
  /// A group has positive and negative rows.
  case groupOnBothSides(Int)
  /// The surrounding task was cancelled.
  case cancelled
}
