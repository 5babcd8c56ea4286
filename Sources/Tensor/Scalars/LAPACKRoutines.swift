import COpenBLAS

/// The C names of LAPACK for one element type. ``LAPACK`` has the labelled calls.
///
/// All are the `_work` entries, which neither scan nor copy their arguments.
struct LAPACKRoutines<S: MatrixScalar>: Sendable {
  typealias In = UnsafePointer<S>?
  typealias Out = UnsafeMutablePointer<S>?
  typealias Integers = UnsafeMutablePointer<Int32>?

  let gesvd:
    @Sendable (
      Int32, CChar, CChar, Int32, Int32, Out, Int32, Out, Out, Int32, Out, Int32, Out, Int32
    ) -> Int32
  let geqrt3: @Sendable (Int32, Int32, Int32, Out, Int32, Out, Int32) -> Int32
  let potrf: @Sendable (Int32, CChar, Int32, Out, Int32) -> Int32
  let syevd: @Sendable (Int32, CChar, CChar, Int32, Out, Int32, Out, Out, Int32, Integers, Int32) -> Int32
  let sterf: @Sendable (Int32, Out, Out) -> Int32
  let bdsdc:
    @Sendable (
      Int32, CChar, CChar, Int32, Out, Out, Out, Int32, Out, Int32, Out, Integers, Out, Integers
    ) -> Int32
  /// Extra columns, order, d, e, Vᵀ, U, an unused matrix and scratch.
  let lasdq: @Sendable (Int, Int, Out, Out, Out, Out, Out, Out) -> Int32
  let gelsd:
    @Sendable (
      Int32, Int32, Int32, Int32, Out, Int32, Out, Int32, Out, S, Integers, Out, Int32, Integers
    ) -> Int32
  let laswp: @Sendable (Int32, Int32, Out, Int32, Int32, Int32, UnsafePointer<Int32>?, Int32) -> Int32
  let getrf: @Sendable (Int32, Int32, Int32, Out, Int32, Integers) -> Int32
  let getrs: @Sendable (Int32, CChar, Int32, Int32, In, Int32, UnsafePointer<Int32>?, Out, Int32) -> Int32
}

let singleLAPACK = LAPACKRoutines<Float>(
  gesvd: LAPACKE_sgesvd_work, geqrt3: LAPACKE_sgeqrt3_work, potrf: LAPACKE_spotrf_work, syevd: LAPACKE_ssyevd_work,
  sterf: LAPACKE_ssterf_work, bdsdc: LAPACKE_sbdsdc_work,
  lasdq: { extra, order, d, e, vt, u, c, scratch in
    var (sqre, n, columns, none, one) = (Int32(extra), Int32(order), Int32(order + extra), Int32(0), Int32(1))
    var (uplo, info) = (letter("U"), Int32(0))
    slasdq_(&uplo, &sqre, &n, &columns, &n, &none, d, e, vt, &columns, u, &n, c, &one, scratch, &info, 1)
    return info
  },
  gelsd: LAPACKE_sgelsd_work, laswp: LAPACKE_slaswp_work, getrf: LAPACKE_sgetrf_work, getrs: LAPACKE_sgetrs_work)

let doubleLAPACK = LAPACKRoutines<Double>(
  gesvd: LAPACKE_dgesvd_work, geqrt3: LAPACKE_dgeqrt3_work, potrf: LAPACKE_dpotrf_work, syevd: LAPACKE_dsyevd_work,
  sterf: LAPACKE_dsterf_work, bdsdc: LAPACKE_dbdsdc_work,
  lasdq: { extra, order, d, e, vt, u, c, scratch in
    var (sqre, n, columns, none, one) = (Int32(extra), Int32(order), Int32(order + extra), Int32(0), Int32(1))
    var (uplo, info) = (letter("U"), Int32(0))
    dlasdq_(&uplo, &sqre, &n, &columns, &n, &none, d, e, vt, &columns, u, &n, c, &one, scratch, &info, 1)
    return info
  },
  gelsd: LAPACKE_dgelsd_work, laswp: LAPACKE_dlaswp_work, getrf: LAPACKE_dgetrf_work, getrs: LAPACKE_dgetrs_work)
