/// The body of bidiagonalize.c for one scalar type.

typedef REAL NAME(vec) __attribute__((ext_vector_type(LANES), aligned(sizeof(REAL))));

enum {
    NAME(block) = 8,        // columns whose parts of y and x are computed together
    NAME(grain) = 4 * LANES // rows that a member takes at a time
};

#define LOAD(p) (*(const NAME(vec) *)(p))
#define STORE(p, v) (*(NAME(vec) *)(p) = (v))

BODY REAL NAME(total)(const NAME(vec) * v) {
    REAL sum = 0;
    for (int l = 0; l < LANES; l++) { sum += (*v)[l]; }
    return sum;
}

/// The reflector that maps (alpha, x) to (beta, 0), ‖x‖² = square: its scale τ, and what x is multiplied by.
BODY void NAME(reflector)(REAL alpha, double square, REAL *beta, REAL *tau, REAL *scale) {
    if (square == 0) {
        *beta = alpha, *tau = 0, *scale = 0;
        return;
    }
    double length = sqrt((double)alpha * alpha + square);
    double b = alpha > 0 ? -length : length;
    *beta = (REAL)b, *tau = (REAL)((b - alpha) / b), *scale = (REAL)(1 / (alpha - b));
}

/// The rows that a member takes of `first ..< rows`, in whole grains.
BODY void NAME(split)(size_t first, size_t rows, int member, int members, size_t *from, size_t *to) {
    size_t start = first / NAME(grain) * NAME(grain), grains = (rows - start + NAME(grain) - 1) / NAME(grain);
    *from = start + grains * (size_t)member / (size_t)members * NAME(grain);
    *to = start + grains * (size_t)(member + 1) / (size_t)members * NAME(grain);
    if (*to > rows) { *to = rows; }
}

