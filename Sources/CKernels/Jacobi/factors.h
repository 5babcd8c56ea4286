// How jacobi_kernel.h reads the factors off matrices whose columns are orthogonal.

/// Makes column j of u (m×n, row-major) a unit vector orthogonal to the columns before it.
///
/// That is rare: it is compiled for the baseline, and gives the same at every level.
static __attribute__((noinline)) void NAME(complete)(REAL *u, size_t m, size_t n, size_t j) {
    REAL best = -1;
    size_t start = 0;
    // Start from the axis that they cover least.
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

/// Makes the columns of A unit vectors and puts their lengths in place of the squares. The columns of A and V get the
/// sign that the rule of the library gives V.
INLINE void NAME(normalize)(const NAME(matrices) * a) {
    const size_t m = a->m, n = a->n;
    NAME(lane) *lengths = a->squares;
    for (size_t j = 0; j < n; j++) {
        NAME(lane) *xj = a->x + j * m, *vj = a->v + j * n, square = 0, largest = 0, sign = 1;
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

/// Where the factors of one matrix go.
typedef struct {
    REAL *u, *sigma, *vt;
} NAME(factors);

/// Writes the factors of the matrix in lane l, which was scaled by 2^-exponent, in descending order.
INLINE void NAME(collect)(const NAME(matrices) * a, size_t l, int exponent, NAME(factors) out) {
    const size_t m = a->m, n = a->n;
    const REAL *x = (const REAL *)a->x + l, *v = (const REAL *)a->v + l, *lengths = (const REAL *)a->squares + l;
    size_t order[n];
    for (size_t j = 0; j < n; j++) {
        size_t k = j;
        for (; k > 0 && lengths[order[k - 1] * lanes] < lengths[j * lanes]; k--) { order[k] = order[k - 1]; }
        order[k] = j;
    }
    const REAL negligible = lengths[order[0] * lanes] * EPSILON * (REAL)m;
    size_t known = 0;
    for (size_t k = 0; k < n; k++) {
        const REAL *xj = x + order[k] * m * lanes, *vj = v + order[k] * n * lanes;
        const REAL length = lengths[order[k] * lanes];
        out.sigma[k] = LDEXP(length, exponent);
        for (size_t i = 0; i < n; i++) { out.vt[k * n + i] = vj[i * lanes]; }
        for (size_t i = 0; i < m; i++) { out.u[i * n + k] = xj[i * lanes]; }
        known += length > negligible;
    }
    // A column that stands for zero has no direction of its own.
    for (size_t k = known; k < n; k++) { NAME(complete)(out.u, m, n, k); }
}
