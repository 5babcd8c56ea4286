// The rotations of jacobi_kernel.h.

/// One number of each matrix, and whether something holds for it.
typedef REAL NAME(lane) __attribute__((ext_vector_type(lanes), aligned(sizeof(REAL))));
typedef TYPED(integer) NAME(mask) __attribute__((ext_vector_type(lanes)));

/// The matrices side by side: n columns of A, of m numbers each; n columns of V, of n numbers each; and the squared
/// lengths of the columns of A.
typedef struct {
    NAME(lane) * x, *v, *squares;
    size_t m, n;
} NAME(matrices);

/// Rotates two columns of `count` numbers in every matrix by the angle with this sine. Where `swapped` says so the
/// columns are exchanged before. `halves` are the tangents of half the angles: with them rounding is relative to the
/// change of an entry, not to the entry.
INLINE void NAME(turn)(
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

/// The inner products of two columns of m numbers.
INLINE void NAME(multiply)(const NAME(lane) * x, const NAME(lane) * y, size_t m, NAME(lane) * product) {
    NAME(lane) even = 0, odd = 0;
    size_t i = 0;
    for (; i + 2 <= m; i += 2) {
        even += x[i] * y[i];
        odd += x[i + 1] * y[i + 1];
    }
    if (i < m) { even += x[i] * y[i]; }
    *product = even + odd;
}

/// Makes columns p and q orthogonal, the longer one first, in the matrices that need it; these are added to
/// `rotating`. Columns in descending order need two or three sweeps less (de Rijk, SIAM J. Sci. Stat. Comput. 10,
/// 1989).
INLINE void NAME(rotate_pair)(
    const NAME(matrices) * a, size_t p, size_t q, REAL tolerance, NAME(mask) * rotating) {
    const size_t m = a->m, n = a->n;
    NAME(lane) *xp = a->x + p * m, *vp = a->v + p * n, *xq = a->x + q * m, *vq = a->v + q * n, *squares = a->squares;
    NAME(lane) product;
    NAME(multiply)(xp, xq, m, &product);
    NAME(lane) square = product * product;
    NAME(mask) needed = (square > tolerance * tolerance * squares[p] * squares[q])
        & (square > SMALLEST_PRODUCT * SMALLEST_PRODUCT);
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

/// The squared lengths of all columns.
INLINE void NAME(measure)(const NAME(matrices) * a) {
    for (size_t j = 0; j < a->n; j++) {
        const NAME(lane) *xj = a->x + j * a->m;
        NAME(lane) sum = 0;
        for (size_t i = 0; i < a->m; i++) { sum += xj[i] * xj[i]; }
        a->squares[j] = sum;
    }
}

/// Rotates all pairs of columns once.
INLINE void NAME(sweep)(const NAME(matrices) * a, NAME(mask) * rotating) {
    // Below this cosine two columns count as orthogonal: it is the rounding of their inner product.
    const REAL tolerance = 8 * EPSILON;
    // As many columns as stay in the first-level cache while another one meets them all.
    const size_t block = a->m + a->n <= 64 ? 4 : 2, n = a->n;
    for (size_t first = 0; first < n; first += block) {
        for (size_t q = first + 1; q < n; q++) {
            for (size_t p = first; p < first + block && p < q; p++) {
                NAME(rotate_pair)(a, p, q, tolerance, rotating);
            }
        }
    }
}

/// Rotates all pairs of columns until none needs it. Returns a mask of the matrices that still rotated in the last
/// sweep.
INLINE uint32_t NAME(rotate)(const NAME(matrices) * a) {
    NAME(mask) rotating = 0;
    for (int sweep = 0; sweep < most_sweeps; sweep++) {
        rotating = 0;
        NAME(measure)(a);
        NAME(sweep)(a, &rotating);
        if (!__builtin_reduce_or(rotating)) { return 0; }
    }
    uint32_t mask = 0;
    for (int l = 0; l < lanes; l++) { mask |= (uint32_t)(rotating[l] != 0) << l; }
    return mask;
}
