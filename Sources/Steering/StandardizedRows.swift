import Nulls
import Tensor

/// Rows in units of the scatter of each feature, with what the statistic of the norm test needs of them.
struct StandardizedRows {
  /// What one exchange gives.
  struct Measure {
    /// ‖v‖ in the units of the rows.
    let length: Double
    /// T.
    let statistic: Double
  }

  /// n×d.
  private(set) var rows: Matrix<Double>
  /// The square of the length of each row, n×1.
  private(set) var squares: Matrix<Double>
  /// The standard deviation of each feature.
  private let deviations: Vector<Double>
  private let differences: LabelDifferences
  private let sumOfSquares: Double
  private let arePairs: Bool

  /// Rows about their mean, in units of their own scatter.
  init(_ rows: consuming Matrix<Double>) {
    let deviations = rows.featureDeviations
    self.init(rows, deviations: deviations, arePairs: false)
  }

  init(_ raw: consuming Matrix<Double>, deviations: Vector<Double>, arePairs: Bool) {
    let (count, width) = (raw.rows, raw.columns)
    var squares = Matrix<Double>.zeros(rows: count, columns: 1)
    raw.withUnsafeMutableBase { base, stride in
      deviations.withUnsafeBase { deviations in
        for i in 0..<count { squares[i, 0] = standardize(base + i * stride, by: deviations, width) }
      }
    }
    (rows, self.squares) = (raw, squares)
    self.deviations = deviations
    self.arePairs = arePairs
    differences = LabelDifferences(of: rows, arePairs: arePairs)
    sumOfSquares = squares.meanRow[0] * Double(rows.rows)
  }

  /// One measure for each exchange, from the sums of the rows and of their squares over the positive ones.
  func measures(_ found: LabelSums) -> [Measure] {
    let (means, n) = (differences.means(found), Double(rows.rows))
    let energies = found.sums[1].column(0)
    return (0..<means.rows).map { r in
      let (one, other) = (Double(found.counts[r]), n - Double(found.counts[r]))
      let squared = squares(of: means, found.sums[0], row: r, count: one)
      guard !arePairs else { return Measure(length: squared.length.squareRoot(), statistic: squared.difference) }
      let energy = energies[r]
      let scatter =
        variance(energy - one * squared.positiveMean, one) / one
        + variance(sumOfSquares - energy - other * squared.negativeMean, other) / other
      // Where classes do not scatter at all, rounding must not decide which exchange is larger.
      let least = 1e-7 * sumOfSquares / n * (1 / one + 1 / other)
      return Measure(
        length: squared.length.squareRoot(),
        statistic: scatter + least > 0 ? squared.difference / max(scatter, least) : 0)
    }
  }

  private func squares(
    of means: Matrix<Double>, _ sums: Matrix<Double>, row r: Int, count: Double
  ) -> SquaredLengths {
    means.row(r).withUnsafeBase { means in
      sums.row(r).withUnsafeBase { sums in
        deviations.withUnsafeBase {
          SquaredLengths(
            difference: means, sum: arePairs ? nil : sums, count: count, deviations: $0, deviations.count)
        }
      }
    }
  }

  /// The trace of a covariance from the sum of squares about the mean; a single row has none.
  private func variance(_ squares: Double, _ count: Double) -> Double { count > 1 ? max(squares, 0) / (count - 1) : 0 }
}

/// The squares of the lengths of the class means and of their difference, all of standardized rows.
private struct SquaredLengths {
  /// Of the difference of the class means.
  private(set) var difference = 0.0
  /// Of the difference in the units of the rows.
  private(set) var length = 0.0
  /// Of the mean of the positive rows; 0 without a sum.
  private(set) var positiveMean = 0.0
  /// Of the mean of the negative rows.
  private(set) var negativeMean = 0.0

  /// - Parameters:
  ///   - difference: of the class means.
  ///   - sum: of the positive rows, `nil` for pairs, which have no class means.
  ///   - count: the number of positive rows.
  init(
    difference means: UnsafePointer<Double>, sum: UnsafePointer<Double>?, count: Double,
    deviations: UnsafePointer<Double>, _ width: Int
  ) {
    // With `while` and pointers this loop is fast in debug builds too.
    var j = 0
    while j < width {
      let value = means[j]
      difference += value * value
      length += (deviations[j] * value) * (deviations[j] * value)
      if let sum {
        let mean = sum[j] / count
        positiveMean += mean * mean
        negativeMean += (mean - value) * (mean - value)
      }
      j &+= 1
    }
  }
}

/// Divides a row by the deviations, features without scatter giving 0, and returns the square of its length.
private func standardize(
  _ row: UnsafeMutablePointer<Double>, by deviations: UnsafePointer<Double>, _ width: Int
) -> Double {
  var (square, j) = (0.0, 0)
  while j < width {
    row[j] = deviations[j] > 0 ? row[j] / deviations[j] : 0
    square += row[j] * row[j]
    j &+= 1
  }
  return square
}

extension Matrix<Double> {
  /// The standard deviation of each column over all rows, which lie about their mean; 0 where all entries are equal.
  var featureDeviations: Vector<Double> {
    var squares = [Double](repeating: 0, count: columns)
    var lowest = [Double](repeating: .infinity, count: columns)
    var highest = [Double](repeating: -.infinity, count: columns)
    for row in rowVectors {
      row.withUnsafeBase { row in
        var j = 0
        while j < columns {
          squares[j] += row[j] * row[j]
          lowest[j] = Swift.min(lowest[j], row[j])
          highest[j] = Swift.max(highest[j], row[j])
          j &+= 1
        }
      }
    }
    let free = Double(Swift.max(rows - 1, 1))
    return Vector(
      (0..<columns).map { highest[$0] > lowest[$0] ? (squares[$0] / free).squareRoot() : 0 } as [Double])
  }
}
