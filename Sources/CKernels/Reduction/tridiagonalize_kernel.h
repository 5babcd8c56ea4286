// The kernel of tridiagonalize.c.

#include "vectors.h"

#include "share.h"

#include "panel.h"

/// x += Av for columns j ..< j + block, each entry of the triangle for both of its sums.
INLINE void NAME(add_block)(const NAME(share) * s, size_t j) {
    const size_t rows = s->rows;
    const REAL *v = s->v, *aj[block];
    REAL *x = s->x;
    NAME(each) diagonal, u = *(NAME(each) *)(v + j), totals;
    NAME(vec) sum[block];
    for (size_t k = 0; k < block; k++) {
        aj[k] = s->a + (j + k) * s->stride, diagonal[k] = aj[k][j + k], sum[k] = 0;
    }
    for (size_t r = j / LANES * LANES; r < rows; r += LANES) {
        NAME(vec) vr = LOAD(v + r), even = LOAD(x + r), odd = 0;
        for (int k = 0; k < block; k += 2) {
            NAME(vec) one = LOAD(aj[k] + r), other = LOAD(aj[k + 1] + r);
            sum[k] += one * vr, even += one * u[k];
            sum[k + 1] += other * vr, odd += other * u[k + 1];
        }
        STORE(x + r, even + odd);
    }
    NAME(totals)(sum, &totals);
    *(NAME(each) *)(x + j) += totals - diagonal * u;
}

/// x = Av for this thread's strips of the triangle below and right of (i, i), and the part of vᵀAv. Rows from `top`
/// on.
INLINE void NAME(multiply_triangle)(const NAME(share) * s, size_t i, size_t top) {
    const size_t rows = s->rows, order = s->columns, size = s->problem->layout.strip_columns;
    memset(s->x + top, 0, (rows - top) * sizeof(REAL));
    for (size_t strip = (i + 1) / size; strip * size < order; strip++) {
        if (strip % (size_t)s->threads != (size_t)s->thread) { continue; }
        const size_t first = strip * size > i ? strip * size : (i + 1) / block * block;
        for (size_t j = first; j < (strip + 1) * size && j < order; j += block) { NAME(add_block)(s, j); }
    }
    NAME(vec) product = 0;
    for (size_t r = top; r < rows; r += LANES) { product += LOAD(s->v + r) * LOAD(s->x + r); }
    s->squares[2 * s->thread + 1] = NAME(total)(&product);
}

/// What makes the panel's vector w of v: products of v with the panel's vectors, τ, and the factor of v.
typedef struct {
    const REAL *products;
    REAL tau, half;
} NAME(correction);

/// Rows r ..< r + LANES of τ(Av − V(Wᵀv) − W(Vᵀv)) + half·v.
INLINE void NAME(entries_of_w)(
    const NAME(share) * s, size_t l, const NAME(correction) * k, size_t r, NAME(vec) * out) {
    const size_t rows = s->rows;
    const REAL *w = s->w + r, *parts = s->first + 2 * panel_vectors + r;
    NAME(vec) sum = 0;
    for (int t = 0; t < s->threads; t++) { sum += LOAD(parts + (size_t)t * s->scratch_each); }
    for (size_t c = 0; c < l; c++) { sum -= LOAD(w + c * rows) * k->products[half_vectors + c]; }
    for (size_t c = 0; c < l; c++) { sum -= LOAD(w + (half_vectors + c) * rows) * k->products[c]; }
    *out = sum * k->tau + LOAD(s->v + r) * k->half;
}

