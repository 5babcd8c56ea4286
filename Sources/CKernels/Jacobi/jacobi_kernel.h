// The kernel of jacobi.c.

#include "rotations.h"

#include "factors.h"

/// Copies an m×n matrix to lane l, scaled by a power of two to entries near 1 so that no square leaves the range of
/// numbers; returns the exponent of the inverse.
INLINE int NAME(load_scaled)(const REAL *source, size_t m, size_t n, REAL *lane) {
    REAL largest = 0;
    for (size_t i = 0; i < m * n; i++) {
        REAL size = source[i] < 0 ? -source[i] : source[i];
        largest = size > largest ? size : largest;
    }
    int exponent;
    FREXP(largest, &exponent);
    // In two steps: one factor alone may be out of range.
    REAL half = LDEXP((REAL)1, -exponent / 2), rest = LDEXP((REAL)1, -exponent - -exponent / 2);
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) { lane[(j * m + i) * lanes] = source[i * n + j] * half * rest; }
    }
    return exponent;
}

KERNEL(
    uint32_t, ck_jacobi, (const REAL *, a), (size_t, count), (size_t, m), (size_t, n), (REAL *, u), (REAL *, sigma),
    (REAL *, vt), (REAL *, scratch)) {
    REAL *x = scratch, *v = x + lanes * m * n, *squares = v + lanes * n * n;
    int exponents[lanes];
    for (size_t l = 0; l < lanes; l++) {
        // Lanes without a matrix of their own repeat the last one.
        exponents[l] = NAME(load_scaled)(a + (l < count ? l : count - 1) * m * n, m, n, x + l);
    }
    memset(v, 0, lanes * n * n * sizeof(REAL));
    for (size_t j = 0; j < n; j++) {
        for (size_t l = 0; l < lanes; l++) { v[(j * n + j) * lanes + l] = 1; }
    }
    const NAME(matrices) matrices = {(NAME(lane) *)x, (NAME(lane) *)v, (NAME(lane) *)squares, m, n};
    const uint32_t failed = NAME(rotate)(&matrices);
    NAME(normalize)(&matrices);
    for (size_t l = 0; l < count; l++) {
        NAME(collect)(&matrices, l, exponents[l], (NAME(factors)){u + l * m * n, sigma + l * n, vt + l * n * n});
    }
    return failed & ((1u << count) - 1);
}
