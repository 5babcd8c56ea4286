#pragma once

#include <cblas.h>
#include <lapacke.h>

// Small bidiagonal problems, with one column more than rows where sqre is 1; not in LAPACKE's headers. Fortran passes
// the lengths of character arguments at the end.
void slasdq_(
    const char *uplo, const lapack_int *sqre, const lapack_int *n, const lapack_int *ncvt, const lapack_int *nru,
    const lapack_int *ncc, float *d, float *e, float *vt, const lapack_int *ldvt, float *u, const lapack_int *ldu,
    float *c, const lapack_int *ldc, float *work, lapack_int *info, size_t uplo_length);
void dlasdq_(
    const char *uplo, const lapack_int *sqre, const lapack_int *n, const lapack_int *ncvt, const lapack_int *nru,
    const lapack_int *ncc, double *d, double *e, double *vt, const lapack_int *ldvt, double *u, const lapack_int *ldu,
    double *c, const lapack_int *ldc, double *work, lapack_int *info, size_t uplo_length);