/// Makes this thread's rows of the panel's vector w; returns its entry of row i + 1, which all threads need next.
INLINE REAL NAME(finish_column)(const NAME(share) * s, size_t i, size_t l, const REAL *products, REAL tau) {
    double common = 0;
    for (size_t c = 0; c < l; c++) { common += (double)products[c] * products[half_vectors + c]; }
    // w = τ(Av − …) − ½τ(τ(Av − …))ᵀv·v, where vᵀAv is known from its parts.
    double length = -2 * common;
    for (int t = 0; t < s->threads; t++) { length += s->squares[2 * t + 1]; }
    const NAME(correction) correction = {products, tau, (REAL)(-0.5 * tau * (tau * length))};
    size_t from, to;
    NAME(split)(s, i + 1, &from, &to);
    NAME(vec) out;
    for (size_t r = from; r < to; r += LANES) {
        NAME(entries_of_w)(s, l, &correction, r, &out);
        STORE(s->w + (half_vectors + l) * s->rows + r, out);
    }
    const size_t next = (i + 1) / LANES * LANES;
    NAME(entries_of_w)(s, l, &correction, next, &out);
    return ((const REAL *)&out)[i + 1 - next];
}

SEPARATE void NAME(panel)(NAME(share) * shared, size_t start, size_t last) {
    NAME(share) s = *shared;
    REAL newest = 0;
    for (size_t i = start; i < last; i++) {
        const size_t l = i - start, top = (i + 1) / grain * grain;
        REAL coefficients[panel_vectors], products[panel_vectors];
        for (size_t c = 0; c < l; c++) {
            coefficients[c] = s.w[(half_vectors + c) * s.rows + i];
            coefficients[half_vectors + c] = s.w[c * s.rows + i];
        }
        // Another thread may not have written this entry yet.
        if (l > 0) { coefficients[l - 1] = newest; }
        NAME(update_column)(&s, i, i + 1, l, coefficients, s.problem->d + i);
        NAME(wait)(&s);
        if (i + 1 >= s.columns) { break; }

        const NAME(reflector) h = NAME(reflect)(s.column[i + 1], NAME(sum_of_squares)(&s, 0));
        NAME(scale_products)(&s, s.first, s.w + i + 1, s.rows, l, l, h, products);
        NAME(store_reflector)(&s, i, i + 1, top, l, h);
        if (s.thread == 0) { s.problem->e[i] = h.beta, s.problem->tauq[i] = h.tau; }
        NAME(multiply_triangle)(&s, i, top);
        NAME(wait)(&s);
        newest = NAME(finish_column)(&s, i, l, products, h.tau);
    }
    shared->round = s.round;
}

/// Subtracts from columns from ..< to of the triangle their products with the panel's vectors.
INLINE void NAME(update_strip)(const NAME(share) * s, size_t from, size_t to) {
    // The factors are the panel's vectors with the halves exchanged.
    for (size_t c = 0; c < panel_vectors; c++) {
        const REAL *vector = s->w + (c + half_vectors) % panel_vectors * s->rows;
        for (size_t j = from; j < to; j++) { s->factors[(j - from) * panel_vectors + c] = vector[j]; }
    }
    REAL *corner = s->a + from * s->stride + from;
    const TYPED(ck_product) product = {
        .rows = (int)(to - from),
        .columns = (int)(s->columns - from),
        .depth = panel_vectors,
        .left = s->factors,
        .left_stride = panel_vectors,
        .right = s->w + from,
        .right_stride = (int)s->rows,
        .c = corner,
        .stride = (int)s->stride,
    };
    s->problem->subtract_product(&product);
    for (size_t j = 0; j < to - from; j++) { memset(corner + j * s->stride, 0, j * sizeof(REAL)); }
}

/// Each strip from its diagonal on. The threads take strips in turn, as those of high columns are short.
SEPARATE void NAME(update)(const NAME(share) * s, size_t next) {
    const size_t order = s->columns, size = s->problem->layout.strip_columns;
    for (size_t strip = next / size; strip * size < order; strip++) {
        if (strip % (size_t)s->threads != (size_t)s->thread) { continue; }
        const size_t from = strip * size, to = from + size;
        NAME(update_strip)(s, from > next ? from : next, to < order ? to : order);
    }
}

KERNEL(void, ck_tridiagonalize, (TYPED(ck_reduction), problem)) {
    static const NAME(phases) phases = {NAME(panel), NAME(update)};
    NAME(reduce)(&problem, &phases, 0);
}
