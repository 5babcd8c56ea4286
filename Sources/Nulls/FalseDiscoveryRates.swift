/// Benjamini–Hochberg q-values: the smallest false-discovery rate at which each test would be accepted.
///
/// - Parameter p: p-values, `nil` where there was no test; these do not count.
/// - Returns: q in the same order.
public func falseDiscoveryRates(_ p: [Double?]) -> [Double?] {
  let tested = p.indices.filter { p[$0] != nil }.sorted { (p[$0] ?? 1) < (p[$1] ?? 1) }
  var q = [Double?](repeating: nil, count: p.count)
  var smallest = 1.0
  for (rank, index) in tested.enumerated().reversed() {
    smallest = min(smallest, (p[index] ?? 1) * Double(tested.count) / Double(rank + 1))
    q[index] = smallest
  }
  return q
}
