/// The body of triangular.c for one scalar type and vectors of LANES numbers.

typedef REAL NAME(vec) __attribute__((ext_vector_type(LANES), aligned(sizeof(REAL))));

#define LOAD(p) (*(const NAME(vec) *)(p))
#define UNROLL _Pragma("clang loop unroll(full)")
#define EACH_ROW UNROLL for (int i = 0; i < tile_rows; i++)

/// Columns j ..< j + LANES of some rows, from those before them.
BODY void NAME(solve_block)(REAL *const *row, size_t j, size_t n, const REAL *r, const REAL *inverses) {
    NAME(vec) x[tile_rows];
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
    EACH_ROW { *(NAME(vec) *)(row[i] + j) = x[i]; }
}

BODY void NAME(ck_solve_rows_body)(REAL *a, size_t rows, size_t stride, size_t n, const REAL *r, REAL *work) {
    for (size_t j = 0; j < n; j++) { work[j] = 1 / r[j * n + j]; }
    const size_t whole = n / LANES * LANES;
    for (size_t start = 0; start < rows; start += tile_rows) {
        // Rows beyond the last are the last once more.
        REAL *row[tile_rows];
        for (size_t i = 0; i < tile_rows; i++) { row[i] = a + (start + i < rows ? start + i : rows - 1) * stride; }
        for (size_t j = 0; j < whole; j += LANES) { NAME(solve_block)(row, j, n, r, work); }
        for (size_t i = 0; i < tile_rows && start + i < rows; i++) {
            for (size_t j = whole; j < n; j++) {
                REAL x = row[i][j];
                for (size_t k = 0; k < j; k++) { x -= row[i][k] * r[k * n + j]; }
                row[i][j] = x * work[j];
            }
        }
    }
}

#undef LOAD
#undef UNROLL
#undef EACH_ROW
