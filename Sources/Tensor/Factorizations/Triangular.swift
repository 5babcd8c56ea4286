import COpenBLAS

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
    var solution = right.overwritableCopy()
    let order = blasInt(right.rows)
    solution.withUnsafeMutableBase { x, stride in
      withUnsafeBase { r in
        _ = inParts(right.columns, flops: Double(right.rows) * Double(right.rows) * Double(right.columns)) { range in
          Double._kernels.table.trsm(
            CblasRowMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, order, blasInt(range.count), 1, r,
            blasInt(leadingDimension), x + range.lowerBound, blasInt(stride))
        }
      }
    }
    return solution
  }
}
