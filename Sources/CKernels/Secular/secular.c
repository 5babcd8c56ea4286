/// The singular values and vectors of a diagonal matrix with one full row: what divide and conquer merges two halves by.
///
/// M = diag(0, d₁, …) with z for its first row has σ² at the roots of f(x) = 1 + Σ zᵢ²/(dᵢ² − x), one between each two
/// poles. Eight roots are found side by side. x is kept as a distance η from the nearer pole, whose differences with the
/// other poles are exact, so that all σ − dᵢ have relative accuracy (Li, LAPACK working note 89). Vectors come from the z
/// for which the computed roots are the exact ones, and are therefore orthogonal (Gu and Eisenstat, SIAM J. Matrix Anal.
/// Appl. 16, 1995). All in float64, also for float32 matrices: there is little of it.
#include "CKernels.h"
#include "../Dispatch/dispatch.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

enum { lanes = 8, most_iterations = 120 };
typedef double vec __attribute__((ext_vector_type(lanes), aligned(sizeof(double))));
typedef int64_t ints __attribute__((ext_vector_type(lanes), aligned(sizeof(int64_t))));

#define ABS(x) __builtin_elementwise_abs(x)
#define SQRT(x) __builtin_elementwise_sqrt(x)
#define MIN(x, y) __builtin_elementwise_min(x, y)
#define MAX(x, y) __builtin_elementwise_max(x, y)

/// Σ zᵢ²/δᵢ and Σ zᵢ²/δᵢ² over the poles up to and beyond `split`, apart, with δᵢ = dᵢ² − x.
typedef struct {
    vec psi, psi_slope, phi, phi_slope;
} sums;

BODY void add_pole(double di, double zi, const vec *base, const vec *eta, vec *sum, vec *slope) {
    vec inverse = 1 / ((di - *base) * (di + *base) - *eta), term = zi * zi * inverse;
    *sum += term;
    *slope += term * inverse;
}

BODY sums evaluate(const double *d, const double *z, size_t count, const vec *base, const vec *eta, const ints *split) {
    sums s = {0, 0, 0, 0};
    // Lanes hold neighbouring roots: all but a few poles are on the same side of all of them.
    const size_t first = (size_t)(*split)[0] + 1, last = (size_t)(*split)[lanes - 1] + 1;
    for (size_t i = 0; i < first; i++) { add_pole(d[i], z[i], base, eta, &s.psi, &s.psi_slope); }
    for (size_t i = first; i < last; i++) {
        vec sum = 0, slope = 0;
        add_pole(d[i], z[i], base, eta, &sum, &slope);
        ints below = (int64_t)i <= *split;
        s.psi += below ? sum : (vec)0;
        s.psi_slope += below ? slope : (vec)0;
        s.phi += below ? (vec)0 : sum;
        s.phi_slope += below ? (vec)0 : slope;
    }
    for (size_t i = last; i < count; i++) { add_pole(d[i], z[i], base, eta, &s.phi, &s.phi_slope); }
    return s;
}

BODY void gather(const double *x, const ints *index, vec *result) {
    for (int l = 0; l < lanes; l++) { (*result)[l] = x[(*index)[l]]; }
}

