/// Loops over the entries of a vector or of one row, for both types of entries.
///
/// They are written in C because a debug build then takes about a nanosecond for an entry, where a generic Swift loop
/// takes fifty. Sums of products are formed without fused multiply-add, so that every machine gives the same bits.
#ifndef CKERNELS_ENTRIES_H
#define CKERNELS_ENTRIES_H

#include <stddef.h>

#define CK_ENTRIES(REAL, NAME)                                                                                     \
    /* The index of the first entry that is NaN or infinite, or -1. */                                             \
    ptrdiff_t NAME(ck_first_non_finite)(const REAL *x, size_t count);                                              \
    /* The index of the first entry that equals `value`, or is NaN where `value` is; -1 where none does. */        \
    ptrdiff_t NAME(ck_index)(const REAL *x, size_t count, REAL value);                                             \
    /* 1 where x[i] == y[i] for every i, else 0. */                                                                \
    int NAME(ck_equal)(const REAL *x, const REAL *y, size_t count);                                                \
    /* The sum of x[i]·y[i], of x[i], and of |x[i]|, in double precision over eight running sums. */               \
    double NAME(ck_dot)(const REAL *x, const REAL *y, size_t count);                                               \
    double NAME(ck_sum)(const REAL *x, size_t count);                                                              \
    double NAME(ck_absolute_sum)(const REAL *x, size_t count);                                                     \
    /* The largest |x[i]| of the entries that are not NaN; 0 where there is none. */                               \
    REAL NAME(ck_largest_magnitude)(const REAL *x, size_t count);                                                  \
    /* The largest |x[i]|, the smallest and the largest entry: NaN where an entry is NaN. Without entries they */  \
    /* are 0, NaN and NaN. */                                                                                      \
    REAL NAME(ck_absolute_maximum)(const REAL *x, size_t count);                                                   \
    REAL NAME(ck_minimum)(const REAL *x, size_t count);                                                            \
    REAL NAME(ck_maximum)(const REAL *x, size_t count);                                                            \
    /* sums[i] += x[i], and sums[i] += |x[i]|. */                                                                  \
    void NAME(ck_accumulate)(const REAL *x, double *sums, size_t count);                                           \
    void NAME(ck_accumulate_absolute)(const REAL *x, double *sums, size_t count);                                  \
    /* y[i] = min(x[i], y[i]), and y[i] = max(x[i], y[i]): NaN where one of them is. */                            \
    void NAME(ck_lower)(const REAL *x, REAL *y, size_t count);                                                     \
    void NAME(ck_raise)(const REAL *x, REAL *y, size_t count);                                                     \
    /* y[i] *= x[i], y[i] /= x[i], y[i] += value, and y[i] /= value. */                                            \
    void NAME(ck_multiply)(const REAL *x, REAL *y, size_t count);                                                  \
    void NAME(ck_divide)(const REAL *x, REAL *y, size_t count);                                                    \
    void NAME(ck_add_value)(REAL value, REAL *y, size_t count);                                                    \
    void NAME(ck_divide_by_value)(REAL value, REAL *y, size_t count);                                              \
    /* y[i] = x[i] in the other precision, rounded to nearest. */                                                  \
    void NAME(ck_to_double)(const REAL *x, double *y, size_t count);                                               \
    void NAME(ck_from_double)(const double *x, REAL *y, size_t count);

#define CK_F32(name) name##_f32
#define CK_F64(name) name##_f64
CK_ENTRIES(float, CK_F32)
CK_ENTRIES(double, CK_F64)
#undef CK_F32
#undef CK_F64
#undef CK_ENTRIES

#endif
