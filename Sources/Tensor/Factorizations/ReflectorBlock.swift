/// I − VTVᵀ for a block of reflectors: V₁ holds the part of the vectors with their unit entries, V₂ the part beyond,
/// which is read where it is stored.
struct ReflectorBlock<Element: MatrixScalar> {
  /// Whether the block, an orthogonal matrix Q, is applied as it is or as its inverse.
  enum Form {
    /// C ← CQ.
    case asItIs
    /// C ← CQᵀ.
    case transposed
  }

  /// The first row of Q that is not one of the identity.
  private let start: Int
  /// V₁ᵀ, upper triangular with zeros below.
  private let corner: Matrix<Element>
  /// V₂ᵀ.
  private let rest: MatrixPointer<Element>
  /// T, upper triangular with zeros below.
  private let t: Matrix<Element>

  init(_ reflectors: Reflectors<Element>, _ range: Range<Int>) {
    start = range.lowerBound + reflectors.offset
    let rows = reflectors.rows[rows: range]
    let tau = reflectors.tau[range]
    rest = rows[columns: start + range.count..<rows.columns]
    corner = Self.unitTriangle(rows[columns: start..<start + range.count], Array(tau))
    t = Self.triangularFactor(corner, rest, Array(tau))
  }

  /// V₁ᵀ: the stored vectors with their unit entries and the zeros before these.
  private static func unitTriangle(_ stored: MatrixPointer<Element>, _ tau: [Element]) -> Matrix<Element> {
    let count = tau.count
    let corner = Output<Element>(.zeros, rows: count, columns: count)
    for (k, tau) in tau.enumerated() {
      // A τ of zero means no reflection; what is stored of its vector is zero.
      corner.pointer[k, k] = tau == 0 ? 0 : 1
      let source = stored[rows: k..<k + 1][columns: k + 1..<count]
      BLAS.copy(
        source.columns, from: source.base, stride: stored.isTransposed ? stored.stride : 1,
        to: corner.pointer.row(k) + k + 1)
    }
    return corner.matrix()
  }

  /// T, whose inverse has 1/τᵢ on the diagonal and vᵢᵀvⱼ above it.
  private static func triangularFactor(
    _ corner: Matrix<Element>, _ rest: MatrixPointer<Element>, _ tau: [Element]
  ) -> Matrix<Element> {
    var inverse = corner * corner.transposed
    inverse.withMutablePointer { inverse in
      if rest.columns > 0 { BLAS.gemm(rest, rest.transposed, into: inverse, beta: 1) }
      for (k, tau) in tau.enumerated() { inverse[k, k] = tau == 0 ? 1 : 1 / tau }
    }
    let t = Output(copying: Matrix<Element>.identity(tau.count))
    withPointers(to: inverse) { BLAS.trsm($0.upperTriangle, on: .left, of: t.pointer) }
    return t.matrix()
  }

  /// C ← C − (CV)TVᵀ, or with Tᵀ for the transposed form.
  func apply(_ form: Form, to c: MutableMatrixPointer<Element>) {
    let near = c[columns: start..<start + corner.rows]
    let far = c[columns: start + corner.rows..<c.columns]
    withPointers(to: corner, t) { corner, t in
      withScratch(rows: c.rows, columns: corner.rows) { w in
        let triangle = t.upperTriangle
        BLAS.gemm(near.readOnly, corner.transposed, into: w)
        if rest.columns > 0 { BLAS.gemm(far.readOnly, rest.transposed, into: w, beta: 1) }
        BLAS.trmm(form == .transposed ? triangle.transposed : triangle, on: .right, of: w)
        BLAS.gemm(w.readOnly, corner, into: near, alpha: -1, beta: 1)
        if rest.columns > 0 { BLAS.gemm(w.readOnly, rest, into: far, alpha: -1, beta: 1) }
      }
    }
  }
}
