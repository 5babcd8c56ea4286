import COpenBLAS

/// An orthogonal matrix as a reduction leaves it, Q = H₁H₂⋯H_k with Hᵢ = I − τᵢvᵢvᵢᵀ, to be applied in large blocks.
///
/// LAPACK applies 32 reflectors at a time, in products too thin for a processor's peak. A block of p reflectors is
/// I − VTVᵀ, where T⁻¹ is upper triangular with 1/τᵢ on the diagonal and vᵢᵀvⱼ above it (Puglisi, SIAM J. Sci. Stat.
/// Comput. 13, 1992): so no T is built, T⁻¹ is one product and is solved with.
struct Reflectors<Element: MatrixScalar> {
  /// The length of the vectors, and how many reflectors there are.
  private let length: Int
  private let scales: Vector<Element>
  /// The position of the unit entry of the first vector; everything before it is zero, and each next starts one later.
  private let offset: Int
  /// Writes entries `from ..< length` of vector `i`, where `from` is past its unit entry.
  private let copyTail: (_ i: Int, _ target: UnsafeMutablePointer<Element>) -> Void

  /// Vectors stored in the rows of `matrix`, right of the diagonal shifted by `offset`.
  init(rowsOf matrix: Matrix<Element>, scales: Vector<Element>, offset: Int) {
    (length, self.scales, self.offset) = (matrix.columns, scales, offset)
    copyTail = { i, target in
      let first = i + offset + 1
      matrix.withUnsafeBase { base in
        (target + first).update(from: base + i * matrix.rowStride + first, count: matrix.columns - first)
      }
    }
  }

  /// Vectors stored in the columns of `matrix`, below the diagonal shifted by `offset`.
  init(columnsOf matrix: Matrix<Element>, scales: Vector<Element>, offset: Int) {
    self.init(rowsOf: Matrix(matrix.transposed), scales: scales, offset: offset)
  }

  /// C ← QC.
  func applyFromLeft(to matrix: inout Matrix<Element>) {
    apply(to: &matrix, count: matrix.columns) { base, stride, block, range in
      block.applyFromLeft(base + block.start * stride + range.lowerBound, stride, range.count)
    }
  }

  /// C ← CQᵀ, which is QCᵀ for vectors in rows.
  func applyTransposedFromRight(to matrix: inout Matrix<Element>) {
    apply(to: &matrix, count: matrix.rows) { base, stride, block, range in
      block.applyTransposedFromRight(base + range.lowerBound * stride + block.start, stride, range.count)
    }
  }

  private func apply(
    to matrix: inout Matrix<Element>, count: Int,
    _ body: (UnsafeMutablePointer<Element>, Int, ReflectorBlock<Element>, Range<Int>) -> Void
  ) {
    guard scales.count > 0, count > 0 else { return }
    // Wide blocks cost more in T⁻¹, narrow ones more in thin products.
    let width = scales.count >= 768 ? 128 : 64
    matrix.withUnsafeMutableBase { base, stride in
      for first in Array(Swift.stride(from: 0, to: scales.count, by: width)).reversed() {
        let block = block(first..<min(first + width, scales.count))
        let flops = 4 * Double(block.length) * Double(block.width) * Double(count)
        _ = inParts(count, flops: flops) { body(base, stride, block, $0) }
      }
    }
  }

  private func block(_ range: Range<Int>) -> ReflectorBlock<Element> {
    let start = range.lowerBound + offset
    var vectors = Matrix<Element>.zeros(rows: range.count, columns: length - start)
    vectors.withUnsafeMutableBase { base, stride in
      for (k, i) in range.enumerated() {
        // A scale of zero means no reflection: its vector stays zero.
        guard scales[i] != 0 else { continue }
        base[k * stride + k] = 1
        copyTail(i, base + k * stride - start)
      }
    }
    var inverse = vectors * vectors.transposed
    for (k, i) in range.enumerated() { inverse[k, k] = scales[i] == 0 ? 1 : 1 / scales[i] }
    return ReflectorBlock(vectors: vectors, inverse: inverse, start: start)
  }
}

/// I − VTVᵀ for some reflectors, from row or column `start` on.
private struct ReflectorBlock<Element: MatrixScalar> {
  /// Vᵀ.
  let vectors: Matrix<Element>
  /// T⁻¹, of which the upper triangle counts.
  let inverse: Matrix<Element>
  let start: Int

  var width: Int { vectors.rows }
  var length: Int { vectors.columns }

  /// C ← C − VT(VᵀC) for `count` columns from `c` on.
  func applyFromLeft(_ c: UnsafeMutablePointer<Element>, _ stride: Int, _ count: Int) {
    let kernels = Element._kernels.table
    let (p, length, n, ldc) = (blasInt(width), blasInt(length), blasInt(count), blasInt(stride))
    with(count) { v, ldv, t, w in
      kernels.gemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, p, n, length, 1, v, ldv, c, ldc, 0, w, n)
      kernels.trsm(CblasRowMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, p, n, 1, t, p, w, n)
      kernels.gemm(CblasRowMajor, CblasTrans, CblasNoTrans, length, n, p, -1, v, ldv, w, n, 1, c, ldc)
    }
  }

  /// C ← C − (CV)TᵀVᵀ for `count` rows from `c` on.
  func applyTransposedFromRight(_ c: UnsafeMutablePointer<Element>, _ stride: Int, _ count: Int) {
    let kernels = Element._kernels.table
    let (p, length, m, ldc) = (blasInt(width), blasInt(length), blasInt(count), blasInt(stride))
    with(count) { v, ldv, t, w in
      kernels.gemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, p, length, 1, c, ldc, v, ldv, 0, w, p)
      kernels.trsm(CblasRowMajor, CblasRight, CblasUpper, CblasTrans, CblasNonUnit, m, p, 1, t, p, w, p)
      kernels.gemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, length, p, -1, w, p, v, ldv, 1, c, ldc)
    }
  }

  /// Calls `body` with V, its stride, T⁻¹ and room for `count` coefficients of each vector.
  private func with(
    _ count: Int,
    _ body: (UnsafePointer<Element>, Int32, UnsafePointer<Element>, UnsafeMutablePointer<Element>) -> Void
  ) {
    let work = MatrixStorage<Element>(.undefined, capacity: width * count)
    withExtendedLifetime(work) {
      vectors.withUnsafeBase { v in
        inverse.withUnsafeBase { t in
          withBLAS(flops: 4 * Double(length) * Double(width) * Double(count)) {
            body(v, blasInt(vectors.leadingDimension), t, work.base)
          }
        }
      }
    }
  }
}
