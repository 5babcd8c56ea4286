/// The calls of LAPACK that find singular values and solve least-squares problems.
extension LAPACK {
  /// A = U Σ Vᵀ by implicit QR iteration; A is overwritten. False where it did not converge.
  ///
  /// - Parameters:
  ///   - values: gets min(m, n) singular values, descending.
  ///   - u: `nil` for no vectors; else m×p, or m×m together with n×n rows of Vᵀ.
  ///   - vTransposed: `nil`, p×n or n×n.
  static func gesvd<S: MatrixScalar>(
    _ a: MutableMatrixPointer<S>, values: UnsafeMutablePointer<S>, u: MutableMatrixPointer<S>?,
    vTransposed: MutableMatrixPointer<S>?
  ) -> Bool {
    let (m, n, p) = (a.rows, a.columns, min(a.rows, a.columns))
    // Of a square matrix the thin vectors are all.
    let isFull = m != n && u?.columns == m && vTransposed?.rows == n
    let job = letter(u == nil ? "N" : isFull ? "A" : "S")
    // LAPACK's left vectors of Aᵀ are Vᵀ in memory here, its right ones U.
    let info = withWorkspace(S.self, minimum: max(3 * p + max(m, n), 5 * p)) { scratch, length in
      S._kernels.lapack.gesvd(
        columnMajor, job, job, blasInt(n), blasInt(m), a.base, blasInt(a.stride), values, vTransposed?.base,
        blasInt(vTransposed?.stride ?? n), u?.base, blasInt(max(u?.stride ?? 1, 1)), scratch, length)
    }
    return info == 0
  }

  /// The singular values, descending, of an upper bidiagonal matrix in place of its diagonal, by dqds. False where the
  /// iteration did not converge.
  static func bdsdc<S: MatrixScalar>(
    diagonal: UnsafeMutablePointer<S>, superdiagonal: UnsafeMutablePointer<S>, count: Int
  ) -> Bool {
    var scratch = [S](repeating: 0, count: 4 * count)
    var integers = [Int32](repeating: 0, count: 8 * count)
    return S._kernels.lapack.bdsdc(
      columnMajor, letter("U"), letter("N"), blasInt(count), diagonal, superdiagonal, nil, 1, nil, 1, nil, nil,
      &scratch, &integers) == 0
  }

  /// B = U Σ Vᵀ for an upper bidiagonal B with as many columns as rows, or one more, by QR iteration. False where it
  /// did not converge.
  ///
  /// - Parameters:
  ///   - diagonal: of B; gets the singular values, in no order that is promised.
  ///   - superdiagonal: as many entries as the diagonal has; destroyed.
  ///   - u, vTransposed: identities; get the factors, column by column.
  static func lasdq<S: MatrixScalar>(
    diagonal: inout [S], superdiagonal: inout [S], extraColumns: Int, u: UnsafeMutablePointer<S>,
    vTransposed: UnsafeMutablePointer<S>
  ) -> Bool {
    let order = diagonal.count
    var (unused, scratch) = ([S](repeating: 0, count: 1), [S](repeating: 0, count: 4 * (order + extraColumns)))
    return S._kernels.lapack.lasdq(
      extraColumns, order, &diagonal, &superdiagonal, vTransposed, u, &unused, &scratch) == 0
  }

  /// The X of smallest norm that minimizes ‖AX − B‖, by the singular values of A above `tolerance`·σ₁.
  ///
  /// - Parameters:
  ///   - a: Aᵀ, n×m; overwritten.
  ///   - x: k rows of at least max(m, n) entries: Bᵀ, and then Xᵀ.
  /// - Returns: the rank; `nil` where the iteration did not converge.
  static func gelsd<S: MatrixScalar>(
    transposeOf a: MutableMatrixPointer<S>, transposeOfSolution x: MutableMatrixPointer<S>, tolerance: S
  ) -> Int? {
    let (m, n, k) = (a.columns, a.rows, x.rows)
    let (minimum, integerCount) = gelsdScratch(rows: m, columns: n, right: k)
    var integers = [Int32](repeating: 0, count: integerCount)
    var values = [S](repeating: 0, count: min(m, n))
    var rank: Int32 = 0
    let info = withWorkspace(S.self, minimum: minimum) { scratch, length in
      S._kernels.lapack.gelsd(
        columnMajor, blasInt(m), blasInt(n), blasInt(k), a.base, blasInt(a.stride), x.base, blasInt(x.stride), &values,
        tolerance, &rank, scratch, length, &integers)
    }
    return info == 0 ? Int(rank) : nil
  }

  /// The documented smallest lengths of the scratch of `gelsd`, in entries and in integers.
  static func gelsdScratch(rows m: Int, columns n: Int, right k: Int) -> (entries: Int, integers: Int) {
    let p = min(m, n)
    // Its tree of divide and conquer has leaves of 25, its SMLSIZ.
    let levels = (p / 26 + 1).bitWidth - (p / 26 + 1).leadingZeroBitCount
    let entries = 12 * p + 2 * p * 25 + 8 * p * levels + p * k + 26 * 26 + max(m, n)
    return (entries, max(1, 3 * p * levels + 11 * p))
  }
}
