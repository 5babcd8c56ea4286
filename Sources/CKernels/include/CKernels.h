/// Loops that need wider vectors than the baseline, or that BLAS does not offer. They know pointers, not matrices.
///
/// Every kernel is written once and compiled for AVX-512 (x86-64-v4), AVX2 (x86-64-v3) and the baseline; the
/// processor decides at run time, capped by the environment variable CKERNELS_LEVEL (0, 3 or 4). Names end in the
/// scalar type, _f32 or _f64. Functions whose names end in _at take the instruction set, for tests.
///
/// No kernel allocates memory: its caller hands over scratch memory, of the size that a function here tells. Only the
/// reductions and ck_pool_run start threads.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CKernelsEntries.h"

/// The instruction set that kernels use: 4 for AVX-512, 3 for AVX2, 0 for the baseline.
int ck_level(void);

/// The bytes of the second-level cache as the processor tells OpenBLAS, by cpuid; 0 where it tells none.
long ck_level2_bytes(void);

/// Calls body(context, thread) for threads 0 ..< `threads` at once, thread 0 being the calling one, and returns when
/// all have returned. One caller at a time. Returns how many threads there were: fewer where some could not be
/// started.
int ck_pool_run(int threads, void (*body)(void *context, int thread), void *context);

/// The order to which ck_gram_rows and ck_gram_columns fill up a Gram matrix: its rows, and the numbers they write in
/// each, are the next multiple of 8.
size_t ck_gram_padded_order(size_t order);

/// The doubles of scratch memory that ck_gram_rows needs for this many rows, and ck_gram_columns for this many
/// columns.
size_t ck_gram_rows_scratch(size_t rows);
size_t ck_gram_columns_scratch(size_t columns);

/// The largest number of matrices that one call of ck_jacobi takes.
enum { ck_jacobi_lanes = 16 };

/// The entries of scratch memory that ck_jacobi needs for m×n matrices.
size_t ck_jacobi_scratch(size_t m, size_t n);

/// The entries of scratch memory that ck_solve_rows needs for a triangle of order n.
size_t ck_solve_rows_scratch(size_t n);

/// The entries of a row to which the factor and the result of ck_thin_rows are padded: whole vectors of columns.
size_t ck_thin_pitch(size_t columns);

/// The entries of scratch memory that ck_thin_columns needs for a thin factor of this shape.
size_t ck_thin_columns_scratch(size_t count, size_t depth);

/// The largest number of columns in a panel of a reduction, which is also the default.
enum { ck_largest_panel = 32 };

/// How a reduction lays out the matrix in memory and cuts it into panels.
///
/// ck_bidiagonal_layout and ck_tridiagonal_layout give it; `panel_columns` and `strip_columns` may be lowered
/// afterwards, so that small matrices have several panels and strips.
typedef struct {
    /// The matrix that is reduced.
    size_t rows, columns;
    /// What its memory holds: `allocated_columns` columns, `stride` entries from one to the next, of which the first
    /// `padded_rows` are used. Whatever the matrix does not fill is zero.
    size_t padded_rows, allocated_columns, stride;
    /// Columns whose updates of the rest of the matrix are applied together: 1 … ck_largest_panel.
    size_t panel_columns;
    /// Columns of a triangle that one thread takes at a time: a multiple of 8, at most 64. For the tridiagonal form
    /// only.
    size_t strip_columns;
} ck_reduction_layout;

/// The layout for the bidiagonal form of a matrix with rows ≥ columns.
ck_reduction_layout ck_bidiagonal_layout(size_t rows, size_t columns);

/// The layout for the tridiagonal form of a symmetric matrix.
ck_reduction_layout ck_tridiagonal_layout(size_t order);

/// The entries of scratch memory that a reduction on so many threads needs, with this layout.
size_t ck_bidiagonal_scratch(ck_reduction_layout layout, int threads);
size_t ck_tridiagonal_scratch(ck_reduction_layout layout, int threads);

/// A matrix with diag(poles) below its first row `row`. Both have `count` ≥ 2 entries; poles[0] = 0, the poles ascend
/// strictly, and no entry of the row is zero.
typedef struct {
    const double *poles, *row;
    size_t count;
} ck_secular_matrix;

/// A singular value of such a matrix, poles[origin] + shift: its distances from all poles are known to full accuracy.
typedef struct {
    int64_t origin;
    double shift, value;
} ck_secular_root;

/// Declares a kernel for one scalar type: the form for this processor, and the one for a given instruction set.
#define CK_KERNEL(result, name, ...) \
    result CK_TYPED(name)(__VA_ARGS__); \
    result CK_TYPED_AT(name)(int level, __VA_ARGS__);

#define CK_REAL float
#define CK_TYPED(name) name##_f32
#define CK_TYPED_AT(name) name##_f32_at
#include "CKernelsOfOneType.h"
#undef CK_REAL
#undef CK_TYPED
#undef CK_TYPED_AT

#define CK_REAL double
#define CK_TYPED(name) name##_f64
#define CK_TYPED_AT(name) name##_f64_at
#include "CKernelsOfOneType.h"

/// The singular values from ..< to, counted from 0 in ascending order. Returns how many did not converge.
CK_KERNEL(size_t, ck_secular_roots, ck_secular_matrix matrix, size_t from, size_t to, ck_secular_root *roots)

/// Entries from ..< to of the row for which the computed roots are exact, with the signs of the given row.
CK_KERNEL(
    void, ck_secular_row, ck_secular_matrix matrix, const ck_secular_root *roots, size_t from, size_t to, double *exact)

#undef CK_REAL
#undef CK_TYPED
#undef CK_TYPED_AT
#undef CK_KERNEL

#endif
