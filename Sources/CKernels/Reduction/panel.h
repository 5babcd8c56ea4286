// The phases of a panel that both reductions have: a column is brought up to date, and becomes a reflector.
//
// A panel defers its updates: the matrix stands for A − W·Z with the vectors of the panel's reflectors so far, `done`
// in each half. The entry that a reflector leaves, where its vector begins, is called its pivot.

/// A reflector I − τvvᵀ that maps (alpha, x) to (beta, 0): v is x times `scale`, with 1 in place of alpha.
typedef struct {
    REAL alpha, beta, tau, scale;
} NAME(reflector);

/// The reflector for a vector (alpha, x) with ‖x‖² = square.
INLINE NAME(reflector) NAME(reflect)(REAL alpha, double square) {
    if (square == 0) { return (NAME(reflector)){alpha, alpha, 0, 0}; }
    double length = sqrt((double)alpha * alpha + square);
    double beta = alpha > 0 ? -length : length;
    return (NAME(reflector)){alpha, (REAL)beta, (REAL)((beta - alpha) / beta), (REAL)(1 / (alpha - beta))};
}

/// The sum over all threads of the squares that each left: its first or its second.
INLINE double NAME(sum_of_squares)(const NAME(share) * s, int which) {
    double square = 0;
    for (int t = 0; t < s->threads; t++) { square += s->squares[2 * t + which]; }
    return square;
}

/// Adds the squares of the entries of a grain below `pivot`. Taking that of the pivot away later would cancel.
INLINE void NAME(add_squares)(const REAL *column, size_t r, size_t pivot, double *square) {
    const size_t first = pivot < r ? r : pivot + 1;
    for (size_t k = first; k < r + grain; k++) { *square += (double)column[k] * column[k]; }
}

/// Brings column i up to date, for this thread's rows, and multiplies it by the panel's vectors.
///
/// Entries above the pivot are zero afterwards; the last of them goes to `above` where that is not null. The sums
/// over these rows go to s->sums, and the square of what is below the pivot to s->squares.
INLINE void NAME(update_column)(
    const NAME(share) * s, size_t i, size_t pivot, size_t done, const REAL *coefficients, REAL *above) {
    const size_t rows = s->rows;
    const REAL *ai = s->a + i * s->stride, *w = s->w;
    REAL *column = s->column;
    size_t from, to;
    NAME(split)(s, i, &from, &to);
    NAME(vec) sums[panel_vectors];
    memset(sums, 0, sizeof sums);
    double square = 0;
    for (size_t r = from; r < to; r += grain) {
        NAME(vec) part[grain / LANES];
        EACH_PART { part[t] = LOAD(ai + r + t * LANES); }
        EACH_VECTOR(done, done) {
            const REAL *wc = w + c * rows + r, k = coefficients[c];
            EACH_PART { part[t] -= LOAD(wc + t * LANES) * k; }
        }
        EACH_PART { STORE(column + r + t * LANES, part[t]); }
        if (r < pivot) {
            if (above) { *above = column[pivot - 1]; }
            for (size_t k = r; k < pivot; k++) { column[k] = 0; }
            EACH_PART { part[t] = LOAD(column + r + t * LANES); }
        }
        NAME(add_squares)(column, r, pivot, &square);
        EACH_VECTOR(done, done) {
            const REAL *wc = w + c * rows + r;
            NAME(vec) sum = 0;
            EACH_PART { sum += LOAD(wc + t * LANES) * part[t]; }
            sums[c] += sum;
        }
    }
    EACH_VECTOR(done, done) { s->sums[c] = NAME(total)(&sums[c]); }
    s->squares[2 * s->thread] = square;
}

/// The products of a reflector's vector with the panel's, from those of the vector that it was made of.
///
/// sums: the first thread's parts of those. pivots: the panel's vectors at the pivot, `step` entries apart.
INLINE void NAME(scale_products)(
    const NAME(share) * s, const REAL *sums, const REAL *pivots, size_t step, size_t first_half, size_t second_half,
    NAME(reflector) h, REAL *products) {
    EACH_VECTOR(first_half, second_half) {
        REAL sum = 0, pivot = pivots[c * step];
        for (int t = 0; t < s->threads; t++) { sum += sums[(size_t)t * s->scratch_each + c]; }
        products[c] = (sum - pivot * h.alpha) * h.scale + pivot;
    }
}

/// Makes the vector of column i's reflector, all of it for each thread, which saves waiting for the others' parts.
/// Rows of this thread go to the panel's vectors and to the matrix too. From row `top` on what is above the pivot is
/// zero.
INLINE void NAME(store_reflector)(
    const NAME(share) * s, size_t i, size_t pivot, size_t top, size_t index, NAME(reflector) h) {
    const size_t rows = s->rows;
    const REAL *column = s->column;
    REAL *v = s->v, *w = s->w + index * rows, *ai = s->a + i * s->stride;
    size_t from, to;
    NAME(split)(s, i, &from, &to);
    for (size_t r = top; r < rows; r++) { v[r] = column[r] * h.scale; }
    for (size_t r = top; r < pivot; r++) { v[r] = 0; }
    v[pivot] = 1;
    for (size_t r = from; r < to; r++) { w[r] = r < pivot ? 0 : v[r]; }
    for (size_t r = from > pivot ? from : pivot + 1; r < to; r++) { ai[r] = v[r]; }
}
