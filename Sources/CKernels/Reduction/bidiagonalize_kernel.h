// The kernel of bidiagonalize.c.

#include "vectors.h"

#include "share.h"

#include "panel.h"

#include "bidiagonalize_rest.h"

/// The columns from `first` on that a thread reads and updates, in whole blocks: nearly the same in a panel as in the
/// update before it, so that they stay in its cache.
INLINE void NAME(columns_of)(const NAME(share) * s, size_t first, size_t *from, size_t *to) {
    const size_t start = first / block, blocks = (s->columns + block - 1) / block - start;
    const size_t thread = (size_t)s->thread, threads = (size_t)s->threads;
    *from = (start + blocks * thread / threads) * block;
    *to = (start + blocks * (thread + 1) / threads) * block;
}

/// Makes the right reflector of row i from the sums over the rest of the matrix, and with it this thread's rows of
/// the panel's vector x and this thread's columns, own ..< end, of its vector u.
INLINE void NAME(finish_row)(const NAME(share) * s, size_t i, size_t l, size_t own, size_t end) {
    const size_t rows = s->rows;
    const REAL *w = s->w, *u = s->u, *parts = s->first + 2 * panel_vectors, *next = s->a + (i + 1) * s->stride;
    REAL products[panel_vectors], *xl = s->w + (half_vectors + l) * rows;
    const NAME(reflector) h = NAME(reflect)(u[i + 1], NAME(sum_of_squares)(s, 1));
    NAME(scale_products)(s, s->first + panel_vectors, s->z + (i + 1) * panel_vectors, 1, l + 1, l, h, products);
    size_t from, to;
    NAME(split)(s, i + 1, &from, &to);
    for (size_t r = from; r < to; r += LANES) {
        NAME(vec) sum = 0;
        for (int t = 0; t < s->threads; t++) { sum += LOAD(parts + (size_t)t * s->scratch_each + r); }
        sum = (sum - LOAD(next + r) * h.beta) * h.scale;
        EACH_VECTOR(l + 1, l) { sum -= LOAD(w + c * rows + r) * products[c]; }
        STORE(xl + r, sum * h.tau);
    }
    for (size_t j = own > i ? own : i + 1; j < end && j < s->columns; j++) {
        REAL uj = j == i + 1 ? 1 : u[j] * h.scale;
        s->z[j * panel_vectors + half_vectors + l] = uj;
        if (j > i + 1) { s->a[j * s->stride + i] = uj; }
    }
    if (s->thread == 0) { s->problem->e[i] = h.beta, s->problem->taup[i] = h.tau; }
}

SEPARATE void NAME(panel)(NAME(share) * shared, size_t start, size_t last) {
    NAME(share) s = *shared;
    // The columns that this thread reads.
    size_t own, end;
    NAME(columns_of)(&s, start, &own, &end);
    for (size_t i = start; i < last; i++) {
        const size_t l = i - start, top = i / LANES * LANES;
        REAL coefficients[panel_vectors], products[panel_vectors];
        memcpy(coefficients, s.z + i * panel_vectors, sizeof coefficients);
        if (l > 0) { coefficients[half_vectors + l - 1] = 1; }
        NAME(update_column)(&s, i, i, l, coefficients, NULL);
        NAME(wait)(&s);

        const NAME(reflector) h = NAME(reflect)(s.column[i], NAME(sum_of_squares)(&s, 0));
        memset(products, 0, sizeof products);
        NAME(scale_products)(&s, s.first, s.w + i, s.rows, l, l, h, products);
        NAME(store_reflector)(&s, i, i, top, l, h);
        if (s.thread == 0) { s.problem->d[i] = h.beta, s.problem->tauq[i] = h.tau; }
        if (i + 1 >= s.columns) { break; }

        // Row i of the panel's vectors.
        memset(coefficients, 0, sizeof coefficients);
        EACH_VECTOR(l, l) { coefficients[c] = s.w[c * s.rows + i]; }
        NAME(read_rest)(&s, i, l, own, end, (NAME(row)){coefficients, products, h.tau, top});
        NAME(wait)(&s);
        NAME(finish_row)(&s, i, l, own, end);
    }
    shared->round = s.round;
}

SEPARATE void NAME(update)(const NAME(share) * s, size_t next) {
    size_t from, to;
    NAME(columns_of)(s, next, &from, &to);
    // A panel may end within a block.
    if (from < next) { from = next; }
    if (to > s->columns) { to = s->columns; }
    if (from >= to) { return; }
    const TYPED(ck_product) product = {
        .rows = (int)(to - from),
        .columns = (int)(s->problem->layout.rows - next),
        .depth = panel_vectors,
        .left = s->z + from * panel_vectors,
        .left_stride = panel_vectors,
        .right = s->w + next,
        .right_stride = (int)s->rows,
        .c = s->a + from * s->stride + next,
        .stride = (int)s->stride,
    };
    s->problem->subtract_product(&product);
}

KERNEL(void, ck_bidiagonalize, (TYPED(ck_reduction), problem)) {
    static const NAME(phases) phases = {NAME(panel), NAME(update)};
    NAME(reduce)(&problem, &phases, problem.layout.columns);
}
