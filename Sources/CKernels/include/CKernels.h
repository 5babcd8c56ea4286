/// Loops that need wider vectors than the baseline, or that BLAS does not offer. They know pointers, not matrices.
///
/// Every kernel exists once, compiled for AVX-512 (x86-64-v4), AVX2 (x86-64-v3) and the baseline; the processor
/// decides at run time, capped by the environment variable CKERNELS_LEVEL (0, 3 or 4). Functions ending in `_at`
/// take the level, for tests. Nothing here allocates, and only what says so starts a thread, or ck_pool_run.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CKernelsEntries.h"

/// The instruction set that kernels use: 4, 3 or 0 for the baseline.
int ck_level(void);

/// The bytes of the second-level cache as the processor tells OpenBLAS, by cpuid; 0 where it tells none.
long ck_level2_bytes(void);

/// How the numbers of a row are stored.
typedef enum { ck_float64, ck_float32, ck_bfloat16 } ck_type;

/// The numbers of doubles that ck_gram and ck_gram_columns need to work in, for so many rows or columns.
size_t ck_gram_workspace(size_t rows);
size_t ck_gram_columns_workspace(size_t columns);

/// gram[i][j] += Σₖ xᵢₖ xⱼₖ for i ≤ j, with float64 sums; what stands below the diagonal is of no meaning afterwards.
///
/// x: `rows` rows of `count` numbers, `stride` numbers apart. gram: rows `pitch` numbers apart, as many of them, and of numbers
/// in each, as the next multiple of 8 of its order.
void ck_gram(
    ck_type type, const void *x, size_t rows, size_t stride, size_t count, double *gram, size_t pitch, double *work);
void ck_gram_at(
    int level, ck_type type, const void *x, size_t rows, size_t stride, size_t count, double *gram, size_t pitch,
    double *work);

/// gram[i][j] += Σₖ xₖᵢ xₖⱼ for i ≤ j: the same of the columns.
void ck_gram_columns(
    ck_type type, const void *x, size_t rows, size_t stride, size_t count, double *gram, size_t pitch, double *work);
void ck_gram_columns_at(
    int level, ck_type type, const void *x, size_t rows, size_t stride, size_t count, double *gram, size_t pitch,
    double *work);

/// The numbers of entries that ck_jacobi needs to work in.
size_t ck_jacobi_workspace(size_t m, size_t n);

/// The matrices that one call of ck_jacobi takes.
enum { ck_jacobi_lanes = 16 };

/// Thin SVDs A = U Σ Vᵀ of up to ck_jacobi_lanes m×n matrices (m ≥ n ≥ 1), by one-sided Jacobi rotations.
///
/// a, u: `count` matrices m×n, row-major, one after the other; sigma: count×n, descending; vt: count matrices n×n.
/// Vectors are orthonormal also where A has not full rank. Returns a mask of the matrices that did not converge
/// within 30 sweeps; the entries must be finite.
uint32_t ck_jacobi_f32(
    const float *a, size_t count, size_t m, size_t n, float *u, float *sigma, float *vt, float *work);
uint32_t ck_jacobi_f64(
    const double *a, size_t count, size_t m, size_t n, double *u, double *sigma, double *vt, double *work);
uint32_t ck_jacobi_f32_at(
    int level, const float *a, size_t count, size_t m, size_t n, float *u, float *sigma, float *vt, float *work);
uint32_t ck_jacobi_f64_at(
    int level, const double *a, size_t count, size_t m, size_t n, double *u, double *sigma, double *vt, double *work);

/// A matrix to be reduced by reflections, and room to do so.
///
/// a: `columns` columns of `rows` entries, `stride` entries apart; padded_rows is the next multiple of 32, and what pads is
/// zero. w: 64 × padded_rows entries. work: as many entries as the function for it says.
/// subtract_product: C −= LR for row-major matrices, called by each thread for rows of its own.
/// reached, where it is not null: called by the calling thread with how many columns are done, panel by panel.
/// Runs on `members` threads, of which it starts all but one; where that fails, on those there are.
typedef struct {
    float *a;
    size_t rows, padded_rows, columns, stride;
    float *w, *z;
    float *d, *e, *tauq, *taup;
    float *work;
    void (*subtract_product)(
        int m, int n, int k, const float *left, int left_stride, const float *right, int right_stride, float *c, int stride);
    void (*reached)(const void *context, size_t columns);
    const void *context;
    // Set by the kernel.
    size_t work_each;
    double *squares;
} ck_reduction_f32;
typedef struct {
    double *a;
    size_t rows, padded_rows, columns, stride;
    double *w, *z;
    double *d, *e, *tauq, *taup;
    double *work;
    void (*subtract_product)(
        int m, int n, int k, const double *left, int left_stride, const double *right, int right_stride, double *c, int stride);
    void (*reached)(const void *context, size_t columns);
    const void *context;
    // Set by the kernel.
    size_t work_each;
    double *squares;
} ck_reduction_f64;

/// The reduction to upper bidiagonal form, rows ≥ columns. Like LAPACK's gebrd it leaves vᵢ below and uᵢ right of the diagonals
/// d and e, with the scales tauq and taup. w and z, columns × 64 entries, are zero before.
size_t ck_bidiagonal_workspace_f32(size_t padded_rows, size_t columns, int members);
size_t ck_bidiagonal_workspace_f64(size_t padded_rows, size_t columns, int members);
void ck_bidiagonalize_f32(ck_reduction_f32 problem, int members);
void ck_bidiagonalize_f64(ck_reduction_f64 problem, int members);
void ck_bidiagonalize_at_f32(int level, ck_reduction_f32 problem, int members);
void ck_bidiagonalize_at_f64(int level, ck_reduction_f64 problem, int members);

