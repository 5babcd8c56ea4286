/// A panel of the bidiagonal reduction, for one scalar type and vectors of LANES numbers.

/// Columns start ..< start + nb.
BODY void WIDTH(panel)(
    const NAME(ck_reduction) * p, size_t start, int member, team_barrier *barrier, int *round) {
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
        for (size_t r = from; r < to; r += grain) {
            WIDTH(vec) part[grain / LANES];
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
            if (r <= i && i < r + grain) {
                for (size_t k = i + 1; k < r + grain; k++) { square += (double)column[k] * column[k]; }
            } else {
                for (int k = 0; k < grain; k++) { square += (double)column[r + k] * column[r + k]; }
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
        team_wait(barrier, member, round);

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
        WIDTH(vec) with_u[nz / LANES];
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
        team_wait(barrier, member, round);

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