/// Roots start ..< start + lanes, of which those from `count` on are copies of the last. Returns how many did not converge.
BODY size_t find_roots(
    const double *d, const double *z, size_t count, double norm, size_t start, size_t end, int64_t *origin, double *shift,
    double *sigma) {
    ints root;
    for (int l = 0; l < lanes; l++) { root[l] = (int64_t)(start + (size_t)l < end ? start + (size_t)l : end - 1); }
    const ints is_last = root == (int64_t)count - 1;
    // The two poles that matter most: those around the root, for the last root the last two.
    const ints low = is_last ? root - 1 : root, high = low + 1;
    vec d_low, d_high, z_low, z_high;
    gather(d, &low, &d_low);
    gather(d, &high, &d_high);
    gather(z, &low, &z_low);
    gather(z, &high, &z_high);
    const vec low_square = z_low * z_low, high_square = z_high * z_high;
    const vec gap = (d_high - d_low) * (d_high + d_low);

    // f halfway to the next pole decides which is nearer; two poles and a constant give the first guess.
    const vec top = norm * norm;
    vec base = is_last ? d_high : d_low, eta = is_last ? top * 0.5 : gap * 0.5;
    sums s = evaluate(d, z, count, &base, &eta, &low);
    vec f = 1 + s.psi + s.phi;
    const ints near_low = !is_last & (f > 0);
    const vec from_low = is_last ? eta + gap : eta, from_high = is_last ? eta : eta - gap;
    const vec rest = f + low_square / from_low + high_square / from_high;
    base = near_low ? d_low : d_high;
    // η between these.
    vec lower = near_low ? (vec)0 : is_last ? (f > 0 ? (vec)0 : eta) : -gap * 0.5;
    vec upper = near_low ? gap * 0.5 : is_last ? (f > 0 ? eta : (vec)top) : (vec)0;
    {
        // rest − a_low/(x − pole_low) − a_high/(x − pole_high) = 0, seen from the base.
        vec sign = near_low ? (vec)1 : (vec)-1;
        vec a = rest * sign * gap + low_square + high_square;
        vec b = sign * (near_low ? low_square : high_square) * gap;
        vec root_of = SQRT(MAX(a * a - 4 * b * rest, (vec)0));
        // Of the two solutions the one nearer to the base, and for the last root the one right of both poles.
        vec near = a > 0 ? 2 * b / (a + root_of) : (a - root_of) / (2 * rest);
        vec right = a > 0 ? (a + root_of) / (2 * rest) : 2 * b / (a - root_of);
        vec guess = is_last ? right : near;
        eta = ((guess > lower) & (guess < upper)) ? guess : 0.5 * (lower + upper);
    }

    const double tolerance = DBL_EPSILON * (8 + sqrt((double)count));
    vec previous = INFINITY;
    ints open = -1;
    for (int iteration = 0; iteration < most_iterations; iteration++) {
        s = evaluate(d, z, count, &base, &eta, &low);
        f = 1 + s.psi + s.phi;
        ints done = ABS(f) <= tolerance * (1 + ABS(s.psi) + ABS(s.phi));
        lower = f <= 0 ? MAX(lower, eta) : lower;
        upper = f >= 0 ? MIN(upper, eta) : upper;
        // Nothing between the bounds any more.
        done |= upper - lower <= 2 * DBL_EPSILON * ABS(eta);
        open &= !done;
        if (!__builtin_reduce_or(open)) { break; }
        // A constant and the two poles with the slopes of both sides ("the middle way").
        vec delta_low = (d_low - base) * (d_low + base) - eta, delta_high = (d_high - base) * (d_high + base) - eta;
        vec slope = s.psi_slope + s.phi_slope;
        vec c = f - delta_low * s.psi_slope - delta_high * s.phi_slope;
        vec a = (delta_low + delta_high) * f - delta_low * delta_high * slope;
        vec b = delta_low * delta_high * f;
        vec root_of = SQRT(MAX(a * a - 4 * b * c, (vec)0));
        vec between = a <= 0 ? (a - root_of) / (2 * c) : 2 * b / (a + root_of);
        vec beyond = a >= 0 ? (a + root_of) / (2 * c) : 2 * b / (a - root_of);
        vec step = is_last ? beyond : between;
        // f rises: a step against it is rounding, Newton's is never wrong in sign.
        step = (f * step < 0) ? step : -f / slope;
        vec next = eta + step;
        // Where it leaves the bounds, or f hardly fell, halve them.
        ints bisect = !((next > lower) & (next < upper));
        if (iteration % 4 == 3) {
            bisect |= ABS(f) > 0.25 * previous;
            previous = ABS(f);
        }
        next = bisect ? 0.5 * (lower + upper) : next;
        eta = open ? next : eta;
    }
    size_t failed = 0;
    for (int l = 0; l < lanes && start + (size_t)l < end; l++) {
        size_t j = start + (size_t)l;
        double root_of = sqrt(base[l] * base[l] + eta[l]);
        origin[j] = near_low[l] ? low[l] : high[l];
        shift[j] = eta[l] / (base[l] + root_of);
        sigma[j] = base[l] + shift[j];
        failed += open[l] != 0;
    }
    return failed;
}

BODY size_t ck_secular_roots_body(
    const double *d, const double *z, size_t count, size_t from, size_t to, int64_t *origin, double *shift,
    double *sigma) {
    double square = 0;
    for (size_t i = 0; i < count; i++) { square += z[i] * z[i]; }
    size_t failed = 0;
    for (size_t j = from; j < to; j += lanes) {
        failed += find_roots(d, z, count, sqrt(square), j, to, origin, shift, sigma);
    }
    return failed;
}

