package import Tensor

/// What a measure gave on the labels as they are and under every exchange of them.
package struct ExchangedMeasures<Measure> {
  /// On the labels as they are.
  package let observed: Measure
  /// Under each exchange.
  package let null: [Measure]
  /// Whether the exchanges are all that there are, the one that changes nothing among them.
  package let isComplete: Bool
}

/// Sums over the rows that exchanges make positive; for pairs, over the pairs that they swap.
package struct LabelSums {
  /// For each matrix of rows one with a row for each exchange.
  package let sums: [Matrix<Double>]
  /// How many rows each exchange makes positive, or how many pairs it swaps.
  package let counts: [Int]
}

extension Relabelling {
  /// Measures the labels as they are and every exchange of them, block by block.
  ///
  /// - Parameters:
  ///   - matrices: n×w each, a row for each row of both sides, positive ones first, or for each pair.
  ///   - progress: called after each block of exchanges.
  ///   - measure: one measure for each row of the sums.
  /// - Throws: ``RelabellingError/cancelled``.
  /// - Complexity: 2Rnw flops for each matrix, through BLAS.
  package mutating func measures<Measure>(
    sumsOver matrices: [Matrix<Double>], progress: ProgressHandler?, _ measure: (LabelSums) -> [Measure]
  ) throws(RelabellingError) -> ExchangedMeasures<Measure> {
    var null: [Measure] = []
    while let block = next() {
      if Cancellation.isRequested { throw .cancelled }
      null += measure(block.sums(over: matrices))
      progress?(null.count, count)
    }
    return ExchangedMeasures(
      observed: measure(identity.sums(over: matrices))[0], null: null, isComplete: isComplete)
  }
}

extension Relabelling.Block {
  /// Σ of the rows whose bit is set, one sum for each exchange, in float64.
  ///
  /// - Parameter matrices: n×w each, as many rows as masks.
  /// - Complexity: 2·count·nw flops through BLAS; a block of labels that stays in the cache.
  func sums(over matrices: [Matrix<Double>]) -> LabelSums {
    var sums = matrices.map { Matrix<Double>.zeros(rows: count, columns: $0.columns) }
    var counts = Matrix<Double>.zeros(rows: count, columns: 1)
    let step = 2048
    for start in stride(from: 0, to: masks.count, by: step) {
      let range = start..<min(start + step, masks.count)
      let labels = labels(ofRows: range)
      for k in sums.indices { sums[k].addProduct(labels, matrices[k][rows: range]) }
      counts.addProduct(labels, Matrix(repeating: 1, rows: range.count, columns: 1))
    }
    return LabelSums(sums: sums, counts: counts.column(0).map { Int($0) })
  }

  /// The labels of a range of rows as numbers, 1 where the bit is set and 0 elsewhere: a row for each exchange.
  private func labels(ofRows range: Range<Int>) -> Matrix<Double> {
    Matrix(rows: count, columns: range.count) { entries in
      guard var entry = entries.baseAddress else { return }
      masks.withUnsafeBufferPointer { masks in
        // With `while` and pointers these loops are fast in debug builds too.
        var b = 0 as UInt64
        while b < count {
          var i = range.lowerBound
          while i < range.upperBound {
            // The bits of 1.0 where the label is set, else those of 0.0.
            entry.pointee = Double(bitPattern: (0 &- ((masks[i] &>> b) & 1)) & (1.0).bitPattern)
            entry += 1
            i &+= 1
          }
          b &+= 1
        }
      }
    }
  }
}
