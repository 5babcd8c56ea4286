/// Benjamini–Hochberg q-values: for each test the smallest false-discovery rate at which it would be accepted.
///
/// With the m p-values in ascending order, qᵢ = min over k ≥ i of p₍ₖ₎·m/k.
///
/// ```swift
/// print(falseDiscoveryRates([0.01, nil, 0.04]))  // 0.02, nil, 0.04
/// ```
///
/// - Parameter p: p-values, `nil` where there was no test; such entries do not count towards m.
/// - Returns: the q-values in the order of `p`, `nil` where `p` is.
/// - Complexity: one sort.
/// - SeeAlso: Benjamini and Hochberg, J. R. Stat. Soc. B 57 (1995) 289.
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
