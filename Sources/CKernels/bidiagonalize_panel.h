/// A panel of the reduction, for one scalar type and vectors of LANES numbers.

typedef REAL WIDTH(vec) __attribute__((ext_vector_type(LANES), aligned(sizeof(REAL))));

enum {
    WIDTH(parts) = NAME(grain) / LANES, // vectors of a grain
    WIDTH(factors) = nz / LANES         // vectors of a row of the panel's factors
};

#define LOAD(p) (*(const WIDTH(vec) *)(p))
#define STORE(p, v) (*(WIDTH(vec) *)(p) = (v))
// Unrolled, so that the vectors of a grain stay in registers.
#define EACH_PART _Pragma("clang loop unroll(full)") for (int t = 0; t < WIDTH(parts); t++)
#define EACH_FACTOR _Pragma("clang loop unroll(full)") for (int t = 0; t < WIDTH(factors); t++)

/// By halves: one after the other would wait for each addition.
BODY REAL WIDTH(total)(const WIDTH(vec) * v) {
    REAL sums[LANES];
    memcpy(sums, v, sizeof sums);
    for (int width = LANES / 2; width > 0; width /= 2) {
        for (int l = 0; l < width; l++) { sums[l] += sums[l + width]; }
    }
    return sums[0];
}

/// The same of a block of vectors, a lane of `sums` each: of every two vectors halves are added until each fills one lane.
BODY void WIDTH(totals)(const WIDTH(vec) * v, NAME(each) * sums) {
    WIDTH(vec) a[4];
#define HALF(x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        WIDTH(vec) x = v[2 * i], y = v[2 * i + 1];
#if LANES == 16
        a[i] = HALF(x, y, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
            + HALF(x, y, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
#elif LANES == 8
        a[i] = HALF(x, y, 0, 1, 2, 3, 8, 9, 10, 11) + HALF(x, y, 4, 5, 6, 7, 12, 13, 14, 15);
#else
        a[i] = HALF(x, y, 0, 1, 4, 5) + HALF(x, y, 2, 3, 6, 7);
#endif
    }
#if LANES == 16
    WIDTH(vec) b[2];
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
        WIDTH(vec) x = a[2 * i], y = a[2 * i + 1];
        b[i] = HALF(x, y, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
            + HALF(x, y, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    }
    WIDTH(vec) c = HALF(b[0], b[1], 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29)
        + HALF(b[0], b[1], 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
    *sums = HALF(c, c, 0, 2, 4, 6, 8, 10, 12, 14) + HALF(c, c, 1, 3, 5, 7, 9, 11, 13, 15);
#elif LANES == 8
    WIDTH(vec) b[2];
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
        WIDTH(vec) x = a[2 * i], y = a[2 * i + 1];
        b[i] = HALF(x, y, 0, 1, 4, 5, 8, 9, 12, 13) + HALF(x, y, 2, 3, 6, 7, 10, 11, 14, 15);
    }
    *sums = HALF(b[0], b[1], 0, 2, 4, 6, 8, 10, 12, 14) + HALF(b[0], b[1], 1, 3, 5, 7, 9, 11, 13, 15);
#else
    WIDTH(vec) b[2];
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
        b[i] = HALF(a[2 * i], a[2 * i + 1], 0, 2, 4, 6) + HALF(a[2 * i], a[2 * i + 1], 1, 3, 5, 7);
    }
    *sums = HALF(b[0], b[1], 0, 1, 2, 3, 4, 5, 6, 7);
#endif
#undef HALF
}

/// Columns start ..< start + nb.
BODY void WIDTH(panel)(
    const NAME(ck_bidiagonal) * p, size_t start, int member, team_barrier *barrier, int *round) {
    const size_t rows = p->padded_rows, columns = p->columns, lda = p->stride;
    const int members = atomic_load_explicit(&barrier->members, memory_order_relaxed);
    REAL *a = p->a, *w = p->w, *z = p->z;
    // Of every member: sums of a column's products with the panel's vectors, and a part of x.
    REAL *mine = p->work + (size_t)member * p->work_each;
    REAL *g = mine, *h = g + nz, *x = h + nz, *v = x + rows;
    // Of all: the column, and u before it is scaled.
    REAL *column = p->work + (size_t)members * p->work_each, *ut = column + rows;
    double *squares = p->squares;
    REAL coefficients[nz], products[nz];
    // The columns that this member reads, from panel to panel nearly the same.
    size_t own, end;
    NAME(columns_of)(start, columns, member, members, &own, &end);

    for (size_t l = 0; l < nb && start + l < columns; l++) {
        const size_t i = start + l;
        size_t from, to;
        NAME(split)(i, rows, member, members, &from, &to);
        REAL *ai = a + i * lda;

        // Column i, brought up to date, and its products with the panel's vectors.
        memcpy(coefficients, z + i * nz, nz * sizeof(REAL));
        if (l > 0) { coefficients[nb + l - 1] = 1; }
        WIDTH(vec) sums[nz];
        memset(sums, 0, sizeof sums);
        double square = 0;
        for (size_t r = from; r < to; r += NAME(grain)) {
            WIDTH(vec) part[WIDTH(parts)];
            EACH_PART { part[t] = LOAD(ai + r + t * LANES); }
            for (size_t half = 0; half < nz; half += nb) {
                for (size_t c = half; c < half + l; c++) {
                    const REAL *wc = w + c * rows + r, k = coefficients[c];
                    EACH_PART { part[t] -= LOAD(wc + t * LANES) * k; }
                }
            }
            EACH_PART { STORE(column + r + t * LANES, part[t]); }
            if (r <= i) {
                // Rows above the diagonal hold what is done.
                for (size_t k = r; k < i; k++) { column[k] = 0; }
                EACH_PART { part[t] = LOAD(column + r + t * LANES); }
            }
            // Without the diagonal: taking it away later would cancel.
            if (r <= i && i < r + NAME(grain)) {
                for (size_t k = i + 1; k < r + NAME(grain); k++) { square += (double)column[k] * column[k]; }
            } else {
                for (int k = 0; k < NAME(grain); k++) { square += (double)column[r + k] * column[r + k]; }
            }
            for (size_t half = 0; half < nz; half += nb) {
                for (size_t c = half; c < half + l; c++) {
                    const REAL *wc = w + c * rows + r;
                    WIDTH(vec) sum = 0;
                    EACH_PART { sum += LOAD(wc + t * LANES) * part[t]; }
                    sums[c] += sum;
                }
            }
        }
        for (size_t half = 0; half < nz; half += nb) {
            for (size_t c = half; c < half + l; c++) { g[c] = WIDTH(total)(&sums[c]); }
        }
        squares[2 * member] = square;
        team_wait(barrier, round);

        // The left reflector.
        REAL alpha = column[i], beta, tauq, scale;
        square = 0;
        for (int t = 0; t < members; t++) { square += squares[2 * t]; }
        NAME(reflector)(alpha, square > 0 ? square : 0, &beta, &tauq, &scale);
        memset(products, 0, sizeof products);
        for (size_t half = 0; half < nz; half += nb) {
            for (size_t c = half; c < half + l; c++) {
                REAL sum = 0, first = w[c * rows + i];
                for (int t = 0; t < members; t++) { sum += p->work[(size_t)t * p->work_each + c]; }
                products[c] = (sum - first * alpha) * scale + first;
            }
        }
        // Whole by each member, which saves waiting for the others' parts.
        const size_t top = i / LANES * LANES;
        for (size_t r = top; r < rows; r++) { v[r] = column[r] * scale; }
        for (size_t r = top; r < i; r++) { v[r] = 0; }
        v[i] = 1;
        for (size_t r = from; r < to; r++) { w[l * rows + r] = r < i ? 0 : v[r]; }
        for (size_t r = from > i ? from : i + 1; r < to; r++) { ai[r] = v[r]; }
        if (member == 0) { p->d[i] = beta, p->tauq[i] = tauq; }
        // Row i of the panel's vectors, which the columns need.
        memset(coefficients, 0, sizeof coefficients);
        for (size_t half = 0; half < nz; half += nb) {
            for (size_t c = half; c < half + l; c++) { coefficients[c] = w[c * rows + i]; }
        }
        if (i + 1 >= columns) { break; }

        // The rest of the matrix, once: y = τ(Aᵀv − …), row − y, and its product with the same columns.
        memset(x + top, 0, (rows - top) * sizeof(REAL));
        WIDTH(vec) with_u[WIDTH(factors)];
        memset(with_u, 0, sizeof with_u);
        NAME(each) y_with_u = 0;
        double parts_of_square[block] = {0};
        for (size_t first = own > i ? own : (i + 1) / block * block; first < end; first += block) {
            const REAL *aj[block];
            REAL *zj[block];
            // Columns outside of the rest are read as its last, and dropped.
            for (size_t k = 0; k < block; k++) {
                size_t j = first + k <= i || first + k >= columns ? columns - 1 : first + k;
                aj[k] = a + j * lda, zj[k] = z + j * nz;
            }
            WIDTH(vec) s[block], row[block];
            for (int k = 0; k < block; k++) { s[k] = 0; }
            for (size_t r = top; r < rows; r += LANES) {
                WIDTH(vec) vr = LOAD(v + r);
                for (int k = 0; k < block; k++) { s[k] += LOAD(aj[k] + r) * vr; }
            }
            NAME(each) diagonal;
            for (int k = 0; k < block; k++) {
                // Beyond l the other factor is zero.
                row[k] = 0;
                EACH_FACTOR {
                    WIDTH(vec) factors = LOAD(zj[k] + t * LANES);
                    s[k] -= factors * LOAD(products + t * LANES);
                    row[k] += factors * LOAD(coefficients + t * LANES);
                }
                diagonal[k] = aj[k][i];
            }
            NAME(each) y, u, tail;
            WIDTH(totals)(s, &y);
            WIDTH(totals)(row, &u);
            y *= tauq, u = diagonal - u - y, tail = u;
            if (first <= i + 1 || first + block > columns) {
                for (size_t k = 0; k < block; k++) {
                    if (first + k <= i || first + k >= columns) { y[k] = 0, u[k] = 0, tail[k] = 0; }
                    if (first + k == i + 1) { tail[k] = 0; }
                }
            }
            *(NAME(each) *)(ut + first) = u;
            for (int k = 0; k < block; k++) { parts_of_square[k] += (double)tail[k] * tail[k]; }
            for (int k = 0; k < block; k++) {
                EACH_FACTOR { with_u[t] += LOAD(zj[k] + t * LANES) * u[k]; }
            }
            // After the sums: a vector read over an entry just written would wait for it.
            y_with_u += y * u;
            for (size_t k = 0; k < block; k++) {
                if (first + k > i && first + k < columns) { zj[k][l] = y[k]; }
            }
            for (size_t r = top; r < rows; r += LANES) {
                WIDTH(vec) even = LOAD(x + r), odd = 0;
                for (int k = 0; k < block; k += 2) {
                    even += LOAD(aj[k] + r) * u[k];
                    odd += LOAD(aj[k + 1] + r) * u[k + 1];
                }
                STORE(x + r, even + odd);
            }
        }
        square = 0;
        for (int k = 0; k < block; k++) { square += parts_of_square[k]; }
        // What was there of column l is of the panel before; beyond it nothing is read.
        EACH_FACTOR { STORE(h + t * LANES, with_u[t]); }
        h[l] = 0;
        for (int k = 0; k < block; k++) { h[l] += y_with_u[k]; }
        squares[2 * member + 1] = square;
        team_wait(barrier, round);

        // The right reflector.
        REAL taup;
        square = 0;
        for (int t = 0; t < members; t++) { square += squares[2 * t + 1]; }
        alpha = ut[i + 1];
        NAME(reflector)(alpha, square, &beta, &taup, &scale);
        for (size_t half = 0; half < nz; half += nb) {
            for (size_t c = half; c < half + l + (half == 0); c++) {
                REAL sum = 0, first = z[(i + 1) * nz + c];
                for (int t = 0; t < members; t++) { sum += p->work[(size_t)t * p->work_each + nz + c]; }
                products[c] = (sum - first * alpha) * scale + first;
            }
        }
        NAME(split)(i + 1, rows, member, members, &from, &to);
        const REAL *next = a + (i + 1) * lda;
        REAL *xl = w + (nb + l) * rows;
        for (size_t r = from; r < to; r += LANES) {
            WIDTH(vec) sum = 0;
            for (int t = 0; t < members; t++) { sum += LOAD(p->work + (size_t)t * p->work_each + 2 * nz + r); }
            sum = (sum - LOAD(next + r) * beta) * scale;
            for (size_t c = 0; c <= l; c++) { sum -= LOAD(w + c * rows + r) * products[c]; }
            for (size_t c = nb; c < nb + l; c++) { sum -= LOAD(w + c * rows + r) * products[c]; }
            STORE(xl + r, sum * taup);
        }
        for (size_t j = own > i ? own : i + 1; j < end && j < columns; j++) {
            REAL u = j == i + 1 ? 1 : ut[j] * scale;
            z[j * nz + nb + l] = u;
            if (j > i + 1) { a[j * lda + i] = u; }
        }
        if (member == 0) { p->e[i] = beta, p->taup[i] = taup; }
    }
}

#undef LOAD
#undef STORE
#undef EACH_PART
#undef EACH_FACTOR
