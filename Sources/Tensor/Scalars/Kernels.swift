import CKernels

/// The kernels of one element type, held by reference: generic code reads them wherever it works on entries, and a copy
/// of the table each time would cost more than a short loop.
public final class _Kernels<S: MatrixScalar>: Sendable {
  let blas: BLASRoutines<S>
  let lapack: LAPACKRoutines<S>
  let table: KernelTable<S>

  init(_ blas: BLASRoutines<S>, _ lapack: LAPACKRoutines<S>, _ table: KernelTable<S>) {
    // Whoever reaches a kernel came through here, so OpenBLAS is set up before its first call.
    _ = OpenBLAS.setUp
    (self.blas, self.lapack, self.table) = (blas, lapack, table)
  }
}

/// The functions, by the names the field knows.
///
/// A table instead of a protocol requirement for each: both precisions are then one list of C names, generic code stays
/// written once, and the Swift loops in it are specialized where the table is made.
struct KernelTable<S: MatrixScalar>: Sendable {
  typealias In = UnsafePointer<S>?
  typealias Out = UnsafeMutablePointer<S>?
  typealias Doubles = UnsafeMutablePointer<Double>?
  typealias Gram = @Sendable (In, Int, Int, Int, Doubles, Int, Doubles) -> Void

  // Loops over entries, in C and of this module.
  let firstNonFinite: @Sendable (UnsafePointer<S>, Int) -> Int
  let index: @Sendable (UnsafePointer<S>, Int, S) -> Int
  let equal: @Sendable (UnsafePointer<S>, UnsafePointer<S>, Int) -> Int32
  let dot: @Sendable (UnsafePointer<S>, UnsafePointer<S>, Int) -> Double
  let sum: @Sendable (UnsafePointer<S>, Int) -> Double
  let absoluteSum: @Sendable (UnsafePointer<S>, Int) -> Double
  let absoluteMaximum: @Sendable (UnsafePointer<S>, Int) -> S
  let largestMagnitude: @Sendable (UnsafePointer<S>, Int) -> S
  let minimum: @Sendable (UnsafePointer<S>, Int) -> S
  let maximum: @Sendable (UnsafePointer<S>, Int) -> S
  let accumulate: @Sendable (UnsafePointer<S>, UnsafeMutablePointer<Double>, Int) -> Void
  let accumulateAbsolute: @Sendable (UnsafePointer<S>, UnsafeMutablePointer<Double>, Int) -> Void
  let lower: @Sendable (UnsafePointer<S>, UnsafeMutablePointer<S>, Int) -> Void
  let raise: @Sendable (UnsafePointer<S>, UnsafeMutablePointer<S>, Int) -> Void
  let transpose: @Sendable (UnsafePointer<S>, Int, Int, Int, UnsafeMutablePointer<S>, Int) -> Void
  let negate: @Sendable (UnsafeMutablePointer<S>, Int) -> Void
  let isNegative: @Sendable (UnsafePointer<S>, Int, S) -> Bool
  let multiply: @Sendable (UnsafePointer<S>, UnsafeMutablePointer<S>, Int) -> Void
  let divide: @Sendable (UnsafePointer<S>, UnsafeMutablePointer<S>, Int) -> Void
  let addValue: @Sendable (S, UnsafeMutablePointer<S>, Int) -> Void
  let divideByValue: @Sendable (S, UnsafeMutablePointer<S>, Int) -> Void
  let widen: @Sendable (UnsafePointer<S>, UnsafeMutablePointer<Double>, Int) -> Void
  let jacobi: @Sendable (UnsafePointer<S>, Int, Int, Int, Out, Out, Out, Out) -> UInt32
  /// A, its rows, their stride and length; the Gram matrix and its stride, scratch.
  let gramOfRows: Gram
  let gramOfColumns: Gram
  let bidiagonalize: @Sendable (ReductionProblem<S>) -> Void
  let tridiagonalize: @Sendable (ReductionProblem<S>) -> Void
  /// Rows, their stride, their length, R, scratch.
  let solveRows: @Sendable (UnsafeMutablePointer<S>, Int, Int, Int, UnsafePointer<S>, UnsafeMutablePointer<S>) -> Void
  /// A, its rows, their stride and length, W, its pitch, Z.
  let thinRows: @Sendable (UnsafePointer<S>, Int, Int, Int, UnsafePointer<S>, Int, UnsafeMutablePointer<S>) -> Void
  /// X, its rows and their stride; A, its rows, their stride and length; Y and its stride, scratch.
  let thinColumns:
    @Sendable (
      UnsafePointer<S>, Int, Int, UnsafePointer<S>, Int, Int, Int, UnsafeMutablePointer<S>, Int, UnsafeMutablePointer<S>
    ) -> Void
  let secularVectors:
    @Sendable (
      SecularRoots, Range<Int>, Bool, UnsafePointer<Int64>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<S>
    ) -> Void
  let narrow: @Sendable (UnsafePointer<Double>, UnsafeMutablePointer<S>, Int) -> Void
}

