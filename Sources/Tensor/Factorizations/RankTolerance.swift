/// The size up to which a singular value of n stored columns of unit length is rounding: ε·√n, ε of the stored type.
///
/// A rounding of stored entries moves a column of unit length by at most ε/2, whatever its length, so n columns together
/// by at most ε/2·√n; one factor of two is room. A bound that grows with the length of the columns, such as max(m, n)·ε,
/// passes 1 at 8,388,608 float32 rows. For columns of any length √n is ‖A‖_F. Of float64 entries the arithmetic loses about
/// as much as the storage, so ε counts eight times there; the arithmetic for narrower types is float64 and loses nothing
/// beside their rounding.
///
/// - Parameters:
///   - columns: n, or the number of rows where it is smaller: a rank is that of the transpose as well.
///   - epsilon: the distance from 1 to the next number of the stored type.
package func rankTolerance(columns: Int, epsilon: Double) -> Double {
  max(epsilon, 8 * Double.ulpOfOne) * Double(columns).squareRoot()
}
