/// The body of jacobi.c for one scalar type.

typedef REAL NAME(lane) __attribute__((ext_vector_type(lanes), aligned(sizeof(REAL))));
typedef INTEGER NAME(mask) __attribute__((ext_vector_type(lanes)));

/// Rotates two columns of `count` vectors, exchanged before where `swapped` says so, by this sine; `halves` are the tangents of
/// half the angles, with which rounding is relative to the change and not to the entry.
BODY void NAME(turn)(
    NAME(lane) * x, NAME(lane) * y, size_t count, const NAME(lane) * sine, const NAME(lane) * halves,
    const NAME(mask) * swapped, bool are_swapped) {
    const NAME(lane) s = *sine, half = *halves;
    const NAME(mask) swap = *swapped;
    for (size_t i = 0; i < count; i++) {
        NAME(lane) a = are_swapped ? (swap ? y[i] : x[i]) : x[i], b = are_swapped ? (swap ? x[i] : y[i]) : y[i];
        x[i] = a - s * (b + half * a);
        y[i] = b + s * (a - half * b);
    }
}

/// Makes columns p and q orthogonal in the lanes that need it, which are added to `rotating`, the longer one first: columns in
/// descending order need two or three sweeps less (de Rijk, SIAM J. Sci. Stat. Comput. 10, 1989).
BODY void NAME(rotate_pair)(
    NAME(lane) * x, NAME(lane) * v, NAME(lane) * squares, size_t m, size_t n, size_t p, size_t q, REAL tolerance,
    NAME(mask) * rotating) {
    NAME(lane) *xp = x + p * m, *vp = v + p * n, *xq = x + q * m, *vq = v + q * n;
    NAME(lane) even = 0, odd = 0;
    size_t i = 0;
    for (; i + 2 <= m; i += 2) {
        even += xp[i] * xq[i];
        odd += xp[i + 1] * xq[i + 1];
    }
    if (i < m) { even += xp[i] * xq[i]; }
    NAME(lane) product = even + odd, square = product * product;
    NAME(mask) needed = (square > tolerance * tolerance * squares[p] * squares[q])
        & (square > (REAL)FLOOR * (REAL)FLOOR);
    if (!__builtin_reduce_or(needed)) { return; }
    *rotating |= needed;
    NAME(mask) swap = needed & (squares[q] > squares[p]);
    NAME(lane) longer = swap ? squares[q] : squares[p], shorter = swap ? squares[p] : squares[q];
    // The smaller angle that makes the two orthogonal; where it is not needed, none.
    NAME(lane) difference = (shorter - longer) * (REAL)0.5;
    NAME(lane) root = __builtin_elementwise_sqrt(difference * difference + square);
    NAME(lane) t = -product / (needed ? __builtin_elementwise_abs(difference) + root : (NAME(lane))1);
    t = needed ? t : (NAME(lane))0;
    NAME(lane) w = __builtin_elementwise_sqrt(1 + t * t), s = t / w, half = t / (1 + w);
    if (__builtin_reduce_or(swap)) {
        NAME(turn)(xp, xq, m, &s, &half, &swap, true);
        NAME(turn)(vp, vq, n, &s, &half, &swap, true);
    } else {
        NAME(turn)(xp, xq, m, &s, &half, &swap, false);
        NAME(turn)(vp, vq, n, &s, &half, &swap, false);
    }
    // Rounding can leave a vanished column with a negative square.
    squares[p] = longer - t * product;
    squares[q] = __builtin_elementwise_max(shorter + t * product, (NAME(lane))0);
}

/// Rotates all pairs of columns until none needs it. x: [n][m] vectors, v: [n][n] vectors, squares: [n].
/// Returns a mask of the lanes that still rotate after the last sweep.
BODY uint32_t NAME(rotate)(NAME(lane) * x, NAME(lane) * v, NAME(lane) * squares, size_t m, size_t n) {
    // Below this cosine two columns count as orthogonal: the rounding of their inner product.
    const REAL tolerance = 8 * EPSILON;
    // As many columns as stay in the first-level cache while another one meets them all.
    const size_t block = m + n <= 64 ? 4 : 2;
    NAME(mask) rotating = 0;
    for (int sweep = 0; sweep < most_sweeps; sweep++) {
        rotating = 0;
        for (size_t j = 0; j < n; j++) {
            NAME(lane) sum = 0;
            for (size_t i = 0; i < m; i++) { sum += x[j * m + i] * x[j * m + i]; }
            squares[j] = sum;
        }
        for (size_t first = 0; first < n; first += block) {
            for (size_t q = first + 1; q < n; q++) {
                for (size_t p = first; p < first + block && p < q; p++) {
                    NAME(rotate_pair)(x, v, squares, m, n, p, q, tolerance, &rotating);
                }
            }
        }
        if (!__builtin_reduce_or(rotating)) { return 0; }
    }
    uint32_t mask = 0;
    for (int l = 0; l < lanes; l++) { mask |= (uint32_t)(rotating[l] != 0) << l; }
    return mask;
}

