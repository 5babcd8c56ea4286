// Y = X·A: the second kernel of thin.c.

/// Columns of X, and with them rows of A, that are taken together: at most most_grouped.
#define GROUP (REGISTERS / 4)

/// Y += X·A for one group of columns of X and the GROUP rows of A at `a`. The rows at `next` are fetched meanwhile.
INLINE void NAME(add_group)(
    const REAL *x, size_t count, const REAL *const *a, const REAL *const *next, size_t width, REAL *y, size_t pitch) {
    for (size_t c = 0; c < width; c += LANES) {
        NAME(vec) ak[GROUP];
        UNROLL for (int k = 0; k < GROUP; k++) {
            ak[k] = LOAD(a[k] + c);
            // Rows are too far apart for the processor to guess the next ones.
            __builtin_prefetch(next[k] + c);
        }
        for (size_t i = 0; i < count; i++) {
            NAME(vec) even = LOAD(y + i * pitch + c), odd = 0;
            UNROLL for (int k = 0; k < GROUP; k += 2) {
                even += ak[k] * x[i * GROUP + (size_t)k];
                odd += ak[k + 1] * x[i * GROUP + (size_t)k + 1];
            }
            STORE(y + i * pitch + c, even + odd);
        }
    }
}

/// Y = X·A for some columns of A, of which there are a whole number of vectors; x: X in groups of columns.
INLINE void NAME(columns_panel)(
    const REAL *x, size_t count, const REAL *a, size_t depth, size_t stride, size_t width, REAL *y, size_t pitch) {
    for (size_t i = 0; i < count; i++) { memset(y + i * pitch, 0, width * sizeof(REAL)); }
    for (size_t r = 0; r < depth; r += GROUP) {
        // A last group of fewer rows is filled up with its last row, which meets zeros of X.
        const size_t rows = depth - r < GROUP ? depth - r : GROUP;
        const REAL *ar[GROUP], *next[GROUP];
        UNROLL for (size_t k = 0; k < GROUP; k++) {
            ar[k] = a + (r + (k < rows ? k : rows - 1)) * stride;
            next[k] = a + (r + 2 * GROUP <= depth ? r + GROUP + k : r) * stride;
        }
        NAME(add_group)(x + r * count, count, ar, next, width, y, pitch);
    }
}

/// Copies X group by group of columns, with zeros beyond the last.
INLINE void NAME(group_columns)(const REAL *x, size_t count, size_t x_stride, size_t depth, REAL *groups) {
    for (size_t r = 0; r < depth; r += GROUP) {
        for (size_t i = 0; i < count; i++) {
            for (size_t k = 0; k < GROUP; k++) {
                groups[(r * count) + i * GROUP + k] = r + k < depth ? x[i * x_stride + r + k] : 0;
            }
        }
    }
}

KERNEL(void, ck_thin_columns, (TYPED(ck_thin_columns_operands), o), (REAL *, scratch)) {
    // The sums of a panel stay in the cache, which rows of Y a power of two apart would not.
    enum { pitch = thin_panel + LANES };
    const size_t count = o.count, depth = o.depth;
    REAL *sums = (REAL *)(((uintptr_t)scratch + 63) / 64 * 64);
    REAL *edge = sums + count * pitch, *groups = edge + depth * LANES;
    NAME(group_columns)(o.x, count, o.x_stride, depth, groups);
    for (size_t c = 0; c < o.columns; c += thin_panel) {
        const size_t width = o.columns - c < thin_panel ? o.columns - c : thin_panel, whole = width / LANES * LANES;
        NAME(columns_panel)(groups, count, o.a + c, depth, o.stride, whole, sums, pitch);
        if (whole < width) {
            // The last columns go through a copy that is filled up with zeros.
            memset(edge, 0, depth * LANES * sizeof(REAL));
            for (size_t r = 0; r < depth; r++) {
                memcpy(edge + r * LANES, o.a + r * o.stride + c + whole, (width - whole) * sizeof(REAL));
            }
            NAME(columns_panel)(groups, count, edge, depth, LANES, LANES, sums + whole, pitch);
        }
        for (size_t i = 0; i < count; i++) { memcpy(o.y + i * o.y_stride + c, sums + i * pitch, width * sizeof(REAL)); }
    }
}

#undef GROUP
