/// The body of thin.c for one scalar type and vectors of LANES numbers; ROWS of the large matrix at a time.

typedef REAL NAME(vec) __attribute__((ext_vector_type(LANES), aligned(sizeof(REAL))));

#define LOAD(p) (*(const NAME(vec) *)(p))
#define STORE(p, v) (*(NAME(vec) *)(p) = (v))
#define UNROLL _Pragma("clang loop unroll(full)")

/// Z += A·W for `rows` ≤ ROWS rows, `depth` of their columns, and `vectors` vectors of columns of W.
BODY void NAME(rows_tile)(
    const REAL *a, size_t rows, size_t stride, size_t depth, const REAL *w, size_t pitch, REAL *z, int vectors) {
    NAME(vec) s[ROWS][3];
    // Rows beyond the last are the last once more.
    const REAL *ai[ROWS];
    UNROLL for (size_t i = 0; i < ROWS; i++) { ai[i] = a + (i < rows ? i : rows - 1) * stride; }
    UNROLL for (int i = 0; i < ROWS; i++) {
        UNROLL for (int v = 0; v < vectors; v++) { s[i][v] = 0; }
    }
    for (size_t k = 0; k < depth; k++) {
        NAME(vec) wk[3];
        UNROLL for (int v = 0; v < vectors; v++) { wk[v] = LOAD(w + k * pitch + (size_t)v * LANES); }
        UNROLL for (int i = 0; i < ROWS; i++) {
            UNROLL for (int v = 0; v < vectors; v++) { s[i][v] += wk[v] * ai[i][k]; }
        }
    }
    for (size_t i = 0; i < rows; i++) {
        UNROLL for (int v = 0; v < vectors; v++) {
            REAL *target = z + i * pitch + (size_t)v * LANES;
            STORE(target, LOAD(target) + s[i][v]);
        }
    }
}

BODY void NAME(ck_thin_rows_body)(
    const REAL *a, size_t rows, size_t stride, size_t depth, const REAL *w, size_t pitch, REAL *z) {
    // A slice of W stays in the second-level cache, that of a few rows of A in the first while W's columns pass.
    enum { slice = 1024 };
    memset(z, 0, rows * pitch * sizeof(REAL));
    for (size_t k = 0; k < depth; k += slice) {
        const size_t length = depth - k < slice ? depth - k : slice;
        for (size_t i = 0; i < rows; i += ROWS) {
            const size_t count = rows - i < ROWS ? rows - i : ROWS;
            const REAL *ai = a + i * stride + k, *wk = w + k * pitch;
            size_t c = 0;
            for (; c + 3 * LANES <= pitch; c += 3 * LANES) {
                NAME(rows_tile)(ai, count, stride, length, wk + c, pitch, z + i * pitch + c, 3);
            }
            if (pitch - c >= 2 * LANES) {
                NAME(rows_tile)(ai, count, stride, length, wk + c, pitch, z + i * pitch + c, 2);
            } else if (pitch - c >= LANES) {
                NAME(rows_tile)(ai, count, stride, length, wk + c, pitch, z + i * pitch + c, 1);
            }
        }
    }
}

/// Y = X·A for columns of A, of which there are a whole number of vectors; X in groups of ROWS columns.
BODY void NAME(columns_panel)(
    const REAL *x, size_t count, const REAL *a, size_t depth, size_t stride, size_t width, REAL *y, size_t y_stride) {
    for (size_t i = 0; i < count; i++) { memset(y + i * y_stride, 0, width * sizeof(REAL)); }
    for (size_t r = 0; r < depth; r += ROWS) {
        const size_t rows = depth - r < ROWS ? depth - r : ROWS;
        const REAL *ar[ROWS], *soon[ROWS], *xr = x + r * count;
        UNROLL for (size_t k = 0; k < ROWS; k++) {
            ar[k] = a + (r + (k < rows ? k : rows - 1)) * stride;
            soon[k] = a + (r + 2 * ROWS <= depth ? r + ROWS + k : r) * stride;
        }
        for (size_t c = 0; c < width; c += LANES) {
            NAME(vec) ak[ROWS];
            UNROLL for (int k = 0; k < ROWS; k++) {
                ak[k] = LOAD(ar[k] + c);
                // Rows are too far apart for the processor to guess the next ones.
                __builtin_prefetch(soon[k] + c);
            }
            for (size_t i = 0; i < count; i++) {
                NAME(vec) even = LOAD(y + i * y_stride + c), odd = 0;
                UNROLL for (int k = 0; k < ROWS; k += 2) {
                    even += ak[k] * xr[i * ROWS + (size_t)k];
                    odd += ak[k + 1] * xr[i * ROWS + (size_t)k + 1];
                }
                STORE(y + i * y_stride + c, even + odd);
            }
        }
    }
}

BODY void NAME(ck_thin_columns_body)(
    const REAL *x, size_t count, size_t x_stride, const REAL *a, size_t depth, size_t stride, size_t columns, REAL *y,
    size_t y_stride, REAL *work) {
    // The sums of a panel stay in the cache, which rows of Y a power of two apart would not.
    enum { pitch = thin_panel + LANES };
    REAL *sums = (REAL *)(((uintptr_t)work + 63) / 64 * 64), *edge = sums + count * pitch, *groups = edge + depth * LANES;
    // Group by group of columns of X, zeros beyond the last.
    for (size_t r = 0; r < depth; r += ROWS) {
        for (size_t i = 0; i < count; i++) {
            for (size_t k = 0; k < ROWS; k++) {
                groups[(r * count) + i * ROWS + k] = r + k < depth ? x[i * x_stride + r + k] : 0;
            }
        }
    }
    for (size_t c = 0; c < columns; c += thin_panel) {
        const size_t width = columns - c < thin_panel ? columns - c : thin_panel, whole = width / LANES * LANES;
        NAME(columns_panel)(groups, count, a + c, depth, stride, whole, sums, pitch);
        if (whole < width) {
            // The last columns through a copy with zeros beside them.
            memset(edge, 0, depth * LANES * sizeof(REAL));
            for (size_t r = 0; r < depth; r++) {
                memcpy(edge + r * LANES, a + r * stride + c + whole, (width - whole) * sizeof(REAL));
            }
            NAME(columns_panel)(groups, count, edge, depth, LANES, LANES, sums + whole, pitch);
        }
        for (size_t i = 0; i < count; i++) { memcpy(y + i * y_stride + c, sums + i * pitch, width * sizeof(REAL)); }
    }
}

#undef LOAD
#undef STORE
#undef UNROLL
