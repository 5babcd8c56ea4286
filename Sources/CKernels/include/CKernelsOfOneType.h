// The kernels of one scalar type CK_REAL, which CKernels.h includes for float and for double.

/// gram[i][j] += Σₖ xᵢₖ xⱼₖ for i ≤ j, with sums in double precision; what stands below the diagonal means nothing
/// afterwards.
///
/// x: `rows` rows of `columns` numbers, `stride` numbers from one to the next. gram: as many rows, and numbers
/// written in each, as ck_gram_padded_order tells; `pitch` numbers from one row to the next.
CK_KERNEL(
    void, ck_gram_rows, const CK_REAL *x, size_t rows, size_t stride, size_t columns, double *gram, size_t pitch,
    double *scratch)

/// gram[i][j] += Σₖ xₖᵢ xₖⱼ for i ≤ j: the same for the columns.
CK_KERNEL(
    void, ck_gram_columns, const CK_REAL *x, size_t rows, size_t stride, size_t columns, double *gram, size_t pitch,
    double *scratch)

/// Thin SVDs A = U Σ Vᵀ of up to ck_jacobi_lanes m×n matrices, m ≥ n ≥ 1, by one-sided Jacobi rotations.
///
/// a, u: `count` matrices m×n, row-major, one after the other; sigma: count×n, descending; vt: count matrices n×n.
/// Singular vectors are orthonormal also where A does not have full rank. The entries must be finite. Returns a mask
/// of the matrices that did not converge within 30 sweeps.
CK_KERNEL(
    uint32_t, ck_jacobi, const CK_REAL *a, size_t count, size_t m, size_t n, CK_REAL *u, CK_REAL *sigma, CK_REAL *vt,
    CK_REAL *scratch)

/// A ← AR⁻¹ for `rows` rows of n entries, `stride` entries from one to the next, and an upper triangular R: n×n,
/// row-major, with zeros below the diagonal.
CK_KERNEL(
    void, ck_solve_rows, CK_REAL *a, size_t rows, size_t stride, size_t n, const CK_REAL *r, CK_REAL *scratch)

/// Z = A·W for a large A, rows×depth, and a thin W, row-major with `pitch` entries in each row, as ck_thin_pitch
/// tells; so is Z. W is zero beyond its columns.
CK_KERNEL(
    void, ck_thin_rows, const CK_REAL *a, size_t rows, size_t stride, size_t depth, const CK_REAL *w, size_t pitch,
    CK_REAL *z)

/// The operands of Y = X·A for a thin X, count×depth, and a large A, depth×columns; all row-major.
typedef struct {
    const CK_REAL *x;
    size_t count, x_stride;
    const CK_REAL *a;
    size_t depth, stride, columns;
    CK_REAL *y;
    size_t y_stride;
} CK_TYPED(ck_thin_columns_operands);

/// Y = X·A; scratch as ck_thin_columns_scratch tells.
CK_KERNEL(void, ck_thin_columns, CK_TYPED(ck_thin_columns_operands) operands, CK_REAL *scratch)

/// The product C −= LR of row-major matrices, rows×depth and depth×columns.
typedef struct {
    int rows, columns, depth;
    const CK_REAL *left;
    int left_stride;
    const CK_REAL *right;
    int right_stride;
    CK_REAL *c;
    int stride;
} CK_TYPED(ck_product);

/// A matrix to be reduced by reflections I − τvvᵀ, and where the results go.
typedef struct {
    ck_reduction_layout layout;
    /// The matrix, column by column as `layout` says.
    CK_REAL *a;
    /// The diagonal and the superdiagonal (or subdiagonal) of the result.
    CK_REAL *d, *e;
    /// The factors τ of the reflections from the left and from the right.
    CK_REAL *tauq, *taup;
    /// As many entries as ck_bidiagonal_scratch or ck_tridiagonal_scratch tells, of any contents.
    CK_REAL *scratch;
    /// Each thread calls it, for parts of C of its own.
    void (*subtract_product)(const CK_TYPED(ck_product) * product);
    /// Where it is not null, the calling thread calls it with the number of columns that are done, panel by panel.
    /// Where it returns false, the reduction stops after the next panel, and what it leaves has no meaning.
    bool (*reached)(const void *context, size_t columns);
    const void *context;
    /// How many threads work on it, of which the kernel starts all but one; fewer where some could not be started.
    int threads;
} CK_TYPED(ck_reduction);

/// The reduction to upper bidiagonal form. Like LAPACK's gebrd it leaves vᵢ below the diagonal and uᵢ right of the
/// superdiagonal.
CK_KERNEL(void, ck_bidiagonalize, CK_TYPED(ck_reduction) problem)

/// The reduction of a symmetric matrix to tridiagonal form. The columns hold the lower triangle, and zeros above the
/// diagonal. Like LAPACK's sytrd it leaves vᵢ below the subdiagonal. taup is not used.
CK_KERNEL(void, ck_tridiagonalize, CK_TYPED(ck_reduction) problem)

/// The left or right singular vectors from ..< to of a matrix whose row is the one that ck_secular_row gave. Each
/// fills a row of `rows`, `count` entries apart: its entry p is the component order[p] of the vector. scratch:
/// `count` numbers.
CK_KERNEL(
    void, ck_secular_vectors, ck_secular_matrix matrix, const ck_secular_root *roots, size_t from, size_t to,
    bool is_left, const int64_t *order, double *scratch, CK_REAL *rows)