let floatKernels = _Kernels(
  singleBLAS, singleLAPACK,
  KernelTable<Float>(
    firstNonFinite: ck_first_non_finite_f32, index: ck_index_f32, equal: ck_equal_f32, dot: ck_dot_f32,
    sum: ck_sum_f32, absoluteSum: ck_absolute_sum_f32, absoluteMaximum: ck_absolute_maximum_f32,
    largestMagnitude: ck_largest_magnitude_f32, minimum: ck_minimum_f32, maximum: ck_maximum_f32,
    accumulate: ck_accumulate_f32, accumulateAbsolute: ck_accumulate_absolute_f32, lower: ck_lower_f32,
    raise: ck_raise_f32, transpose: Loops.transpose, negate: Loops.negate, isNegative: Loops.isNegative,
    multiply: ck_multiply_f32, divide: ck_divide_f32, addValue: ck_add_value_f32,
    divideByValue: ck_divide_by_value_f32,
    widen: ck_to_double_f32, jacobi: ck_jacobi_f32,
    gramOfRows: ck_gram_rows_f32, gramOfColumns: ck_gram_columns_f32,
    bidiagonalize: { ck_bidiagonalize_f32(ck_reduction_f32($0)) },
    tridiagonalize: { ck_tridiagonalize_f32(ck_reduction_f32($0)) },
    solveRows: ck_solve_rows_f32, thinRows: ck_thin_rows_f32,
    thinColumns: { x, count, xStride, a, depth, stride, columns, y, yStride, scratch in
      ck_thin_columns_f32(
        ck_thin_columns_operands_f32(
          x: x, count: count, x_stride: xStride, a: a, depth: depth, stride: stride, columns: columns, y: y,
          y_stride: yStride), scratch)
    },
    secularVectors: { roots, range, isLeft, packed, scratch, rows in
      roots.withMatrix {
        ck_secular_vectors_f32($0, roots.roots, range.lowerBound, range.upperBound, isLeft, packed, scratch, rows)
      }
    },
    narrow: ck_from_double_f32))

let doubleKernels = _Kernels(
  doubleBLAS, doubleLAPACK,
  KernelTable<Double>(
    firstNonFinite: ck_first_non_finite_f64, index: ck_index_f64, equal: ck_equal_f64, dot: ck_dot_f64,
    sum: ck_sum_f64, absoluteSum: ck_absolute_sum_f64, absoluteMaximum: ck_absolute_maximum_f64,
    largestMagnitude: ck_largest_magnitude_f64, minimum: ck_minimum_f64, maximum: ck_maximum_f64,
    accumulate: ck_accumulate_f64, accumulateAbsolute: ck_accumulate_absolute_f64, lower: ck_lower_f64,
    raise: ck_raise_f64, transpose: Loops.transpose, negate: Loops.negate, isNegative: Loops.isNegative,
    multiply: ck_multiply_f64, divide: ck_divide_f64, addValue: ck_add_value_f64,
    divideByValue: ck_divide_by_value_f64,
    widen: ck_to_double_f64, jacobi: ck_jacobi_f64,
    gramOfRows: ck_gram_rows_f64, gramOfColumns: ck_gram_columns_f64,
    bidiagonalize: { ck_bidiagonalize_f64(ck_reduction_f64($0)) },
    tridiagonalize: { ck_tridiagonalize_f64(ck_reduction_f64($0)) },
    solveRows: ck_solve_rows_f64, thinRows: ck_thin_rows_f64,
    thinColumns: { x, count, xStride, a, depth, stride, columns, y, yStride, scratch in
      ck_thin_columns_f64(
        ck_thin_columns_operands_f64(
          x: x, count: count, x_stride: xStride, a: a, depth: depth, stride: stride, columns: columns, y: y,
          y_stride: yStride), scratch)
    },
    secularVectors: { roots, range, isLeft, packed, scratch, rows in
      roots.withMatrix {
        ck_secular_vectors_f64($0, roots.roots, range.lowerBound, range.upperBound, isLeft, packed, scratch, rows)
      }
    },
    narrow: ck_from_double_f64))
