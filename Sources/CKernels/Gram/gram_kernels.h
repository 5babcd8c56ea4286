// The kernels of gram.c.

/// The doubles of a vector.
#define DOUBLES (LANES * sizeof(REAL) / sizeof(double))

typedef double NAME(doubles) __attribute__((ext_vector_type(DOUBLES), aligned(sizeof(double))));

#define LOAD_DOUBLES(p) (*(const NAME(doubles) *)(p))

INLINE void NAME(convert)(const REAL *x, size_t count, double *out) {
    for (size_t k = 0; k < count; k++) { out[k] = x[k]; }
}

#include "column_form.h"
#include "row_form.h"

KERNEL(
    void, ck_gram_columns, (const REAL *, x), (size_t, rows), (size_t, stride), (size_t, columns), (double *, gram),
    (size_t, pitch), (double *, scratch)) {
    NAME(gram_of_groups)((NAME(vectors)){x, stride, columns, rows, false}, gram, pitch, scratch);
}

KERNEL(
    void, ck_gram_rows, (const REAL *, x), (size_t, rows), (size_t, stride), (size_t, columns), (double *, gram),
    (size_t, pitch), (double *, scratch)) {
    const NAME(vectors) vectors = {x, stride, rows, columns, true};
    if (rows > few_rows) {
        NAME(gram_of_groups)(vectors, gram, pitch, scratch);
    } else {
        NAME(gram_of_rows)(vectors, gram, pitch, scratch);
    }
}

#undef DOUBLES
#undef LOAD_DOUBLES
