/// B·A given by its factors, as a low-rank adapter stores it. The product itself is never formed unless asked for.
///
/// ```swift
/// let update = LowRankProduct(left: b, right: a)
/// let svd = try update.svd()  // of B·A, at the cost of its factors
/// let smaller = LowRankProduct(svd.truncated(to: 4))
/// let change = smaller.scaled(by: 2).matrix()
/// ```
public struct LowRankProduct<Element: MatrixScalar>: Sendable, Equatable, Codable {
  /// B, m×r.
  public let left: Matrix<Element>
  /// A, r×n.
  public let right: Matrix<Element>

  /// The product of an m×r and an r×n matrix. Traps where they do not fit.
  public init(left: Matrix<Element>, right: Matrix<Element>) {
    require(
      left.columns == right.rows, "product of a \(left.shapeDescription) and a \(right.shapeDescription) matrix")
    self.left = left
    self.right = right
  }

  /// r, the number of columns of B and of rows of A: the rank is at most that.
  public var innerDimension: Int { left.columns }

  /// c·B·A, as (cB)·A: the left factor is scaled.
  ///
  /// - Complexity: a copy of B.
  public func scaled(by factor: Element) -> LowRankProduct {
    LowRankProduct(left: left.scaled(by: factor), right: right)
  }

  /// B·A as an m×n matrix.
  ///
  /// - Complexity: 2mnr flops; mn entries, which the factors save.
  public func matrix() -> Matrix<Element> { left * right }
}

/// Which factor of a product holds the singular values that it was made of.
///
/// ```swift
/// let adapter = LowRankProduct(try w.svd(rank: 16), placing: .left)
/// ```
public enum SingularValuePlacement: Sendable, CaseIterable {
  /// U√Σ · √ΣVᵀ: both factors have the same singular values, as those of an adapter that trains evenly.
  case both
  /// UΣ · Vᵀ: the right factor has orthonormal rows.
  case left
  /// U · ΣVᵀ: the left factor has orthonormal columns.
  case right
}

extension LowRankProduct {
  /// U Σ Vᵀ as a product of two factors, of as many columns and rows as there are triplets with both vectors.
  ///
  /// ```swift
  /// let adapter = LowRankProduct(try a.svd().truncated(to: 16))
  /// ```
  ///
  /// - Parameters:
  ///   - svd: what is to be written as a product.
  ///   - placement: which factor gets the singular values; by default each gets their square roots.
  /// - Complexity: O((m + n)r) for r triplets.
  public init(_ svd: SVD<Element>, placing placement: SingularValuePlacement = .both) {
    let pairs = svd.pairs
    self.init(
      svd.u[columns: 0..<pairs], Vector(svd.singularValues.prefix(pairs)), svd.vTransposed[rows: 0..<pairs], placement)
  }

  /// U Σ Vᵀ of the leading triplets as a product of two factors.
  ///
  /// - Parameters:
  ///   - svd: what is to be written as a product.
  ///   - placement: which factor gets the singular values; by default each gets their square roots.
  /// - Complexity: O((m + n)k) for k triplets.
  public init(_ svd: TruncatedSVD<Element>, placing placement: SingularValuePlacement = .both) {
    self.init(svd.u, svd.singularValues, svd.vTransposed, placement)
  }

  private init(
    _ u: Matrix<Element>, _ values: Vector<Element>, _ vTransposed: Matrix<Element>, _ placement: SingularValuePlacement
  ) {
    var (left, right) = (u.compacted(), vTransposed.compacted())
    let roots = Vector(values.map { $0.squareRoot() })
    let (ofLeft, ofRight): (Vector<Element>?, Vector<Element>?) =
      switch placement {
      case .both: (roots, roots)
      case .left: (values, nil)
      case .right: (nil, values)
      }
    if let ofLeft { left.scaleColumns(by: ofLeft) }
    if let ofRight {
      for i in ofRight.indices { right.setRow(i, to: right.row(i).scaled(by: ofRight[i])) }
    }
    self.init(left: left, right: right)
  }
}