/// Makes column j of u (m×n, row-major) a unit vector orthogonal to the columns before it.
static void NAME(complete)(REAL *u, size_t m, size_t n, size_t j) {
    REAL best = -1;
    size_t start = 0;
    // The axis that they cover least.
    for (size_t i = 0; i < m; i++) {
        REAL covered = 0;
        for (size_t k = 0; k < j; k++) { covered += u[i * n + k] * u[i * n + k]; }
        if (1 - covered > best) { best = 1 - covered, start = i; }
    }
    for (size_t i = 0; i < m; i++) { u[i * n + j] = i == start; }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t k = 0; k < j; k++) {
            REAL dot = 0;
            for (size_t i = 0; i < m; i++) { dot += u[i * n + j] * u[i * n + k]; }
            for (size_t i = 0; i < m; i++) { u[i * n + j] -= dot * u[i * n + k]; }
        }
        REAL square = 0;
        for (size_t i = 0; i < m; i++) { square += u[i * n + j] * u[i * n + j]; }
        for (size_t i = 0; i < m; i++) { u[i * n + j] /= SQRT(square); }
    }
}

/// Lengths of the columns of x, which become unit vectors, with the sign that the rule of the library gives v.
BODY void NAME(normalize)(NAME(lane) * x, NAME(lane) * v, NAME(lane) * lengths, size_t m, size_t n) {
    for (size_t j = 0; j < n; j++) {
        NAME(lane) *xj = x + j * m, *vj = v + j * n, square = 0, largest = 0, sign = 1;
        for (size_t i = 0; i < m; i++) { square += xj[i] * xj[i]; }
        for (size_t i = 0; i < n; i++) {
            largest = __builtin_elementwise_max(largest, __builtin_elementwise_abs(vj[i]));
        }
        largest *= (REAL)(1 - 1e-4);
        // Backwards, so that the first of the large entries decides.
        for (size_t i = n; i-- > 0;) {
            NAME(lane) direction = vj[i] < 0 ? (NAME(lane)) - 1 : (NAME(lane))1;
            sign = __builtin_elementwise_abs(vj[i]) >= largest ? direction : sign;
        }
        lengths[j] = __builtin_elementwise_sqrt(square);
        NAME(lane) scale = sign / (lengths[j] > 0 ? lengths[j] : (NAME(lane))1);
        for (size_t i = 0; i < m; i++) { xj[i] *= scale; }
        for (size_t i = 0; i < n; i++) { vj[i] *= sign; }
    }
}

/// Writes the factors of lane l in descending order.
BODY void NAME(collect)(
    const REAL *x, const REAL *v, const REAL *lengths, size_t l, int exponent, size_t m, size_t n, REAL *u, REAL *sigma,
    REAL *vt) {
    size_t order[n];
    for (size_t j = 0; j < n; j++) {
        size_t k = j;
        for (; k > 0 && lengths[order[k - 1] * lanes + l] < lengths[j * lanes + l]; k--) { order[k] = order[k - 1]; }
        order[k] = j;
    }
    const REAL negligible = lengths[order[0] * lanes + l] * EPSILON * (REAL)m;
    size_t known = 0;
    for (size_t k = 0; k < n; k++) {
        const REAL *xj = x + order[k] * m * lanes + l, *vj = v + order[k] * n * lanes + l;
        REAL length = lengths[order[k] * lanes + l];
        sigma[k] = LDEXP(length, exponent);
        for (size_t i = 0; i < n; i++) { vt[k * n + i] = vj[i * lanes]; }
        for (size_t i = 0; i < m; i++) { u[i * n + k] = xj[i * lanes]; }
        known += length > negligible;
    }
    // What stands for a zero has no direction of its own.
    for (size_t k = known; k < n; k++) { NAME(complete)(u, m, n, k); }
}

BODY uint32_t NAME(ck_jacobi_body)(
    const REAL *a, size_t count, size_t m, size_t n, REAL *u, REAL *sigma, REAL *vt, REAL *work) {
    REAL *x = work, *v = x + lanes * m * n, *squares = v + lanes * n * n;
    int exponents[lanes];
    for (size_t l = 0; l < lanes; l++) {
        // Lanes without a matrix of their own repeat the last. Each is scaled by a power of two to entries near 1, so
        // that no square leaves the range.
        const REAL *source = a + (l < count ? l : count - 1) * m * n;
        REAL largest = 0;
        for (size_t i = 0; i < m * n; i++) {
            REAL size = source[i] < 0 ? -source[i] : source[i];
            largest = size > largest ? size : largest;
        }
        FREXP(largest, &exponents[l]);
        // In two steps: the factor alone may not be representable.
        REAL half = LDEXP((REAL)1, -exponents[l] / 2), rest = LDEXP((REAL)1, -exponents[l] - -exponents[l] / 2);
        for (size_t i = 0; i < m; i++) {
            for (size_t j = 0; j < n; j++) { x[(j * m + i) * lanes + l] = source[i * n + j] * half * rest; }
        }
    }
    memset(v, 0, lanes * n * n * sizeof(REAL));
    for (size_t j = 0; j < n; j++) {
        for (size_t l = 0; l < lanes; l++) { v[(j * n + j) * lanes + l] = 1; }
    }
    uint32_t failed = NAME(rotate)((NAME(lane) *)x, (NAME(lane) *)v, (NAME(lane) *)squares, m, n);
    NAME(normalize)((NAME(lane) *)x, (NAME(lane) *)v, (NAME(lane) *)squares, m, n);
    for (size_t l = 0; l < count; l++) {
        NAME(collect)(x, v, squares, l, exponents[l], m, n, u + l * m * n, sigma + l * n, vt + l * n * n);
    }
    return failed & ((1u << count) - 1);
}
