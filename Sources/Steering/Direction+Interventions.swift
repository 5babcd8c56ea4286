public import Tensor

extension Direction {
  /// Adds α·v to every row: h ← h + αv.
  ///
  /// - Parameters:
  ///   - rows: n×d. Traps on another width.
  ///   - scale: α, in units of the raw vector; 1 moves one class mean onto the other.
  public func add(to rows: inout Matrix<Element>, scale: Element) {
    require(
      rows.columns == vector.count, "rows of \(rows.columns) entries, a direction of \(vector.count)")
    for i in 0..<rows.rows { rows.addToRow(i, vector, scaledBy: scale) }
  }

  /// Subtracts α·v from every row: h ← h − αv. A constant shift; see ``projectOut(from:)`` for the other operation.
  ///
  /// - Parameters:
  ///   - rows: n×d. Traps on another width.
  ///   - scale: α, in units of the raw vector.
  public func subtract(from rows: inout Matrix<Element>, scale: Element) { add(to: &rows, scale: -scale) }

  /// Removes the component along v from every row: h ← h − v̂v̂ᵀh, v̂ = v/‖v‖. A zero direction removes nothing.
  ///
  /// Even in v: it cannot push towards a class.
  ///
  /// - Parameter rows: n×d. Traps on another width.
  public func projectOut(from rows: inout Matrix<Element>) {
    require(
      rows.columns == vector.count, "rows of \(rows.columns) entries, a direction of \(vector.count)")
    guard let unit = unitVector?.converted(to: Element.self) else { return }
    let components = rows * unit
    for i in 0..<rows.rows { rows.addToRow(i, unit, scaledBy: -components[i]) }
  }
  /// v/‖v‖ in float64; `nil` for a zero direction.
  var unitVector: Vector<Double>? {
    let wide = vector.converted(to: Double.self)
    // In a unit in which the inverse of the length is a number.
    let scaled = wide.scaled(byPowerOfTwo: Matrix(row: wide).exponentOfUnit)
    let length = scaled.norm
    return length > 0 ? scaled.scaled(by: 1 / length) : nil
  }
}
