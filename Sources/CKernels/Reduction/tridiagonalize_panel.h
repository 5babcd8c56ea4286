/// A panel of the tridiagonal reduction, for one scalar type and vectors of LANES numbers.

/// Rows r ..< r + LANES of τ(Av − V(Wᵀv) − W(Vᵀv)) + half·v.
BODY void WIDTH(column_of_w)(
    const NAME(ck_reduction) * p, int members, size_t l, const REAL *products, REAL tau, REAL half, const REAL *v,
    size_t r, WIDTH(vec) * out) {
    const size_t rows = p->padded_rows;
    const REAL *w = p->w + r;
    WIDTH(vec) sum = 0;
    for (int t = 0; t < members; t++) { sum += LOAD(p->work + (size_t)t * p->work_each + nz + r); }
    for (size_t c = 0; c < l; c++) { sum -= LOAD(w + c * rows) * products[nb + c]; }
    for (size_t c = 0; c < l; c++) { sum -= LOAD(w + (nb + c) * rows) * products[c]; }
    *out = sum * tau + LOAD(v + r) * half;
}

/// Columns start ..< start + nb.
BODY void WIDTH(panel)(
    const NAME(ck_reduction) * p, size_t start, int member, team_barrier *barrier, int *round) {
    const size_t rows = p->padded_rows, order = p->columns, lda = p->stride, size = NAME(strip)(order);
    const int members = atomic_load_explicit(&barrier->members, memory_order_relaxed);
    REAL *a = p->a, *w = p->w;
    // Of every member: sums of a column's products with the panel's vectors, and its part of Av.
    REAL *g = p->work + (size_t)member * p->work_each, *x = g + nz, *v = x + rows;
    // Of all.
    REAL *column = p->work + (size_t)members * p->work_each;
    double *squares = p->squares;
    REAL coefficients[nz], products[nz], newest = 0;

    for (size_t l = 0; l < nb && start + l < order; l++) {
        const size_t i = start + l;
        size_t from, to;
        NAME(split)(i, rows, member, members, &from, &to);
        REAL *ai = a + i * lda;

        // Column i, brought up to date, and its products with the panel's vectors.
        for (size_t c = 0; c < l; c++) {
            coefficients[c] = w[(nb + c) * rows + i], coefficients[nb + c] = w[c * rows + i];
        }
        // Another member may not have written it yet.
        if (l > 0) { coefficients[l - 1] = newest; }
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
            size_t first = 0;
            if (r <= i) {
                p->d[i] = column[i];
                for (size_t k = r; k <= i; k++) { column[k] = 0; }
                EACH_PART { part[t] = LOAD(column + r + t * LANES); }
            }
            // Without the entry that stays: taking it away later would cancel.
            if (r <= i + 1) { first = i + 2 - r; }
            for (size_t k = first; k < grain; k++) { square += (double)column[r + k] * column[r + k]; }
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
        if (i + 1 >= order) { break; }

        // The reflector, whole by each member.
        REAL alpha = column[i + 1], beta, tau, scale;
        square = 0;
        for (int t = 0; t < members; t++) { square += squares[2 * t]; }
        NAME(reflector)(alpha, square, &beta, &tau, &scale);
        double common = 0;
        for (size_t c = 0; c < l; c++) {
            for (size_t half = 0; half < nz; half += nb) {
                REAL sum = 0, first = w[(half + c) * rows + i + 1];
                for (int t = 0; t < members; t++) { sum += p->work[(size_t)t * p->work_each + half + c]; }
                products[half + c] = (sum - first * alpha) * scale + first;
            }
            common += (double)products[c] * products[nb + c];
        }
        const size_t top = (i + 1) / grain * grain;
        for (size_t r = top; r < rows; r++) { v[r] = column[r] * scale; }
        for (size_t r = top; r <= i; r++) { v[r] = 0; }
        v[i + 1] = 1;
        for (size_t r = from; r < to; r++) { w[l * rows + r] = r < top ? 0 : v[r]; }
        for (size_t r = from > i + 1 ? from : i + 2; r < to; r++) { ai[r] = v[r]; }
        if (member == 0) { p->e[i] = beta, p->tauq[i] = tau; }

        // Av, each entry of a triangle for both of its sums; what stands left of the diagonal is zero.
        memset(x + top, 0, (rows - top) * sizeof(REAL));
        for (size_t s = (i + 1) / size; s * size < order; s++) {
            if (s % (size_t)members != (size_t)member) { continue; }
            for (size_t j = s * size > i ? s * size : (i + 1) / block * block; j < (s + 1) * size && j < order;
                 j += block) {
                const REAL *aj[block];
                NAME(each) diagonal, u = *(NAME(each) *)(v + j), total;
                WIDTH(vec) sum[block];
                for (size_t k = 0; k < block; k++) { aj[k] = a + (j + k) * lda, diagonal[k] = aj[k][j + k], sum[k] = 0; }
                for (size_t r = j / LANES * LANES; r < rows; r += LANES) {
                    WIDTH(vec) vr = LOAD(v + r), even = LOAD(x + r), odd = 0;
                    for (int k = 0; k < block; k += 2) {
                        WIDTH(vec) one = LOAD(aj[k] + r), other = LOAD(aj[k + 1] + r);
                        sum[k] += one * vr, even += one * u[k];
                        sum[k + 1] += other * vr, odd += other * u[k + 1];
                    }
                    STORE(x + r, even + odd);
                }
                WIDTH(totals)(sum, &total);
                *(NAME(each) *)(x + j) += total - diagonal * u;
            }
        }
        WIDTH(vec) product = 0;
        for (size_t r = top; r < rows; r += LANES) { product += LOAD(v + r) * LOAD(x + r); }
        squares[2 * member + 1] = WIDTH(total)(&product);
        team_wait(barrier, member, round);

        // w = τ(Av − …) − ½τ(that)ᵀv·v, of which vᵀAv is known from the parts.
        double length = -2 * common;
        for (int t = 0; t < members; t++) { length += squares[2 * t + 1]; }
        const REAL half = (REAL)(-0.5 * tau * (tau * length));
        NAME(split)(i + 1, rows, member, members, &from, &to);
        WIDTH(vec) out;
        for (size_t r = from; r < to; r += LANES) {
            WIDTH(column_of_w)(p, members, l, products, tau, half, v, r, &out);
            STORE(w + (nb + l) * rows + r, out);
        }
        const size_t next = (i + 1) / LANES * LANES;
        WIDTH(column_of_w)(p, members, l, products, tau, half, v, next, &out);
        newest = ((const REAL *)&out)[i + 1 - next];
    }
}
