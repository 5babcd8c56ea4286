// The roots of the secular function: the first kernel of secular.c.

/// Eight roots that are searched for, as base² + eta with eta between `lower` and `upper`.
typedef struct {
    /// Whether it is the largest root, which no pole bounds from above; whether the lower pole is the nearer one.
    ints is_last, near_low;
    /// The two poles that matter most: those around the root, for the last root the last two.
    ints low, high;
    vec d_low, d_high, z_low, z_high;
    vec base, eta, lower, upper;
} NAME(search);

/// Chooses the base and the first guess of each root. norm: of the row.
INLINE void NAME(begin)(const ck_secular_matrix *m, double norm, NAME(search) * s) {
    const vec low_square = s->z_low * s->z_low, high_square = s->z_high * s->z_high;
    const vec gap = (s->d_high - s->d_low) * (s->d_high + s->d_low);
    const ints is_last = s->is_last;

    // f halfway to the next pole decides which is nearer; two poles and a constant give the first guess.
    const vec top = norm * norm;
    vec base = is_last ? s->d_high : s->d_low, eta = is_last ? top * 0.5 : gap * 0.5;
    secular_sums sums;
    evaluate(m, &base, &eta, &s->low, &sums);
    vec f = 1 + sums.psi + sums.phi;
    const ints near_low = !is_last & (f > 0);
    const vec from_low = is_last ? eta + gap : eta, from_high = is_last ? eta : eta - gap;
    const vec rest = f + low_square / from_low + high_square / from_high;
    vec lower = near_low ? (vec)0 : is_last ? (f > 0 ? (vec)0 : eta) : -gap * 0.5;
    vec upper = near_low ? gap * 0.5 : is_last ? (f > 0 ? eta : (vec)top) : (vec)0;
    // Solves rest − a_low/(x − pole_low) − a_high/(x − pole_high) = 0, seen from the base.
    vec sign = near_low ? (vec)1 : (vec)-1;
    vec a = rest * sign * gap + low_square + high_square;
    vec b = sign * (near_low ? low_square : high_square) * gap;
    vec root_of = SQRT(MAX(a * a - 4 * b * rest, (vec)0));
    // Of the two solutions the one nearer to the base, and for the last root the one right of both poles.
    vec near = a > 0 ? 2 * b / (a + root_of) : (a - root_of) / (2 * rest);
    vec right = a > 0 ? (a + root_of) / (2 * rest) : 2 * b / (a - root_of);
    vec guess = is_last ? right : near;
    s->near_low = near_low, s->base = near_low ? s->d_low : s->d_high;
    s->lower = lower, s->upper = upper;
    s->eta = ((guess > lower) & (guess < upper)) ? guess : 0.5 * (lower + upper);
}

/// The root of a constant and the two poles with the slopes of both sides ("the middle way"): the step towards it.
INLINE void NAME(step)(const NAME(search) * s, const secular_sums *sums, const vec *value, vec *result) {
    const vec base = s->base, eta = s->eta, f = *value;
    vec delta_low = (s->d_low - base) * (s->d_low + base) - eta;
    vec delta_high = (s->d_high - base) * (s->d_high + base) - eta;
    vec slope = sums->psi_slope + sums->phi_slope;
    vec c = f - delta_low * sums->psi_slope - delta_high * sums->phi_slope;
    vec a = (delta_low + delta_high) * f - delta_low * delta_high * slope;
    vec b = delta_low * delta_high * f;
    vec root_of = SQRT(MAX(a * a - 4 * b * c, (vec)0));
    vec between = a <= 0 ? (a - root_of) / (2 * c) : 2 * b / (a + root_of);
    vec beyond = a >= 0 ? (a + root_of) / (2 * c) : 2 * b / (a - root_of);
    vec step = s->is_last ? beyond : between;
    // f rises: a step against it is rounding. Newton's step never has the wrong sign.
    *result = (f * step < 0) ? step : -f / slope;
}

/// Improves the roots until f vanishes to rounding; returns in `open` those for which it does not.
INLINE void NAME(iterate)(const ck_secular_matrix *m, NAME(search) * s, ints *open) {
    const double tolerance = DBL_EPSILON * (8 + sqrt((double)m->count));
    vec previous = INFINITY;
    *open = -1;
    for (int iteration = 0; iteration < most_iterations; iteration++) {
        secular_sums sums;
        evaluate(m, &s->base, &s->eta, &s->low, &sums);
        vec f = 1 + sums.psi + sums.phi;
        ints done = ABS(f) <= tolerance * (1 + ABS(sums.psi) + ABS(sums.phi));
        s->lower = f <= 0 ? MAX(s->lower, s->eta) : s->lower;
        s->upper = f >= 0 ? MIN(s->upper, s->eta) : s->upper;
        // Nothing is left between the bounds.
        done |= s->upper - s->lower <= 2 * DBL_EPSILON * ABS(s->eta);
        *open &= !done;
        if (!__builtin_reduce_or(*open)) { break; }
        vec step;
        NAME(step)(s, &sums, &f, &step);
        vec next = s->eta + step;
        // Where the step leaves the bounds, or f hardly fell, halve them instead.
        ints bisect = !((next > s->lower) & (next < s->upper));
        if (iteration % 4 == 3) {
            bisect |= ABS(f) > 0.25 * previous;
            previous = ABS(f);
        }
        next = bisect ? 0.5 * (s->lower + s->upper) : next;
        s->eta = *open ? next : s->eta;
    }
}

/// Roots start ..< start + lanes, as far as they are below `end`. Returns how many did not converge.
INLINE size_t NAME(find_roots)(
    const ck_secular_matrix *m, double norm, size_t start, size_t end, ck_secular_root *roots) {
    ints root, open;
    indices(start, end, &root);
    NAME(search) s;
    s.is_last = root == (int64_t)m->count - 1;
    s.low = s.is_last ? root - 1 : root, s.high = s.low + 1;
    gather(m->poles, &s.low, &s.d_low);
    gather(m->poles, &s.high, &s.d_high);
    gather(m->row, &s.low, &s.z_low);
    gather(m->row, &s.high, &s.z_high);
    NAME(begin)(m, norm, &s);
    NAME(iterate)(m, &s, &open);
    size_t failed = 0;
    for (int l = 0; l < lanes && start + (size_t)l < end; l++) {
        ck_secular_root *found = roots + start + (size_t)l;
        double root_of = sqrt(s.base[l] * s.base[l] + s.eta[l]);
        found->origin = s.near_low[l] ? s.low[l] : s.high[l];
        found->shift = s.eta[l] / (s.base[l] + root_of);
        found->value = s.base[l] + found->shift;
        failed += open[l] != 0;
    }
    return failed;
}

KERNEL(
    size_t, ck_secular_roots, (ck_secular_matrix, matrix), (size_t, from), (size_t, to), (ck_secular_root *, roots)) {
    double square = 0;
    for (size_t i = 0; i < matrix.count; i++) { square += matrix.row[i] * matrix.row[i]; }
    size_t failed = 0;
    for (size_t j = from; j < to; j += lanes) { failed += NAME(find_roots)(&matrix, sqrt(square), j, to, roots); }
    return failed;
}
