// The one pass over the rest of the matrix for each column of bidiagonalize_kernel.h.

/// What the pass for row i needs: that row of the panel's vectors W, their products with v, the left reflector's τ,
/// and the row at which the vectors that hold v begin.
typedef struct {
    const REAL *w, *products;
    REAL tau;
    size_t top;
} NAME(row);

/// A block of columns of the matrix, and of rows of Z.
typedef struct {
    const REAL *a[block];
    REAL *z[block];
} NAME(columns);

/// Columns first ..< first + block. Those outside of the rest are read as its last one, and dropped.
INLINE void NAME(find_columns)(const NAME(share) * s, size_t i, size_t first, NAME(columns) * b) {
    for (size_t k = 0; k < block; k++) {
        size_t j = first + k <= i || first + k >= s->columns ? s->columns - 1 : first + k;
        b->a[k] = s->a + j * s->stride, b->z[k] = s->z + j * panel_vectors;
    }
}

/// The entries of y = τ(Aᵀv − …) and of row i − y for a block of columns.
INLINE void NAME(multiply_columns)(
    const NAME(share) * s, const NAME(columns) * b, size_t i, const NAME(row) * row, NAME(each) * y, NAME(each) * u) {
    const REAL *v = s->v;
    const size_t rows = s->rows;
    NAME(vec) sum[block], of_row[block];
    for (int k = 0; k < block; k++) { sum[k] = 0; }
    for (size_t r = row->top; r < rows; r += LANES) {
        NAME(vec) vr = LOAD(v + r);
        for (int k = 0; k < block; k++) { sum[k] += LOAD(b->a[k] + r) * vr; }
    }
    NAME(each) entries, updates;
    for (int k = 0; k < block; k++) {
        of_row[k] = 0;
        // The products and the row are zero where the panel has no vector yet.
        EACH_FACTOR {
            NAME(vec) factors = LOAD(b->z[k] + t * LANES);
            sum[k] -= factors * LOAD(row->products + t * LANES);
            of_row[k] += factors * LOAD(row->w + t * LANES);
        }
        entries[k] = b->a[k][i];
    }
    NAME(totals)(sum, y);
    NAME(totals)(of_row, &updates);
    *y *= row->tau;
    *u = entries - updates - *y;
}

/// x += Au for a block of columns.
INLINE void NAME(add_columns)(const NAME(share) * s, const NAME(columns) * b, size_t top, const NAME(each) * factors) {
    const NAME(each) u = *factors;
    const size_t rows = s->rows;
    REAL *x = s->x;
    for (size_t r = top; r < rows; r += LANES) {
        NAME(vec) even = LOAD(x + r), odd = 0;
        for (int k = 0; k < block; k += 2) {
            even += LOAD(b->a[k] + r) * u[k];
            odd += LOAD(b->a[k + 1] + r) * u[k + 1];
        }
        STORE(x + r, even + odd);
    }
}

/// What one thread sums over its columns of the rest: the parts of Zᵀu without the newest column of Z, and of that
/// column; and the part of the square of u without its first entry, in as many sums as a block has columns.
typedef struct {
    NAME(vec) with_u[panel_vectors / LANES];
    NAME(each) y_with_u;
    double squares[block];
} NAME(row_sums);

/// One block of columns of the rest: entries of y and of row i − y, which is u before it is scaled, and the part of x
/// = Au for the latter.
INLINE void NAME(read_block)(
    const NAME(share) * s, size_t i, size_t l, size_t first, const NAME(row) * row, NAME(row_sums) * sums) {
    const size_t columns = s->columns;
    NAME(columns) b;
    NAME(each) y, u, tail;
    NAME(find_columns)(s, i, first, &b);
    NAME(multiply_columns)(s, &b, i, row, &y, &u);
    tail = u;
    for (size_t k = 0; k < block && (first <= i + 1 || first + block > columns); k++) {
        if (first + k <= i || first + k >= columns) { y[k] = 0, u[k] = 0, tail[k] = 0; }
        if (first + k == i + 1) { tail[k] = 0; }
    }
    *(NAME(each) *)(s->u + first) = u;
    for (int k = 0; k < block; k++) { sums->squares[k] += (double)tail[k] * tail[k]; }
    for (int k = 0; k < block; k++) {
        EACH_FACTOR { sums->with_u[t] += LOAD(b.z[k] + t * LANES) * u[k]; }
    }
    // After the sums: a vector that is read over an entry just written would wait for it.
    sums->y_with_u += y * u;
    for (size_t k = 0; k < block; k++) {
        if (first + k > i && first + k < columns) { b.z[k][l] = y[k]; }
    }
    NAME(add_columns)(s, &b, row->top, &u);
}

/// Reads columns own ..< end of the rest once, and leaves this thread's parts of Zᵀu, of Au, and of the square of u
/// without its first entry.
INLINE void NAME(read_rest)(
    const NAME(share) * s, size_t i, size_t l, size_t own, size_t end, NAME(row) row) {
    memset(s->x + row.top, 0, (s->rows - row.top) * sizeof(REAL));
    NAME(row_sums) sums;
    memset(&sums, 0, sizeof sums);
    for (size_t first = own > i ? own : (i + 1) / block * block; first < end; first += block) {
        NAME(read_block)(s, i, l, first, &row, &sums);
    }
    REAL *with_u = s->sums + panel_vectors;
    double square = 0;
    // Entry l was summed over what the panel before left there; beyond it nothing is read.
    EACH_FACTOR { STORE(with_u + t * LANES, sums.with_u[t]); }
    with_u[l] = 0;
    for (int k = 0; k < block; k++) { with_u[l] += sums.y_with_u[k], square += sums.squares[k]; }
    s->squares[2 * s->thread + 1] = square;
}