/// Columns start ..< start + width.
BODY void NAME(panel)(
    const NAME(ck_bidiagonal) * p, size_t start, int member, team_barrier *barrier, int *round) {
    const size_t rows = p->padded_rows, columns = p->columns, lda = p->stride, nb = p->width, nz = 2 * nb;
    const int members = atomic_load_explicit(&barrier->members, memory_order_relaxed);
    REAL *a = p->a, *w = p->w, *z = p->z;
    // Of every member: sums of a column's products with the panel's vectors, and a part of x.
    REAL *mine = p->work + (size_t)member * p->work_each;
    REAL *g = mine, *h = g + nz, *x = h + nz;
    // Of all: the column, v, and u before it is scaled.
    REAL *column = p->work + (size_t)members * p->work_each, *ut = column + rows;
    double *squares = p->squares;
    REAL coefficients[nz], products[nz];

    for (size_t l = 0; l < nb && start + l < columns; l++) {
        const size_t i = start + l;
        size_t from, to;
        NAME(split)(i, rows, member, members, &from, &to);
        REAL *ai = a + i * lda;

        // Column i, brought up to date, and its products with the panel's vectors.
        memcpy(coefficients, z + i * nz, nz * sizeof(REAL));
        if (l > 0) { coefficients[nb + l - 1] = 1; }
        NAME(vec) sums[nz];
        memset(sums, 0, sizeof sums);
        double square = 0;
        for (size_t r = from; r < to; r += NAME(grain)) {
            NAME(vec) c0 = LOAD(ai + r), c1 = LOAD(ai + r + LANES), c2 = LOAD(ai + r + 2 * LANES),
                      c3 = LOAD(ai + r + 3 * LANES);
            for (size_t half = 0; half < nz; half += nb) {
                for (size_t c = half; c < half + l; c++) {
                    const REAL *wc = w + c * rows + r, k = coefficients[c];
                    c0 -= LOAD(wc) * k;
                    c1 -= LOAD(wc + LANES) * k;
                    c2 -= LOAD(wc + 2 * LANES) * k;
                    c3 -= LOAD(wc + 3 * LANES) * k;
                }
            }
            STORE(column + r, c0);
            STORE(column + r + LANES, c1);
            STORE(column + r + 2 * LANES, c2);
            STORE(column + r + 3 * LANES, c3);
            if (r <= i) {
                // Rows above the diagonal hold what is done.
                for (size_t k = r; k < i; k++) { column[k] = 0; }
                c0 = LOAD(column + r), c1 = LOAD(column + r + LANES), c2 = LOAD(column + r + 2 * LANES),
                c3 = LOAD(column + r + 3 * LANES);
            }
            for (int k = 0; k < NAME(grain); k++) { square += (double)column[r + k] * column[r + k]; }
            if (r <= i && i < r + NAME(grain)) { square -= (double)column[i] * column[i]; }
            for (size_t half = 0; half < nz; half += nb) {
                for (size_t c = half; c < half + l; c++) {
                    const REAL *wc = w + c * rows + r;
                    sums[c] += (LOAD(wc) * c0 + LOAD(wc + LANES) * c1) + (LOAD(wc + 2 * LANES) * c2 + LOAD(wc + 3 * LANES) * c3);
                }
            }
        }
        for (size_t half = 0; half < nz; half += nb) {
            for (size_t c = half; c < half + l; c++) { g[c] = NAME(total)(&sums[c]); }
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
        REAL *vl = w + l * rows;
        for (size_t r = from; r < to; r++) {
            REAL v = r < i ? 0 : r == i ? 1 : column[r] * scale;
            vl[r] = v;
            if (r > i) { ai[r] = v; }
        }
        if (member == 0) { p->d[i] = beta, p->tauq[i] = tauq; }
        // Row i of the panel's vectors, which the columns need.
        memset(coefficients, 0, sizeof coefficients);
        for (size_t half = 0; half < nz; half += nb) {
            for (size_t c = half; c < half + l; c++) { coefficients[c] = w[c * rows + i]; }
        }
        team_wait(barrier, round);
        if (i + 1 >= columns) { break; }

        // The rest of the matrix, once: y = τ(Aᵀv − …), row − y, and its product with the same columns.
        const size_t top = i / LANES * LANES;
        memset(x + top, 0, (rows - top) * sizeof(REAL));
        memset(h, 0, nz * sizeof(REAL));
        square = 0;
        for (size_t first = (i + 1) / NAME(block) * NAME(block); first < columns; first += NAME(block)) {
            if ((first / NAME(block)) % (size_t)members != (size_t)member) { continue; }
            const REAL *aj[NAME(block)];
            // Columns outside of the rest are read as its last, and dropped.
            for (size_t k = 0; k < NAME(block); k++) {
                size_t j = first + k;
                aj[k] = a + (j <= i || j >= columns ? columns - 1 : j) * lda;
            }
            NAME(vec) s[NAME(block)];
            for (int k = 0; k < NAME(block); k++) { s[k] = 0; }
            for (size_t r = top; r < rows; r += LANES) {
                NAME(vec) v = LOAD(vl + r);
                for (int k = 0; k < NAME(block); k++) { s[k] += LOAD(aj[k] + r) * v; }
            }
            REAL u[NAME(block)];
            for (size_t k = 0; k < NAME(block); k++) {
                size_t j = first + k;
                u[k] = 0;
                if (j <= i || j >= columns) { continue; }
                REAL *zj = z + j * nz;
                // Beyond l the factors are zero.
                NAME(vec) correction = 0, row = 0;
                for (size_t half = 0; half < nz; half += nb) {
                    for (size_t c = half; c < half + l; c += LANES) {
                        correction += LOAD(zj + c) * LOAD(products + c);
                        row += LOAD(zj + c) * LOAD(coefficients + c);
                    }
                }
                REAL y = tauq * (NAME(total)(&s[k]) - NAME(total)(&correction));
                u[k] = aj[k][i] - NAME(total)(&row) - y;
                zj[l] = y;
                ut[j] = u[k];
                if (j > i + 1) { square += (double)u[k] * u[k]; }
                for (size_t half = 0; half < nz; half += nb) {
                    for (size_t c = half; c <= half + l; c += LANES) { STORE(h + c, LOAD(h + c) + LOAD(zj + c) * u[k]); }
                }
            }
            for (size_t r = top; r < rows; r += LANES) {
                NAME(vec) even = LOAD(x + r), odd = 0;
                for (int k = 0; k < NAME(block); k += 2) {
                    even += LOAD(aj[k] + r) * u[k];
                    odd += LOAD(aj[k + 1] + r) * u[k + 1];
                }
                STORE(x + r, even + odd);
            }
        }
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
            NAME(vec) sum = 0;
            for (int t = 0; t < members; t++) { sum += LOAD(p->work + (size_t)t * p->work_each + 2 * nz + r); }
            sum = (sum - LOAD(next + r) * beta) * scale;
            for (size_t c = 0; c <= l; c++) { sum -= LOAD(w + c * rows + r) * products[c]; }
            for (size_t c = nb; c < nb + l; c++) { sum -= LOAD(w + c * rows + r) * products[c]; }
            STORE(xl + r, sum * taup);
        }
        for (size_t first = (i + 1) / NAME(block) * NAME(block); first < columns; first += NAME(block)) {
            if ((first / NAME(block)) % (size_t)members != (size_t)member) { continue; }
            for (size_t j = first > i ? first : i + 1; j < first + NAME(block) && j < columns; j++) {
                REAL u = j == i + 1 ? 1 : ut[j] * scale;
                z[j * nz + nb + l] = u;
                if (j > i + 1) { a[j * lda + i] = u; }
            }
        }
        if (member == 0) { p->e[i] = beta, p->taup[i] = taup; }
    }
}

