/// Singular value decompositions of many small matrices by one-sided Jacobi rotations, sixteen matrices side by side:
/// lane l of every vector belongs to matrix l, so that the rotations need no branch and no shuffle.
#include "CKernels.h"
#include "../Dispatch/dispatch.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { lanes = ck_jacobi_lanes, most_sweeps = 30 };

size_t ck_jacobi_workspace(size_t m, size_t n) { return lanes * (m * n + n * n + n); }

#define REAL float
#define INTEGER int32_t
#define NAME(x) x##_f32
#define EPSILON FLT_EPSILON
#define FLOOR 1e-18f
#define SQRT sqrtf
#define FREXP frexpf
#define LDEXP ldexpf
#include "jacobi_body.h"
#undef REAL
#undef INTEGER
#undef NAME
#undef EPSILON
#undef FLOOR
#undef SQRT
#undef FREXP
#undef LDEXP

#define REAL double
#define INTEGER int64_t
#define NAME(x) x##_f64
#define EPSILON DBL_EPSILON
#define FLOOR 1e-150
#define SQRT sqrt
#define FREXP frexp
#define LDEXP ldexp
#include "jacobi_body.h"

#define ck_jacobi_f32_body ck_jacobi_body_f32
#define ck_jacobi_f64_body ck_jacobi_body_f64
DISPATCH(
    uint32_t, ck_jacobi_f32,
    (const float *a, size_t count, size_t m, size_t n, float *u, float *sigma, float *vt, float *work),
    (a, count, m, n, u, sigma, vt, work),
    (int level, const float *a, size_t count, size_t m, size_t n, float *u, float *sigma, float *vt, float *work))
DISPATCH(
    uint32_t, ck_jacobi_f64,
    (const double *a, size_t count, size_t m, size_t n, double *u, double *sigma, double *vt, double *work),
    (a, count, m, n, u, sigma, vt, work),
    (int level, const double *a, size_t count, size_t m, size_t n, double *u, double *sigma, double *vt, double *work))
