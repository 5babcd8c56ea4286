// Z = A·W: the first kernel of thin.c.

/// Rows of A in a tile of the product.
#define ROWS (REGISTERS / 4)

/// Z += A·W for `rows` ≤ ROWS rows, `depth` of their columns, and `vectors` vectors of columns of W.
INLINE void NAME(rows_tile)(
    const REAL *a, size_t rows, size_t stride, size_t depth, const REAL *w, size_t pitch, REAL *z, int vectors) {
    NAME(vec) s[ROWS][3];
    // A tile of fewer rows is filled up with the last one.
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

KERNEL(
    void, ck_thin_rows, (const REAL *, a), (size_t, rows), (size_t, stride), (size_t, depth), (const REAL *, w),
    (size_t, pitch), (REAL *, z)) {
    // A slice of W stays in the second-level cache. The slice of a few rows of A stays in the first-level cache while
    // the columns of W pass.
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

#undef ROWS
