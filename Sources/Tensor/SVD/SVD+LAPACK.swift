extension Matrix {
  /// The LAPACK routines that decompose.
  enum LAPACKDriver {
    case divideAndConquer
    case qrIteration
  }

  /// The documented smallest workspace of the LAPACK routine, in entries.
  func workspace(_ driver: LAPACKDriver, _ vectors: SingularVectors?) -> Int {
    let (shorter, longer) = (Swift.min(rows, columns), Swift.max(rows, columns))
    switch driver {
    case .divideAndConquer:
      return vectors == nil
        ? 3 * shorter + Swift.max(longer, 7 * shorter) : 4 * shorter * shorter + 7 * shorter + longer
    case .qrIteration: return Swift.max(3 * shorter + longer, 5 * shorter)
    }
  }

  /// `nil` where the routine did not converge, or returned what cannot be singular values.
  func lapack(_ driver: LAPACKDriver, _ vectors: SingularVectors?) -> Factors? {
    let (m, n, p) = (rows, columns, Swift.min(rows, columns))
    let (uColumns, vRows) = vectors == nil ? (0, 0) : vectors == .full ? (m, n) : (p, p)
    guard p > 0 else {
      // No values: a full basis of each space is the identity.
      return (
        Matrix(rows: m, columns: uColumns) { $0 == $1 ? 1 : 0 }, [],
        Matrix(rows: vRows, columns: n) { $0 == $1 ? 1 : 0 }
      )
    }
    var a = overwritableCopy()
    var values = Vector<Element>(repeating: 0, count: p)
    // Row-major A is LAPACK's Aᵀ: its left vectors are our Vᵀ in memory, its right ones our U.
    var vTransposed = Matrix.zeros(rows: vRows, columns: vectors == nil ? 0 : n)
    var u = Matrix.zeros(rows: vectors == nil ? 0 : m, columns: uColumns)
    let job = letter(vectors == nil ? "N" : vectors == .full ? "A" : "S")
    let (m32, n32) = (blasInt(m), blasInt(n))
    let (ldu, ldvt) = (n32, blasInt(Swift.max(uColumns, 1)))
    var integers = [Int32](repeating: 0, count: driver == .divideAndConquer ? 8 * p : 0)
    let info = a.withUnsafeMutableBase { aBase, _ in
      u.withUnsafeMutableBase { uBase, _ in
        vTransposed.withUnsafeMutableBase { vBase, _ in
          values.withUnsafeMutableBase { s in
            withBLAS(flops: 4 * Double(m) * Double(n) * Double(p)) {
              withWorkspace(Element.self, minimum: workspace(driver, vectors)) { work, length in
                switch driver {
                case .divideAndConquer:
                  Element._kernels.table.gesdd(
                    columnMajor, job, n32, m32, aBase, n32, s, vBase, ldu, uBase, ldvt, work, length, &integers)
                case .qrIteration:
                  Element._kernels.table.gesvd(
                    columnMajor, job, job, n32, m32, aBase, n32, s, vBase, ldu, uBase, ldvt, work, length)
                }
              }
            }
          }
        }
      }
    }
    // dqds has been seen to return NaN with a clean status.
    guard info == 0, values.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
    return (u, values, vTransposed)
  }
}
