public import Tensor

extension Direction {
  /// Adds α·v to every row: h ← h + αv.
  ///
  /// - Parameters:
  ///   - rows: n×d. Traps on another width.
  ///   - scale: α, in units of the raw vector; 1 moves one class mean onto the other.
  public func add(to rows: inout Matrix<Element>, scale: Element) {
    checkWidth(rows.columns)
    for i in 0..<rows.rows { rows.addToRow(i, vector, scaledBy: scale) }
  }

  /// Not available: a scale of another type than the entries.
  @available(*, unavailable, message: "the scale needs the element type of the rows: convert it, as in Float(alpha)")
  @_disfavoredOverload
  public func add(to rows: inout Matrix<Element>, scale: some Numeric) { fatalError() }

  /// Not available: a scale of another type than the entries.
  @available(*, unavailable, message: "the scale needs the element type of the rows: convert it, as in Float(alpha)")
  @_disfavoredOverload
  public func subtract(from rows: inout Matrix<Element>, scale: some Numeric) { fatalError() }

  /// Subtracts α·v from every row: h ← h − αv. All rows move by the same vector; projecting out is
  /// another operation.
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
    checkWidth(rows.columns)
    guard let unit = unitVector?.converted(to: Element.self) else { return }
    let components = rows * unit
    for i in 0..<rows.rows { rows.addToRow(i, unit, scaledBy: -components[i]) }
  }

  /// The rows without their component along v: h − v̂v̂ᵀh for each row h. A zero direction removes nothing.
  ///
  /// - Parameter rows: n×d. Traps on another width.
  public func projectedOut(from rows: Matrix<Element>) -> Matrix<Element> {
    var result = rows
    projectOut(from: &result)
    return result
  }

  /// Removes the component along v from one vector: h ← h − v̂v̂ᵀh. A zero direction removes nothing.
  ///
  /// - Parameter row: d entries. Traps on another count.
  public func projectOut(from row: inout Vector<Element>) { row = projectedOut(from: row) }

  /// A vector without its component along v: h − v̂v̂ᵀh. A zero direction removes nothing.
  ///
  /// - Parameter row: d entries. Traps on another count.
  public func projectedOut(from row: Vector<Element>) -> Vector<Element> { projectedOut(from: Matrix(row: row)).row(0) }

  private func checkWidth(_ width: Int) {
    require(width == vector.count, "rows of \(width) entries, a direction of \(vector.count)")
  }
}
