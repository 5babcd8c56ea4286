/// The rows or the columns of a matrix, where a method works on either.
///
/// ```swift
/// let a: Matrix<Double> = [[1, 2], [3, 4]]
/// a.sum(over: .rows)     // [4, 6]: the rows added up, one sum for each column
/// a.sum(over: .columns)  // [3, 7]: the columns added up, one sum for each row
/// a.scaled(.rows, by: [1, 10])  // [[1, 2], [30, 40]]
/// a.gram(.columns)       // AᵀA, the inner products of the columns
/// ```
public enum MatrixAxis: Sendable, CaseIterable {
  /// The rows, i in aᵢⱼ. The inner products of the rows are AAᵀ, m×m.
  case rows
  /// The columns, j in aᵢⱼ. The inner products of the columns are AᵀA, n×n.
  case columns
}
