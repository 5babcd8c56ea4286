extension Matrix<Double> {
  /// ‖R‖‖R⁻¹‖ in the Frobenius norm for an upper triangular R: between κ(R) and n·κ(R).
  var conditionBoundOfUpper: Double { norm(.frobenius) * solvingUpper(.identity(rows)).norm(.frobenius) }

  /// The same for an R whose columns are first scaled to unit length, as are then those of any QR.
  var conditionBoundOfUnitColumns: Double {
    let lengths = columnVectors.map(\.norm)
    return Matrix(rows: rows, columns: columns) { i, j in self[i, j] / lengths[j] }.conditionBoundOfUpper
  }

  /// R⁻¹X for an upper triangular R.
  func solvingUpper(_ right: Matrix) -> Matrix {
    let solution = Output(copying: right)
    let x = solution.pointer
    let flops = Double(right.rows) * Double(right.rows) * Double(right.columns)
    withPointers(to: self) { r in
      inParts(right.columns, flops: flops) { range in
        BLAS.trsm(r.upperTriangle, on: .left, of: x[columns: range])
      }
    }
    return solution.matrix()
  }
}
