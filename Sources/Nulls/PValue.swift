/// The p-value of a statistic of which `count` values under the null hypothesis are known.
///
/// p = (1 + k)/(1 + R) for R random values of which k are as extreme as the observed one, which itself counts as one
/// more. Where the values are those of all exchanges, the observed one among them, p = k/R.
///
/// - Parameters:
///   - extreme: k, with ties: a value that equals the observed one counts against the finding.
///   - count: R.
///   - isComplete: whether the values are those of all exchanges.
package func pValue(extreme: Int, of count: Int, isComplete: Bool = false) -> Double {
  isComplete ? Double(extreme) / Double(count) : Double(1 + extreme) / Double(1 + count)
}

/// The one-sided p-value of an observed statistic among its values under the null hypothesis; large values are extreme.
///
/// - Parameter slack: by how much a value may be smaller and still tie. The labels as they are must tie with the
///   observed value although the two are summed in different orders.
package func pValue(observed: Double, null: [Double], isComplete: Bool, slack: Double) -> Double {
  pValue(extreme: null.count { $0 >= observed - slack }, of: null.count, isComplete: isComplete)
}
