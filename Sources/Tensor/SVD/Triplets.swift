/// What is made of triplets σᵢ, uᵢ, vᵢ, whichever decomposition they come from.

/// maxᵢ max(‖Avᵢ − σᵢuᵢ‖, ‖Aᵀuᵢ − σᵢvᵢ‖) / σ₁ over the given triplets.
func twoSidedResidual<Element>(
  _ matrix: Matrix<Element>, _ u: Matrix<Element>, _ singularValues: Vector<Element>,
  _ vTransposed: Matrix<Element>
) -> Double {
  require(
    matrix.rows == u.rows && matrix.columns == vTransposed.columns,
    "factors of a \(u.rows)x\(vTransposed.columns) matrix against a \(matrix.shapeDescription) one")
  guard let largest = singularValues.first, largest > 0 else { return 0 }
  // Both differences have one triplet per row, so that the norm of a row is a residual.
  var left = vTransposed * matrix.transposed
  var right = u.transposed * matrix
  let uTransposed = Matrix(u.transposed)
  var worst = 0.0
  for i in 0..<singularValues.count {
    left.addToRow(i, uTransposed.row(i), scaledBy: -singularValues[i])
    right.addToRow(i, vTransposed.row(i), scaledBy: -singularValues[i])
    worst = max(worst, left.row(i).norm, right.row(i).norm)
  }
  return worst / Double(largest)
}

/// U Σ Vᵀ.
func tripletProduct<Element>(
  _ u: Matrix<Element>, _ singularValues: Vector<Element>, _ vTransposed: Matrix<Element>
) -> Matrix<Element> {
  var scaled = u.compacted()
  scaled.scaleColumns(by: singularValues)
  return scaled * vTransposed
}
