/// A singular triplet of one of two halves that are to be merged.
struct Triplet {
  /// The columns in which its vectors are not zero.
  enum Reach: Int {
    case upper, both, lower
  }

  var value: Double
  /// Its entry of the row that joins the halves.
  var z: Double
  let row: Int
  var reach: Reach
}

/// What is left to solve once two halves are decomposed, and what can be kept of them.
struct Deflation {
  /// Ascending; the first is the row between the halves, with the value zero.
  var kept: [Triplet]
  /// Triplets of the whole already.
  var dropped: [Triplet] = []
}
