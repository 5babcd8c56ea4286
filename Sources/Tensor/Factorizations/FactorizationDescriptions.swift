extension QR: CustomStringConvertible {
  /// The shape of the matrix and the diagonal of R, the middle left out.
  public var description: String {
    """
    QR of a \(q.rows)x\(r.columns) matrix of \(Element.self)
    diagonal of R: \(r.diagonal)
    """
  }
}

extension Cholesky: CustomStringConvertible {
  /// The shape of the matrix and the diagonal of L, the middle left out.
  public var description: String {
    """
    Cholesky factor of a \(lower.shapeDescription) matrix of \(Element.self)
    diagonal of L: \(lower.diagonal)
    """
  }
}

extension SymmetricEigen: CustomStringConvertible {
  /// The shape of the matrix and its eigenvalues, the middle left out.
  public var description: String {
    """
    eigenvalues and eigenvectors of a symmetric \(values.count)x\(values.count) matrix of \(Element.self)
    \(values.count) eigenvalues: \(values)
    """
  }
}

extension LeastSquares: CustomStringConvertible {
  /// `least-squares solution 12x1 of Double, rank 12`.
  public var description: String {
    "least-squares solution \(solution.shapeDescription) of \(Element.self), rank \(rank)"
  }
}

extension Orthonormalization: CustomStringConvertible {
  /// `orthonormal basis 30x12 of Double, rank 12 at tolerance 7.69185e-16`.
  public var description: String {
    "orthonormal basis \(basis.shapeDescription) of \(Element.self), rank \(rank) at tolerance "
      + NumberText.number(tolerance)
  }
}
