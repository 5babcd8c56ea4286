import COpenBLAS

/// The C names of BLAS for one element type. ``BLAS`` has the labelled calls.
struct BLASRoutines<S: MatrixScalar>: Sendable {
  typealias In = UnsafePointer<S>?
  typealias Out = UnsafeMutablePointer<S>?
  typealias TriangularRoutine =
    @Sendable (
      CBLAS_ORDER, CBLAS_SIDE, CBLAS_UPLO, CBLAS_TRANSPOSE, CBLAS_DIAG, Int32, Int32, S, In, Int32, Out, Int32
    ) -> Void

  let gemm:
    @Sendable (
      CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Int32, Int32, Int32, S, In, Int32, In, Int32, S, Out, Int32
    ) -> Void
  let gemv: @Sendable (CBLAS_ORDER, CBLAS_TRANSPOSE, Int32, Int32, S, In, Int32, In, Int32, S, Out, Int32) -> Void
  let syrk: @Sendable (CBLAS_ORDER, CBLAS_UPLO, CBLAS_TRANSPOSE, Int32, Int32, S, In, Int32, S, Out, Int32) -> Void
  let trsm: TriangularRoutine
  let trmm: TriangularRoutine
  let copy: @Sendable (Int32, In, Int32, Out, Int32) -> Void
  let rot: @Sendable (Int32, Out, Int32, Out, Int32, S, S) -> Void
  let axpy: @Sendable (Int32, S, In, Int32, Out, Int32) -> Void
  let scal: @Sendable (Int32, S, Out, Int32) -> Void
}

let singleBLAS = BLASRoutines<Float>(
  gemm: cblas_sgemm, gemv: cblas_sgemv, syrk: cblas_ssyrk, trsm: cblas_strsm, trmm: cblas_strmm, copy: cblas_scopy,
  rot: cblas_srot, axpy: cblas_saxpy, scal: cblas_sscal)

let doubleBLAS = BLASRoutines<Double>(
  gemm: cblas_dgemm, gemv: cblas_dgemv, syrk: cblas_dsyrk, trsm: cblas_dtrsm, trmm: cblas_dtrmm, copy: cblas_dcopy,
  rot: cblas_drot, axpy: cblas_daxpy, scal: cblas_dscal)
