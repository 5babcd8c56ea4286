/// The names that are near enough to `wanted` to have been meant by it, the nearest first: a few letters away, or with
/// `wanted` as a part of them. Capital letters count as small ones.
///
/// The distance is that of optimal string alignment: letters inserted, left out, replaced, or exchanged with their
/// neighbour. Up to a third of the letters may differ, but not more than eight.
///
/// - Complexity: O(k·n) for each name of n letters, k at most 8; names of more than 300 letters are never near.
package func nearNames(to wanted: String, among names: [String]) -> [String] {
  let wanted = wanted.lowercased()
  let letters = Array(wanted.unicodeScalars)
  guard !letters.isEmpty, letters.count <= 300 else { return [] }
  let limit = min(8, max(1, (letters.count + 1) / 3))
  var near: [(name: String, distance: Int)] = []
  for name in names where name.utf8.count <= 1200 {
    let lowered = name.lowercased()
    let other = Array(lowered.unicodeScalars)
    guard other.count <= 300 else { continue }
    if let distance = editDistance(letters, other, atMost: limit) {
      near.append((name, distance))
    } else if letters.count >= 3, lowered.contains(wanted) {
      near.append((name, limit + 1))
    }
  }
  // Sorting is stable: names at the same distance keep their order.
  return near.sorted { $0.distance < $1.distance }.map(\.name)
}

/// The first names for an error message, those near to `wanted` before the others, which stand in natural order.
package func shortList(of names: [String], nearestTo wanted: String = "") -> [String] {
  let near = nearNames(to: wanted, among: names).prefix(8)
  let others = names.sorted(by: naturallyPrecedes).lazy.filter { !near.contains($0) }
  return near + others.prefix(8 - near.count) + (names.count > 8 ? ["…"] : [])
}

/// The distance of two words by optimal string alignment, `nil` where it exceeds `limit`.
///
/// Only the entries of the table within `limit` of its diagonal can matter.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], atMost limit: Int) -> Int? {
  guard abs(a.count - b.count) <= limit else { return nil }
  let far = limit + 1
  var beforeLast = [Int](repeating: far, count: b.count + 1)
  var last = (0...b.count).map { min($0, far) }
  for i in a.indices {
    var row = [Int](repeating: far, count: b.count + 1)
    row[0] = min(i + 1, far)
    for j in max(0, i - limit)..<max(i - limit, 0, min(b.count, i + limit + 1)) {
      var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
      row[j + 1] = min(best, far)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count] <= limit ? last[b.count] : nil
}
