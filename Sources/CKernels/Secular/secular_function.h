/// The function of secular.c, whose roots are the squares of the singular values, at eight places side by side.
#ifndef SECULAR_FUNCTION_H
#define SECULAR_FUNCTION_H

#include "../Dispatch/kernel.h"

#include <float.h>
#include <math.h>

enum { lanes = 8, most_iterations = 120 };
typedef double vec __attribute__((ext_vector_type(lanes), aligned(sizeof(double))));
typedef int64_t ints __attribute__((ext_vector_type(lanes), aligned(sizeof(int64_t))));

#define ABS(x) __builtin_elementwise_abs(x)
#define SQRT(x) __builtin_elementwise_sqrt(x)
#define MIN(x, y) __builtin_elementwise_min(x, y)
#define MAX(x, y) __builtin_elementwise_max(x, y)

/// Σ zᵢ²/δᵢ and Σ zᵢ²/δᵢ² with δᵢ = dᵢ² − x, apart for the poles up to a split and for those beyond.
typedef struct {
    vec psi, psi_slope, phi, phi_slope;
} secular_sums;

INLINE void add_pole(double di, double zi, const vec *base, const vec *eta, vec *sum, vec *slope) {
    vec inverse = 1 / ((di - *base) * (di + *base) - *eta), term = zi * zi * inverse;
    *sum += term;
    *slope += term * inverse;
}

/// The sums at x = base² + eta.
INLINE void evaluate(
    const ck_secular_matrix *m, const vec *base, const vec *eta, const ints *split, secular_sums *sums) {
    const double *d = m->poles, *z = m->row;
    secular_sums s = {0, 0, 0, 0};
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
    for (size_t i = last; i < m->count; i++) { add_pole(d[i], z[i], base, eta, &s.phi, &s.phi_slope); }
    *sums = s;
}

INLINE void gather(const double *x, const ints *index, vec *result) {
    for (int l = 0; l < lanes; l++) { (*result)[l] = x[(*index)[l]]; }
}

/// Indices start ..< start + lanes; those from `end` on are the last one once more.
INLINE void indices(size_t start, size_t end, ints *result) {
    for (int l = 0; l < lanes; l++) { (*result)[l] = (int64_t)(start + (size_t)l < end ? start + (size_t)l : end - 1); }
}

#endif
