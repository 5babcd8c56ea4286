/// Reduction of a symmetric matrix to tridiagonal form, a panel at a time, reading one triangle of the rest once a column.
///
/// A panel defers its updates: A stands for A − VWᵀ − WVᵀ with the panel's reflectors. An entry beside the diagonal counts
/// in two sums of the product of a column, and is loaded once for both; what stands left of the diagonal is kept at zero, so
/// that whole vectors can be read there.
#include "reduction.h"

#define REAL float
#define NARROW 8
#define WIDE 16
#define NAME(x) x##_f32
#include "tridiagonalize_body.h"
#undef REAL
#undef NARROW
#undef WIDE
#undef NAME

#define REAL double
#define NARROW 4
#define WIDE 8
#define NAME(x) x##_f64
#include "tridiagonalize_body.h"
#undef REAL
#undef NARROW
#undef WIDE
#undef NAME
