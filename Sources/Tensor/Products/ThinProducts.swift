import CKernels

/// The factor of a product that is large: it is read once, and the threads share it.
enum LargeFactor {
  case left
  case right

  /// The large one of two factors, of which the other is thin; `nil` where BLAS computes their product as fast.
  init?<Element>(of left: some MatrixOperand<Element>, _ right: some MatrixOperand<Element>) {
    let tuning = ProductTuning.current
    let longest = tuning.innerRatioWorthSplitting * max(left.rows, right.columns)
    guard left.columns < longest else { return nil }
    // The kernel for a thin right factor pads it to whole vectors, half of which a narrower one would leave empty.
    let isPadded = !left.isTransposed && right.columns < ck_thin_pitch(1) / 2
    if right.columns <= tuning.thinnest, left.base.count >= tuning.smallestLargeFactor, !isPadded {
      self = .left
    } else if left.rows <= tuning.thinnest, right.base.count >= tuning.smallestLargeFactor {
      self = .right
    } else {
      return nil
    }
  }
}

/// A·B for one large factor and one that is thin, as tall and truncated decompositions need it.
///
/// BLAS would take as long to pack the large factor as to multiply it by the thin one; beyond
/// ``ProductTuning/thinnest`` columns or rows it computes the product all the same.
///
/// - Complexity: 2mnk flops; memory for the result and a copy of the thin factor, and where the large factor is
///   transposed the result twice.
func product<Element>(
  _ left: some MatrixOperand<Element>, _ right: some MatrixOperand<Element>, large: LargeFactor
) -> Matrix<Element> {
  let (m, n) = (left.rows, right.columns)
  guard m > 0, n > 0, left.columns > 0 else { return .zeros(rows: m, columns: n) }
  // The large factor is read as it is stored: AB = (BᵀAᵀ)ᵀ.
  let isTurned = large == .left ? left.isTransposed : right.isTransposed
  let result = Output<Element>(.undefined, rows: isTurned ? n : m, columns: isTurned ? m : n)
  let c = result.pointer
  withPointers(to: left, right) { a, b in
    switch (large, isTurned) {
    case (.left, false): multiply(large: a, by: b, into: c)
    case (.left, true): multiply(b.transposed, byLarge: a.transposed, into: c)
    case (.right, false): multiply(a, byLarge: b, into: c)
    case (.right, true): multiply(large: b.transposed, by: a.transposed, into: c)
    }
  }
  return isTurned ? Matrix(result.matrix().transposed) : result.matrix()
}

/// C ← AB for a large A, whose rows the threads share.
private func multiply<Element>(
  large a: MatrixPointer<Element>, by b: MatrixPointer<Element>, into c: MutableMatrixPointer<Element>
) {
  let flops = 2 * Double(a.rows) * Double(a.columns) * Double(b.columns)
  guard b.columns <= ProductTuning.current.thinnest else {
    inParts(a.rows, flops: flops) { BLAS.gemm(a[rows: $0], b, into: c[rows: $0]) }
    return
  }
  // With zeros beyond the last column.
  let packed = Output<Element>(.zeros, rows: b.rows, columns: ck_thin_pitch(b.columns))
  let w = packed.pointer
  w[columns: 0..<b.columns].copy(from: b)
  inParts(a.rows, flops: flops) { multiplyRows(a[rows: $0], by: w.readOnly, into: c[rows: $0]) }
  packed.release()
}

/// Rows of A times a factor that is padded to whole vectors.
private func multiplyRows<Element>(
  _ a: MatrixPointer<Element>, by w: MatrixPointer<Element>, into c: MutableMatrixPointer<Element>
) {
  let kernel = Element._kernels.table.thinRows
  if w.columns == c.columns { return kernel(a.base, a.rows, a.stride, a.columns, w.base, w.stride, c.base) }
  let step = ProductTuning.current.paddedRows
  withScratch(Element.self, rows: step, columns: w.columns) { padded in
    for start in stride(from: 0, to: a.rows, by: step) {
      let rows = start..<min(start + step, a.rows)
      kernel(a.row(start), rows.count, a.stride, a.columns, w.base, w.stride, padded.base)
      c[rows: rows].copy(from: padded.readOnly[rows: 0..<rows.count][columns: 0..<c.columns])
    }
  }
}

/// C ← BA for a large A, whose columns the threads share.
private func multiply<Element>(
  _ b: MatrixPointer<Element>, byLarge a: MatrixPointer<Element>, into c: MutableMatrixPointer<Element>
) {
  let flops = 2 * Double(a.rows) * Double(a.columns) * Double(b.rows)
  guard b.rows <= ProductTuning.current.thinnest else {
    inParts(a.columns, flops: flops) { BLAS.gemm(b, a[columns: $0], into: c[columns: $0]) }
    return
  }
  // The kernel takes rows.
  let packed = Output<Element>(.undefined, rows: b.rows, columns: b.columns)
  packed.pointer.copy(from: b)
  let x = packed.pointer
  inParts(a.columns, flops: flops) { range in
    let (part, target) = (a[columns: range], c[columns: range])
    withScratch(Element.self, rows: 1, columns: ck_thin_columns_scratch(x.rows, x.columns)) { scratch in
      Element._kernels.table.thinColumns(
        x.base, x.rows, x.stride, part.base, part.rows, part.stride, part.columns, target.base, target.stride,
        scratch.base)
    }
  }
  packed.release()
}