/// The reduction of a symmetric matrix to tridiagonal form, of which the columns hold what stands on and below the diagonal
/// and zeros above, with zero columns up to a multiple of 8. Like LAPACK's sytrd it leaves vᵢ below the diagonal d and what
/// is beside it, e, with the scales tauq; z and taup are not used, w is zero before.
size_t ck_tridiagonal_workspace_f32(size_t padded_rows, int members);
size_t ck_tridiagonal_workspace_f64(size_t padded_rows, int members);
void ck_tridiagonalize_f32(ck_reduction_f32 problem, int members);
void ck_tridiagonalize_f64(ck_reduction_f64 problem, int members);
void ck_tridiagonalize_at_f32(int level, ck_reduction_f32 problem, int members);
void ck_tridiagonalize_at_f64(int level, ck_reduction_f64 problem, int members);

/// The singular values of the matrix M with the first row z and diag(d) below it, where d₀ = 0 and d ascends strictly, for
/// roots from ..< to: σⱼ, as d of its origin plus its shift. count ≥ 2; zᵢ ≠ 0.
///
/// Returns how many did not converge. All indices count from 0; σ ascends.
size_t ck_secular_roots(
    const double *d, const double *z, size_t count, size_t from, size_t to, int64_t *origin, double *shift,
    double *sigma);
size_t ck_secular_roots_at(
    int level, const double *d, const double *z, size_t count, size_t from, size_t to, int64_t *origin, double *shift,
    double *sigma);

/// Entries from ..< to of the row for which the computed σ are exact, with the signs of z.
void ck_secular_row(
    const double *d, const double *z, size_t count, size_t from, size_t to, const int64_t *origin, const double *shift,
    const double *sigma, double *exact);
void ck_secular_row_at(
    int level, const double *d, const double *z, size_t count, size_t from, size_t to, const int64_t *origin,
    const double *shift, const double *sigma, double *exact);

/// The left or right singular vectors from ..< to of M, from the row that ck_secular_row gave: one in each row, its
/// entry p that of index order[p]. work: count numbers.
void ck_secular_vectors_f32(
    const double *d, const double *z, size_t count, const int64_t *origin, const double *shift, const double *sigma,
    size_t from, size_t to, bool left, const int64_t *order, double *work, float *rows, size_t stride);
void ck_secular_vectors_f32_at(
    int level, const double *d, const double *z, size_t count, const int64_t *origin, const double *shift,
    const double *sigma, size_t from, size_t to, bool left, const int64_t *order, double *work, float *rows,
    size_t stride);
void ck_secular_vectors_f64(
    const double *d, const double *z, size_t count, const int64_t *origin, const double *shift, const double *sigma,
    size_t from, size_t to, bool left, const int64_t *order, double *work, double *rows, size_t stride);
void ck_secular_vectors_f64_at(
    int level, const double *d, const double *z, size_t count, const int64_t *origin, const double *shift,
    const double *sigma, size_t from, size_t to, bool left, const int64_t *order, double *work, double *rows,
    size_t stride);

/// The numbers of entries that ck_solve_rows needs to work in.
size_t ck_solve_rows_workspace(size_t n);

/// A ← AR⁻¹ for `rows` rows of n entries, `stride` apart, and an upper triangular R, n×n, row-major, with zeros below.
void ck_solve_rows_f32(float *a, size_t rows, size_t stride, size_t n, const float *r, float *work);
void ck_solve_rows_f64(double *a, size_t rows, size_t stride, size_t n, const double *r, double *work);
void ck_solve_rows_f32_at(int level, float *a, size_t rows, size_t stride, size_t n, const float *r, float *work);
void ck_solve_rows_f64_at(int level, double *a, size_t rows, size_t stride, size_t n, const double *r, double *work);

/// Z = A·W for a large A, rows×depth, and a thin W, row-major with `pitch` entries a row, a multiple of 16; so is Z.
void ck_thin_rows_f32(
    const float *a, size_t rows, size_t stride, size_t depth, const float *w, size_t pitch, float *z);
void ck_thin_rows_f32_at(
    int level, const float *a, size_t rows, size_t stride, size_t depth, const float *w, size_t pitch, float *z);
void ck_thin_rows_f64(
    const double *a, size_t rows, size_t stride, size_t depth, const double *w, size_t pitch, double *z);
void ck_thin_rows_f64_at(
    int level, const double *a, size_t rows, size_t stride, size_t depth, const double *w, size_t pitch, double *z);

/// Y = X·A for a thin X, count×depth, and a large A, depth×columns. work: ck_thin_columns_workspace entries.
size_t ck_thin_columns_workspace(size_t count, size_t depth);
void ck_thin_columns_f32(
    const float *x, size_t count, size_t x_stride, const float *a, size_t depth, size_t stride, size_t columns,
    float *y, size_t y_stride, float *work);
void ck_thin_columns_f32_at(
    int level, const float *x, size_t count, size_t x_stride, const float *a, size_t depth, size_t stride, size_t columns,
    float *y, size_t y_stride, float *work);
void ck_thin_columns_f64(
    const double *x, size_t count, size_t x_stride, const double *a, size_t depth, size_t stride, size_t columns,
    double *y, size_t y_stride, double *work);
void ck_thin_columns_f64_at(
    int level, const double *x, size_t count, size_t x_stride, const double *a, size_t depth, size_t stride, size_t columns,
    double *y, size_t y_stride, double *work);

/// Calls body(context, member) for members 0 ..< `members` at once, member 0 on the calling thread, and returns when all have
/// returned. One caller at a time. Returns how many there were: fewer where threads could not be started.
int ck_pool_run(int members, void (*body)(void *context, int member), void *context);

#endif
