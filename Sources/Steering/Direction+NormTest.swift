public import Nulls
public import Tensor

extension Contrast {
  /// Whether the class means are further apart than exchanged labels put them.
  ///
  /// The statistic is studentized and does not depend on the units of the features: T = ‖v‖²/(tr S₊/n₊ + tr S₋/n₋) with v
  /// the difference of the class means and S the covariances of the classes, of rows x/s with s the standard deviation of
  /// each feature over all rows; features that do not vary are left out. For pairs T = ‖Σdᵢ/s‖². Every exchange refits
  /// direction and covariances, so the rows may be the ones that the direction is made from. ‖v‖² alone rejects
  /// identical means in 0.66 of cases at 0.05 where the smaller class of 20 and 80 rows scatters twice as far; T in 0.07.
  ///
  /// - Parameters:
  ///   - exchange: how labels may be exchanged.
  ///   - seed: of the random exchanges; unused where all are listed.
  ///   - count: R, the number of exchanges; the smallest p is 1/(1 + R).
  ///   - progress: called after each block of exchanges.
  /// - Returns: the length of the direction and the lengths under exchanged labels, in units of the rows, beside the p of
  ///   T. The length of a mean difference is never zero: without this test any two samples have a direction.
  /// - Throws: ``SteeringError`` as ``Exchangeability`` asks; ``SteeringError/invalidArgument(_:)`` for R < 1;
  ///   ``SteeringError/cancelled``.
  /// - Complexity: 2R(n₊ + n₋)d flops, through BLAS; two float64 copies of the rows, and 8 bytes a row for 64 exchanges.
  public func normTest(
    by exchange: Exchangeability, seed: UInt64 = SeededGenerator.defaultSeed, count: Int = 999,
    progress: ProgressHandler? = nil
  ) throws(SteeringError) -> PermutationTest {
    let exponent = exponentOfUnit
    let standardized =
      exchange == .pairs
      ? StandardizedRows(
        try pairDifferences(exponent: exponent), scales: pooledRows(exponent: exponent).featureScales, arePairs: true)
      : StandardizedRows(pooledRows(exponent: exponent))
    let (observed, null, isComplete) = try overExchanges(
      of: [standardized.rows, standardized.squares], by: exchange, seed: seed, count: count, progress: progress
    ) { standardized.measures($0[0], $0[1], members: $1) }
    let p = pValue(
      observed: observed[0].statistic, null: null.map(\.statistic), isComplete: isComplete,
      slack: 1e-9 * observed[0].statistic)
    return PermutationTest(
      observed: observed[0].length.scaled(byPowerOfTwo: -exponent),
      null: null.map { $0.length.scaled(byPowerOfTwo: -exponent) }, p: p)
  }

  /// Measures the labels as they are and every exchange of them, block by block.
  ///
  /// - Parameters:
  ///   - rows: n×w each, those of both classes or one of each pair.
  ///   - measure: of the sums over the positive rows (pairs: over those that are swapped), count×w, and their numbers.
  private func overExchanges<Measure>(
    of rows: [Matrix<Double>], by exchange: Exchangeability, seed: UInt64, count: Int, progress: ProgressHandler?,
    _ measure: (_ sums: [Matrix<Double>], _ members: [Int]) -> [Measure]
  ) throws(SteeringError) -> (observed: [Measure], null: [Measure], isComplete: Bool) {
    var labels = try Relabelling(
      positive: positive.rows, negative: negative.rows, by: exchange, count: count, seed: seed)
    func measured(_ block: Relabelling.Block) -> [Measure] { measure(block.sums(of: rows), block.members) }
    var null: [Measure] = []
    while let block = labels.next() {
      if Cancellation.isRequested { throw .cancelled }
      null += measured(block)
      progress?(null.count, labels.count)
    }
    return (measured(labels.identity), null, labels.isComplete)
  }

  /// The directions that the labels as they are and every exchange of them give, block by block, handed on one a row in
  /// float64 and times 2^exponent.
  func overExchangedDirections<Measure>(
    by exchange: Exchangeability, seed: UInt64, count: Int, progress: ProgressHandler?,
    _ measure: (_ directions: Matrix<Double>) -> [Measure]
  ) throws(SteeringError) -> (observed: [Measure], null: [Measure], isComplete: Bool) {
    let exponent = exponentOfUnit
    // Weights sum to zero, so the origin is free: about the mean the sums keep digits.
    let rows = exchange == .pairs ? try pairDifferences(exponent: exponent) : pooledRows(exponent: exponent)
    let differences = LabelDifferences(of: rows, arePairs: exchange == .pairs)
    return try overExchanges(of: [rows], by: exchange, seed: seed, count: count, progress: progress) {
      measure(differences.means($0[0], $1))
    }
  }
}

