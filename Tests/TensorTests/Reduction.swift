import CKernels
import Tensor

/// A matrix in the memory of a reduction, and its results.
final class Reduction<S: KernelScalar> {
  let layout: ck_reduction_layout
  let threads: Int32
  let a: UnsafeMutablePointer<S>
  let d: UnsafeMutablePointer<S>
  let e: UnsafeMutablePointer<S>
  let tauq: UnsafeMutablePointer<S>
  let taup: UnsafeMutablePointer<S>
  let scratch: UnsafeMutablePointer<S>

  /// The layout is that of the library but for the panels; `scratch` are the entries that it asks for.
  init(_ matrix: Matrix<Double>, layout: ck_reduction_layout, scratch count: Int, threads: Int32) {
    func memory(_ count: Int, _ value: S) -> UnsafeMutablePointer<S> {
      let memory = UnsafeMutablePointer<S>.allocate(capacity: count)
      memory.initialize(repeating: value, count: count)
      return memory
    }
    (self.layout, self.threads) = (layout, threads)
    a = memory(layout.allocated_columns * layout.stride, 0)
    (d, e) = (memory(layout.columns, .nan), memory(layout.columns, .nan))
    (tauq, taup) = (memory(layout.columns, .nan), memory(layout.columns, .nan))
    scratch = memory(count, .nan)
    for i in 0..<matrix.rows {
      for j in 0..<matrix.columns { a[j * layout.stride + i] = S(matrix[i, j]) }
    }
  }

  deinit { for memory in [a, d, e, tauq, taup, scratch] { memory.deallocate() } }

  func entry(_ i: Int, _ j: Int) -> Double { Double(a[j * layout.stride + i]) }

  /// v of column i, where it is 1 at the pivot and stands in the matrix below.
  func left(_ i: Int, pivot: Int) -> Vector<Double> {
    Vector((0..<layout.rows).map { $0 < pivot ? 0 : $0 == pivot ? 1 : entry($0, i) })
  }

  /// u of row i, where it is 1 right of the diagonal and stands in the matrix further right.
  func right(_ i: Int) -> Vector<Double> {
    Vector((0..<layout.columns).map { $0 <= i ? 0 : $0 == i + 1 ? 1 : entry(i, $0) })
  }
}

extension Matrix<Double> {
  /// A ← (I − τvvᵀ)A.
  mutating func reflect(_ v: Vector<Double>, _ tau: Double) {
    let products = transposed * v
    for k in 0..<rows { addToRow(k, products, scaledBy: -tau * v[k]) }
  }

  /// A ← A(I − τuuᵀ).
  mutating func reflectFromRight(_ u: Vector<Double>, _ tau: Double) {
    let products = self * u
    for k in 0..<rows { addToRow(k, u, scaledBy: -tau * products[k]) }
  }
}