DISPATCH(
    size_t, ck_secular_roots,
    (const double *d, const double *z, size_t count, size_t from, size_t to, int64_t *origin, double *shift,
     double *sigma),
    (d, z, count, from, to, origin, shift, sigma),
    (int level, const double *d, const double *z, size_t count, size_t from, size_t to, int64_t *origin, double *shift,
     double *sigma))

BODY void ck_secular_row_body(
    const double *d, const double *z, size_t count, size_t from, size_t to, const int64_t *origin, const double *shift,
    const double *sigma, double *exact) {
    for (size_t start = from; start < to; start += lanes) {
        ints index;
        for (int l = 0; l < lanes; l++) { index[l] = (int64_t)(start + (size_t)l < to ? start + (size_t)l : to - 1); }
        vec di;
        gather(d, &index, &di);
        const size_t first = start, last = start + lanes < count ? start + lanes : count - 1;
        // (σ_last² − dᵢ²) ∏ (σⱼ² − dᵢ²)/(dⱼ² − dᵢ²), over the poles other than dᵢ.
        vec square = ((d[origin[count - 1]] - di) + shift[count - 1]) * (sigma[count - 1] + di);
        for (size_t j = 0; j < first; j++) {
            square *= ((d[origin[j]] - di) + shift[j]) * (sigma[j] + di) / ((d[j] - di) * (d[j] + di));
        }
        for (size_t j = first; j < last; j++) {
            vec pole = (int64_t)j < index ? (vec)d[j] : (vec)d[j + 1];
            square *= ((d[origin[j]] - di) + shift[j]) * (sigma[j] + di) / ((pole - di) * (pole + di));
        }
        for (size_t j = last; j + 1 < count; j++) {
            square *= ((d[origin[j]] - di) + shift[j]) * (sigma[j] + di) / ((d[j + 1] - di) * (d[j + 1] + di));
        }
        for (int l = 0; l < lanes && start + (size_t)l < to; l++) {
            exact[start + (size_t)l] = copysign(sqrt(fabs(square[l])), z[start + (size_t)l]);
        }
    }
}

DISPATCH(
    void, ck_secular_row,
    (const double *d, const double *z, size_t count, size_t from, size_t to, const int64_t *origin, const double *shift,
     const double *sigma, double *exact),
    (d, z, count, from, to, origin, shift, sigma, exact),
    (int level, const double *d, const double *z, size_t count, size_t from, size_t to, const int64_t *origin,
     const double *shift, const double *sigma, double *exact))

/// The vector of one root, unnormalized, into `out`; returns its length.
BODY double find_vector(
    const double *d, const double *z, size_t count, double base, double shift, double sigma, bool left, double *out) {
    vec squares = 0;
    size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        vec di = *(const vec *)(d + i), zi = *(const vec *)(z + i);
        vec x = zi / (((di - base) - shift) * (di + sigma));
        if (left) {
            x *= di;
            if (i == 0) { x[0] = -1; }
        }
        *(vec *)(out + i) = x;
        squares += x * x;
    }
    double square = 0;
    for (int l = 0; l < lanes; l++) { square += squares[l]; }
    for (; i < count; i++) {
        double x = z[i] / (((d[i] - base) - shift) * (d[i] + sigma));
        if (left) { x = i == 0 ? -1 : x * d[i]; }
        out[i] = x;
        square += x * x;
    }
    return sqrt(square);
}

#define VECTORS(name, real) \
    BODY void name##_body( \
        const double *d, const double *z, size_t count, const int64_t *origin, const double *shift, \
        const double *sigma, size_t from, size_t to, bool left, const int64_t *order, double *work, real *rows, \
        size_t stride) { \
        for (size_t j = from; j < to; j++, rows += stride) { \
            double scale = 1 / find_vector(d, z, count, d[origin[j]], shift[j], sigma[j], left, work); \
            for (size_t p = 0; p < count; p++) { rows[p] = (real)(work[order[p]] * scale); } \
        } \
    } \
    DISPATCH( \
        void, name, \
        (const double *d, const double *z, size_t count, const int64_t *origin, const double *shift, \
         const double *sigma, size_t from, size_t to, bool left, const int64_t *order, double *work, real *rows, \
         size_t stride), \
        (d, z, count, origin, shift, sigma, from, to, left, order, work, rows, stride), \
        (int level, const double *d, const double *z, size_t count, const int64_t *origin, const double *shift, \
         const double *sigma, size_t from, size_t to, bool left, const int64_t *order, double *work, real *rows, \
         size_t stride))

VECTORS(ck_secular_vectors_f32, float)
VECTORS(ck_secular_vectors_f64, double)
