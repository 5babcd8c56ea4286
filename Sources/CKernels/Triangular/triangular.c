/// Many rows times the inverse of a small upper triangular matrix: BLAS's trsm is made for large ones.
#include "CKernels.h"
#include "../Dispatch/dispatch.h"

/// Rows at a time, so that none has to wait for its own last step.
enum { tile_rows = 8 };

size_t ck_solve_rows_workspace(size_t n) { return n; }

#define REAL float
#define LANES 8
#define NAME(x) x##_f32_narrow
#include "triangular_body.h"
#undef LANES
#undef NAME
#define LANES 16
#define NAME(x) x##_f32_wide
#include "triangular_body.h"
#undef REAL
#undef LANES
#undef NAME

#define REAL double
#define LANES 4
#define NAME(x) x##_f64_narrow
#include "triangular_body.h"
#undef LANES
#undef NAME
#define LANES 8
#define NAME(x) x##_f64_wide
#include "triangular_body.h"
#undef REAL
#undef LANES
#undef NAME

#define ck_solve_rows_f32_body_wide ck_solve_rows_body_f32_wide
#define ck_solve_rows_f32_body_narrow ck_solve_rows_body_f32_narrow
#define ck_solve_rows_f64_body_wide ck_solve_rows_body_f64_wide
#define ck_solve_rows_f64_body_narrow ck_solve_rows_body_f64_narrow
DISPATCH_WIDE(
    void, ck_solve_rows_f32, (float *a, size_t rows, size_t stride, size_t n, const float *r, float *work),
    (a, rows, stride, n, r, work),
    (int level, float *a, size_t rows, size_t stride, size_t n, const float *r, float *work))
DISPATCH_WIDE(
    void, ck_solve_rows_f64, (double *a, size_t rows, size_t stride, size_t n, const double *r, double *work),
    (a, rows, stride, n, r, work),
    (int level, double *a, size_t rows, size_t stride, size_t n, const double *r, double *work))