/// Turns sums over the rows with one label into differences of the means of both.
struct LabelDifferences {
  private let total: Vector<Double>
  private let count: Int
  private let arePairs: Bool

  init(of rows: Matrix<Double>, arePairs: Bool) {
    total = rows.meanRow.scaled(by: Double(rows.rows))
    count = rows.rows
    self.arePairs = arePairs
  }

  /// The mean of the rows summed minus that of the others; of pairs the mean with those summed swapped.
  func means(_ sums: Matrix<Double>, _ members: [Int]) -> Matrix<Double> {
    Matrix(rows: sums.rows, columns: sums.columns) { r, j in
      let (sum, n) = (sums[r, j], Double(members[r]))
      return arePairs ? (total[j] - 2 * sum) / Double(count) : sum / n - (total[j] - sum) / (Double(count) - n)
    }
  }
}

/// Rows in units of the scatter of each feature, with what the statistic of the norm test needs of them.
private struct StandardizedRows {
  /// One of an exchange.
  struct Measure {
    let length: Double
    let statistic: Double
  }

  /// n×d.
  private(set) var rows: Matrix<Double>
  /// The square of the length of each row, n×1.
  private(set) var squares: Matrix<Double>
  private let scales: Vector<Double>
  private let differences: LabelDifferences
  private let sumOfSquares: Double
  private let arePairs: Bool

  /// Rows about their mean, in units of their own scatter.
  init(_ rows: consuming Matrix<Double>) {
    let scales = rows.featureScales
    self.init(rows, scales: scales, arePairs: false)
  }

  init(_ raw: consuming Matrix<Double>, scales: Vector<Double>, arePairs: Bool) {
    rows = raw
    squares = .zeros(rows: rows.rows, columns: 1)
    for i in 0..<rows.rows {
      let square = rows.withMutableRow(i) { row in
        var square = 0.0
        for j in 0..<scales.count {
          row[j] = scales[j] > 0 ? row[j] / scales[j] : 0
          square += row[j] * row[j]
        }
        return square
      }
      squares[i, 0] = square
    }
    self.scales = scales
    self.arePairs = arePairs
    differences = LabelDifferences(of: rows, arePairs: arePairs)
    sumOfSquares = squares.meanRow[0] * Double(rows.rows)
  }

  /// One of each exchange, from the sums of the rows and of their squares over the positive ones.
  func measures(_ sums: Matrix<Double>, _ energies: Matrix<Double>, members: [Int]) -> [Measure] {
    let (means, n) = (differences.means(sums, members), Double(rows.rows))
    return (0..<sums.rows).map { r in
      // ‖v‖² in the metric of the scales and in that of the rows, and the squares of the two class means.
      var (square, length, first, second) = (0.0, 0.0, 0.0, 0.0)
      let (one, other) = (Double(members[r]), n - Double(members[r]))
      for j in 0..<scales.count {
        let difference = means[r, j]
        square += difference * difference
        length += (scales[j] * difference) * (scales[j] * difference)
        let mean = arePairs ? 0 : sums[r, j] / one
        first += mean * mean
        second += (mean - difference) * (mean - difference)
      }
      guard !arePairs else { return Measure(length: length.squareRoot(), statistic: square) }
      let energy = energies[r, 0]
      let scatter =
        spread(energy - one * first, one) / one + spread(sumOfSquares - energy - other * second, other) / other
      // Where classes do not scatter at all, rounding must not decide which exchange is larger.
      let least = 1e-7 * sumOfSquares / n * (1 / one + 1 / other)
      return Measure(length: length.squareRoot(), statistic: scatter + least > 0 ? square / max(scatter, least) : 0)
    }
  }

  /// The trace of a covariance from the sum of squares about the mean; a single row has none.
  private func spread(_ squares: Double, _ count: Double) -> Double { count > 1 ? max(squares, 0) / (count - 1) : 0 }
}

extension Matrix<Double> {
  /// The standard deviation of each column over all rows, which lie about their mean; 0 where all entries are equal.
  fileprivate var featureScales: Vector<Double> {
    var squares = [Double](repeating: 0, count: columns)
    var lowest = [Double](repeating: .infinity, count: columns)
    var highest = [Double](repeating: -.infinity, count: columns)
    for i in 0..<rows {
      withRow(i) { row in
        for j in 0..<columns {
          squares[j] += row[j] * row[j]
          lowest[j] = Swift.min(lowest[j], row[j])
          highest[j] = Swift.max(highest[j], row[j])
        }
      }
    }
    let free = Double(Swift.max(rows - 1, 1))
    return Vector(
      (0..<columns).map { highest[$0] > lowest[$0] ? (squares[$0] / free).squareRoot() : 0 } as [Double])
  }
}
