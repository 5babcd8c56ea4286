// The kernel of triangular.c.

/// Rows that are solved together, so that the processor need not wait for the last step of each.
#define TILE 8
#define EACH_ROW UNROLL for (int i = 0; i < TILE; i++)

/// Columns j ..< j + LANES of some rows, from the columns before them.
INLINE void NAME(solve_block)(REAL *const *row, size_t j, size_t n, const REAL *r, const REAL *inverses) {
    NAME(vec) x[TILE];
    EACH_ROW { x[i] = LOAD(row[i] + j); }
    for (size_t k = 0; k < j; k++) {
        const NAME(vec) rk = LOAD(r + k * n + j);
        EACH_ROW { x[i] -= rk * row[i][k]; }
    }
    UNROLL for (int l = 0; l < LANES; l++) {
        const NAME(vec) rk = LOAD(r + (j + (size_t)l) * n + j);
        const REAL inverse = inverses[j + (size_t)l];
        EACH_ROW {
            const REAL solved = x[i][l] * inverse;
            x[i] -= rk * solved;
            x[i][l] = solved;
        }
    }
    EACH_ROW { STORE(row[i] + j, x[i]); }
}

/// Columns from ..< n of one row, one by one.
INLINE void NAME(solve_rest)(REAL *row, size_t from, size_t n, const REAL *r, const REAL *inverses) {
    for (size_t j = from; j < n; j++) {
        REAL x = row[j];
        for (size_t k = 0; k < j; k++) { x -= row[k] * r[k * n + j]; }
        row[j] = x * inverses[j];
    }
}

KERNEL(
    void, ck_solve_rows, (REAL *, a), (size_t, rows), (size_t, stride), (size_t, n), (const REAL *, r),
    (REAL *, scratch)) {
    REAL *inverses = scratch;
    for (size_t j = 0; j < n; j++) { inverses[j] = 1 / r[j * n + j]; }
    const size_t whole = n / LANES * LANES;
    for (size_t start = 0; start < rows; start += TILE) {
        // A last tile of fewer rows is filled up with its last row.
        REAL *row[TILE];
        for (size_t i = 0; i < TILE; i++) { row[i] = a + (start + i < rows ? start + i : rows - 1) * stride; }
        for (size_t j = 0; j < whole; j += LANES) { NAME(solve_block)(row, j, n, r, inverses); }
        for (size_t i = 0; i < TILE && start + i < rows; i++) { NAME(solve_rest)(row[i], whole, n, r, inverses); }
    }
}

#undef TILE
#undef EACH_ROW
