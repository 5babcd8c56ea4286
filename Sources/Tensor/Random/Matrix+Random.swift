extension Matrix {
  /// Independent standard normal entries, drawn row by row in float64 and rounded to the element type.
  public static func normal(
    rows: Int, columns: Int, using generator: inout some RandomNumberGenerator
  ) -> Matrix {
    Matrix(rows: rows, columns: columns) { RandomLaw.normal.fill($0, using: &generator) }
  }

  /// Independent standard normal entries that `seed` fixes: those of a ``SeededGenerator``.
  public static func normal(rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    return normal(rows: rows, columns: columns, using: &generator)
  }

  /// Independent entries uniform in `range`, drawn row by row.
  public static func uniform(
    rows: Int, columns: Int, in range: Range<Element> = 0..<1, using generator: inout some RandomNumberGenerator
  ) -> Matrix {
    Matrix(rows: rows, columns: columns) { buffer in
      RandomLaw.uniform.fill(buffer, using: &generator)
      guard let base = buffer.baseAddress, !buffer.isEmpty else { return }
      let table = Element._kernels.table
      let width = range.upperBound - range.lowerBound
      for i in 0..<rows { BLAS.scal(columns, width, base + i * columns) }
      table.addValue(range.lowerBound, base, buffer.count)
      // Rounding to the element type may reach the upper bound, which the range excludes.
      if table.maximum(base, buffer.count) < range.upperBound { return }
      for i in buffer.indices where !(buffer[i] < range.upperBound) { buffer[i] = range.lowerBound }
    }
  }

  /// Independent entries uniform in `range` that `seed` fixes: those of a ``SeededGenerator``.
  public static func uniform(
    rows: Int, columns: Int, in range: Range<Element> = 0..<1, seed: UInt64
  ) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    return uniform(rows: rows, columns: columns, in: range, using: &generator)
  }
}

extension Vector {
  /// Independent standard normal entries, drawn in float64 and rounded to the element type.
  public static func normal(count: Int, using generator: inout some RandomNumberGenerator) -> Vector {
    Matrix<Element>.normal(rows: 1, columns: count, using: &generator).row(0)
  }

  /// Independent standard normal entries that `seed` fixes: those of a ``SeededGenerator``.
  public static func normal(count: Int, seed: UInt64) -> Vector {
    Matrix<Element>.normal(rows: 1, columns: count, seed: seed).row(0)
  }

  /// Independent entries uniform in `range`.
  public static func uniform(
    count: Int, in range: Range<Element> = 0..<1, using generator: inout some RandomNumberGenerator
  ) -> Vector {
    Matrix<Element>.uniform(rows: 1, columns: count, in: range, using: &generator).row(0)
  }

  /// Independent entries uniform in `range` that `seed` fixes: those of a ``SeededGenerator``.
  public static func uniform(count: Int, in range: Range<Element> = 0..<1, seed: UInt64) -> Vector {
    Matrix<Element>.uniform(rows: 1, columns: count, in: range, seed: seed).row(0)
  }
}
