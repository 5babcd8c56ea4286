public import Subspace
public import Tensor

extension Basis {
  /// Removes the part that lies in the plane from every row: h ← h − QQᵀh.
  ///
  /// - Parameter rows: n×d. Traps on another width.
  /// - Complexity: 4ndk flops; an n×k product beside the rows.
  public func projectOut(from rows: inout Matrix<Element>) {
    require(rows.columns == dimension, "rows of \(rows.columns) entries, a basis in \(dimension) dimensions")
    let coordinates = rows * columns
    rows.addProduct(coordinates, columns.transposed, alpha: -1)
  }

  /// The rows without their part in the plane: h − QQᵀh for each row h.
  ///
  /// - Parameter rows: n×d. Traps on another width.
  /// - Complexity: 4ndk flops; an n×k product beside the result.
  public func projectedOut(from rows: Matrix<Element>) -> Matrix<Element> {
    var result = rows
    projectOut(from: &result)
    return result
  }

  /// A vector without its part in the plane: h − QQᵀh.
  ///
  /// - Parameter row: d entries. Traps on another count.
  public func projectedOut(from row: Vector<Element>) -> Vector<Element> { projectedOut(from: Matrix(row: row)).row(0) }
}