#define ARGUMENTS const NAME(ck_bidiagonal) * p, size_t start, int member, team_barrier *barrier, int *round
FOR_V4 static void NAME(panel_v4)(ARGUMENTS) { NAME(panel)(p, start, member, barrier, round); }
FOR_V3 static void NAME(panel_v3)(ARGUMENTS) { NAME(panel)(p, start, member, barrier, round); }
static void NAME(panel_v0)(ARGUMENTS) { NAME(panel)(p, start, member, barrier, round); }
#undef ARGUMENTS

typedef struct {
    const NAME(ck_bidiagonal) * problem;
    team_barrier *barrier;
    int level, member;
} NAME(task);

/// What each member does: its share of every panel, and of the update after it.
static void *NAME(run)(void *argument) {
    const NAME(task) *task = argument;
    const NAME(ck_bidiagonal) *p = task->problem;
    int round = 0;
    team_assemble(task->barrier);
    const size_t members = (size_t)atomic_load_explicit(&task->barrier->members, memory_order_relaxed);
    for (size_t start = 0; start < p->columns; start += p->width) {
        (task->level >= 4 ? NAME(panel_v4) : task->level >= 3 ? NAME(panel_v3) : NAME(panel_v0))(
            p, start, task->member, task->barrier, &round);
        const size_t next = start + p->width, rank = 2 * p->width;
        team_wait(task->barrier, &round);
        if (next >= p->columns) { break; }
        const size_t left = p->columns - next;
        const size_t from = next + left * (size_t)task->member / members;
        const size_t to = next + left * (size_t)(task->member + 1) / members;
        if (from < to) {
            p->subtract_product(
                (int)(to - from), (int)(p->rows - next), (int)rank, p->z + from * rank, (int)rank, p->w + next,
                (int)p->padded_rows, p->a + from * p->stride + next, (int)p->stride);
        }
        team_wait(task->barrier, &round);
    }
    return NULL;
}

size_t NAME(ck_bidiagonal_workspace)(size_t padded_rows, size_t columns, size_t width, int members) {
    return (size_t)members * (4 * width + padded_rows + LANES) + padded_rows + columns;
}

void NAME(ck_bidiagonalize_at)(int level, NAME(ck_bidiagonal) problem, int members) {
    if (members > most_members) { members = most_members; }
    problem.work_each = 4 * problem.width + problem.padded_rows + LANES;
    double squares[2 * most_members];
    problem.squares = squares;
    team_barrier barrier = {0, 0, 0};
    pthread_t threads[most_members];
    NAME(task) tasks[most_members];
    int started = 1;
    for (; started < members; started++) {
        tasks[started] = (NAME(task)){&problem, &barrier, level, started};
        if (pthread_create(&threads[started], NULL, NAME(run), &tasks[started])) { break; }
    }
    tasks[0] = (NAME(task)){&problem, &barrier, level, 0};
    atomic_store_explicit(&barrier.members, started, memory_order_release);
    NAME(run)(&tasks[0]);
    for (int t = 1; t < started; t++) { pthread_join(threads[t], NULL); }
}

void NAME(ck_bidiagonalize)(NAME(ck_bidiagonal) problem, int members) {
    NAME(ck_bidiagonalize_at)(ck_level(), problem, members);
}

#undef LOAD
#undef STORE
