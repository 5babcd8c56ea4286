import Nulls
import Tensor

extension Contrast {
  /// Measures the labels as they are and every exchange of them, block by block.
  ///
  /// - Parameters:
  ///   - matrices: n×w each, a row for each row of both classes or for each pair.
  ///   - measure: one measure for each exchange, from the sums over the rows that it makes positive or the pairs it
  ///     swaps.
  func overExchanges<Measure>(
    of matrices: [Matrix<Double>], exchanging exchange: Exchangeability, seed: UInt64, count: Int,
    progress: ProgressHandler?,
    _ measure: (LabelSums) -> [Measure]
  ) throws(SteeringError) -> ExchangedMeasures<Measure> {
    do {
      var labels = try Relabelling(
        positive: positive.rows, negative: negative.rows, exchanging: exchange, count: count, seed: seed)
      return try labels.measures(sumsOver: matrices, progress: progress, measure)
    } catch {
      throw SteeringError(error)
    }
  }

  /// Measures the directions that the labels as they are and every exchange of them give, block by block.
  ///
  /// - Parameter measure: one measure for each direction, of which there is one in each row, in float64 and times
  ///   2^``exponentOfUnit``.
  func overExchangedDirections<Measure>(
    exchanging exchange: Exchangeability, seed: UInt64, count: Int, progress: ProgressHandler?,
    _ measure: (_ directions: Matrix<Double>) -> [Measure]
  ) throws(SteeringError) -> ExchangedMeasures<Measure> {
    let exponent = exponentOfUnit
    // The weights of the rows sum to zero, so the origin is free: about the mean the sums keep digits.
    let rows = exchange == .pairs ? try pairDifferences(exponent: exponent) : pooledRows(exponent: exponent)
    let differences = LabelDifferences(of: rows, arePairs: exchange == .pairs)
    return try overExchanges(of: [rows], exchanging: exchange, seed: seed, count: count, progress: progress) {
      measure(differences.means($0))
    }
  }
}

/// Turns sums over the rows with one label into differences of the class means.
struct LabelDifferences {
  /// Σ of all rows.
  private let total: Vector<Double>
  private let count: Double
  private let arePairs: Bool

  init(of rows: Matrix<Double>, arePairs: Bool) {
    total = rows.meanRow.scaled(by: Double(rows.rows))
    count = Double(rows.rows)
    self.arePairs = arePairs
  }

  /// The mean of the rows that were summed minus that of the others; for pairs the mean of the differences with those
  /// that were summed swapped. A row for each exchange.
  ///
  /// - Parameter found: of the rows that this was made of, first, and maybe of others.
  func means(_ found: LabelSums) -> Matrix<Double> {
    var means = found.sums[0]
    means.withUnsafeMutableBase { base, stride in
      total.withUnsafeBase { total in
        for (r, n) in found.counts.enumerated() { average(base + r * stride, total, of: Double(n)) }
      }
    }
    return means
  }

  /// The difference of means from one sum, in its place.
  private func average(_ sums: UnsafeMutablePointer<Double>, _ total: UnsafePointer<Double>, of n: Double) {
    // With `while` and pointers this loop is fast in debug builds too.
    var j = 0
    while j < self.total.count {
      let sum = sums[j]
      sums[j] = arePairs ? (total[j] - 2 * sum) / count : sum / n - (total[j] - sum) / (count - n)
      j &+= 1
    }
  }
}
