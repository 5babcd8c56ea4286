/// One triangle of a square matrix in memory; what stands on its other side is not read.
struct TriangularPointer<Element: MatrixScalar> {
  let entries: MatrixPointer<Element>
  /// Whether the triangle is the upper one as it is stored, before a transposition.
  let isStoredUpper: Bool
  /// Whether the diagonal is taken to be ones, whatever stands there.
  private(set) var hasUnitDiagonal = false

  fileprivate init(_ entries: MatrixPointer<Element>, isStoredUpper: Bool) {
    (self.entries, self.isStoredUpper) = (entries, isStoredUpper)
  }

  /// The same triangle transposed.
  var transposed: TriangularPointer {
    var result = TriangularPointer(entries.transposed, isStoredUpper: isStoredUpper)
    result.hasUnitDiagonal = hasUnitDiagonal
    return result
  }

  /// The same triangle with ones on the diagonal.
  var withUnitDiagonal: TriangularPointer {
    var result = self
    result.hasUnitDiagonal = true
    return result
  }
}

extension MatrixPointer {
  /// The lower triangle with the diagonal.
  var lowerTriangle: TriangularPointer<Element> { TriangularPointer(self, isStoredUpper: isTransposed) }
  /// The upper triangle with the diagonal.
  var upperTriangle: TriangularPointer<Element> { TriangularPointer(self, isStoredUpper: !isTransposed) }
}
