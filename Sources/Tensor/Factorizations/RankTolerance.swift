/// The size up to which a singular value of stored columns of unit length is rounding: ε·√n of n columns, ε of the
/// stored type.
///
/// A rounding of stored entries moves a column of unit length by at most ε/2, whatever its length, so n columns
/// together by at most ε/2·√n; one factor of two is room. A bound that grows with the length of the columns, such as
/// max(m, n)·ε, passes 1 at 8,388,608 float32 rows. For columns of any length √n is ‖A‖_F.
///
/// The arithmetic is float64. Householder reflections of m rows were seen to leave up to 0.03·√m of its ε, so that no
/// less than a quarter of √m and 8·√n of it counts: 6e-14 for two columns of a million rows, far below the ε of
/// narrower types.
///
/// - Parameters:
///   - rows: the number of rows of the matrix.
///   - columns: the number of columns; a rank is that of the transpose, so the smaller of both is n.
///   - epsilon: the distance from 1 to the next number of the stored type.
package func rankTolerance(rows: Int, columns: Int, epsilon: Double) -> Double {
  let n = Double(min(rows, columns)).squareRoot()
  return max(epsilon * n, Double.ulpOfOne * (8 * n + Double(max(rows, columns)).squareRoot() / 4))
}
