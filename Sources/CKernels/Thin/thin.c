/// Products of a large matrix with a thin one, which read the large one where it stands: BLAS packs it first, which takes
/// as long as the product.
#include "CKernels.h"
#include "../Dispatch/dispatch.h"

#include <string.h>

/// Columns whose sums are kept together, and the longest vector.
enum { thin_panel = 256, thin_lanes = 16 };

size_t ck_thin_columns_workspace(size_t count, size_t depth) {
    // Sums, the last columns, and X with room for a last group.
    return count * (thin_panel + thin_lanes) + depth * thin_lanes + count * (depth + 8) + thin_lanes;
}

#define REAL float
#define NAME(x) x##_f32_narrow
#define LANES 8
#define ROWS 4
#include "thin_body.h"
#undef NAME
#undef LANES
#undef ROWS
#define NAME(x) x##_f32_wide
#define LANES 16
#define ROWS 8
#include "thin_body.h"
#undef NAME
#undef LANES
#undef ROWS
#undef REAL

#define REAL double
#define NAME(x) x##_f64_narrow
#define LANES 4
#define ROWS 4
#include "thin_body.h"
#undef NAME
#undef LANES
#undef ROWS
#define NAME(x) x##_f64_wide
#define LANES 8
#define ROWS 8
#include "thin_body.h"
#undef NAME
#undef LANES
#undef ROWS
#undef REAL

#define ck_thin_rows_f32_body_wide ck_thin_rows_body_f32_wide
#define ck_thin_rows_f32_body_narrow ck_thin_rows_body_f32_narrow
#define ck_thin_rows_f64_body_wide ck_thin_rows_body_f64_wide
#define ck_thin_rows_f64_body_narrow ck_thin_rows_body_f64_narrow
#define ck_thin_columns_f32_body_wide ck_thin_columns_body_f32_wide
#define ck_thin_columns_f32_body_narrow ck_thin_columns_body_f32_narrow
#define ck_thin_columns_f64_body_wide ck_thin_columns_body_f64_wide
#define ck_thin_columns_f64_body_narrow ck_thin_columns_body_f64_narrow

#define ROWS_OF(real) const real *a, size_t rows, size_t stride, size_t depth, const real *w, size_t pitch, real *z
#define COLUMNS_OF(real) \
    const real *x, size_t count, size_t x_stride, const real *a, size_t depth, size_t stride, size_t columns, \
        real *y, size_t y_stride, real *work
DISPATCH_WIDE(void, ck_thin_rows_f32, (ROWS_OF(float)), (a, rows, stride, depth, w, pitch, z), (int level, ROWS_OF(float)))
DISPATCH_WIDE(void, ck_thin_rows_f64, (ROWS_OF(double)), (a, rows, stride, depth, w, pitch, z), (int level, ROWS_OF(double)))
DISPATCH_WIDE(
    void, ck_thin_columns_f32, (COLUMNS_OF(float)), (x, count, x_stride, a, depth, stride, columns, y, y_stride, work),
    (int level, COLUMNS_OF(float)))
DISPATCH_WIDE(
    void, ck_thin_columns_f64, (COLUMNS_OF(double)), (x, count, x_stride, a, depth, stride, columns, y, y_stride, work),
    (int level, COLUMNS_OF(double)))
