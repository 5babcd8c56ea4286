// The loops of entries.c for one scalar type.

double TYPED(ck_dot)(const REAL *x, const REAL *y, size_t count) {
    double s[entry_lanes] = {0};
#define TERM(i) (double)x[i] * (double)y[i]
    ADD_ALL(s, count, TERM);
#undef TERM
    return TOTAL(s);
}

double TYPED(ck_sum)(const REAL *x, size_t count) {
    double s[entry_lanes] = {0};
#define TERM(i) (double)x[i]
    ADD_ALL(s, count, TERM);
#undef TERM
    return TOTAL(s);
}

double TYPED(ck_absolute_sum)(const REAL *x, size_t count) {
    double s[entry_lanes] = {0};
#define TERM(i) (double)MAGNITUDE(x[i])
    ADD_ALL(s, count, TERM);
#undef TERM
    return TOTAL(s);
}

/// Whether every entry is finite: x - x is zero for finite x and NaN otherwise.
static int TYPED(all_finite)(const REAL *x, size_t count) {
    REAL s[entry_lanes] = {0};
#define TERM(i) (x[i] - x[i])
    ADD_ALL(s, count, TERM);
#undef TERM
    return TOTAL(s) == 0;
}

ptrdiff_t TYPED(ck_first_non_finite)(const REAL *x, size_t count) {
    for (size_t start = 0; start < count; start += entry_block) {
        size_t length = count - start < entry_block ? count - start : entry_block;
        if (TYPED(all_finite)(x + start, length)) continue;
        for (size_t i = start; i < start + length; i++)
            if (x[i] - x[i] != 0) return (ptrdiff_t)i;
    }
    return -1;
}

ptrdiff_t TYPED(ck_index)(const REAL *x, size_t count, REAL value) {
    for (size_t i = 0; i < count; i++)
        if (x[i] == value || (value != value && x[i] != x[i])) return (ptrdiff_t)i;
    return -1;
}

int TYPED(ck_equal)(const REAL *x, const REAL *y, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!(x[i] == y[i])) return 0;
    return 1;
}

REAL TYPED(ck_largest_magnitude)(const REAL *x, size_t count) {
    REAL m[entry_lanes] = {0};
    size_t i = 0;
    for (; i + entry_lanes <= count; i += entry_lanes)
        for (size_t lane = 0; lane < entry_lanes; lane++) {
            REAL value = MAGNITUDE(x[i + lane]);
            m[lane] = value > m[lane] ? value : m[lane];
        }
    REAL largest = 0;
    for (size_t lane = 0; lane < entry_lanes; lane++) largest = m[lane] > largest ? m[lane] : largest;
    for (; i < count; i++) largest = MAGNITUDE(x[i]) > largest ? MAGNITUDE(x[i]) : largest;
    return largest;
}

/// Whether an entry is NaN.
static int TYPED(any_nan)(const REAL *x, size_t count) {
    int found = 0;
    for (size_t i = 0; i < count; i++) found |= x[i] != x[i];
    return found;
}

REAL TYPED(ck_absolute_maximum)(const REAL *x, size_t count) {
    REAL largest = 0;
    for (size_t start = 0; start < count; start += entry_block) {
        size_t length = count - start < entry_block ? count - start : entry_block;
        REAL value = TYPED(ck_largest_magnitude)(x + start, length);
        largest = value > largest ? value : largest;
        if (TYPED(any_nan)(x + start, length)) return (REAL)__builtin_nan("");
    }
    return largest;
}

void TYPED(ck_lower)(const REAL *x, REAL *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = x[i] < y[i] || x[i] != x[i] ? x[i] : y[i];
}

void TYPED(ck_raise)(const REAL *x, REAL *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = x[i] > y[i] || x[i] != x[i] ? x[i] : y[i];
}

/// The extreme entry. Each lane starts at the first entry; FOLD is ck_lower or ck_raise.
#define EXTREME(FOLD)                                                                         \
    if (count == 0) return (REAL)__builtin_nan("");                                           \
    REAL m[entry_lanes];                                                                      \
    for (size_t lane = 0; lane < entry_lanes; lane++) m[lane] = x[0];                         \
    size_t i = 0;                                                                             \
    for (; i + entry_lanes <= count; i += entry_lanes) FOLD(x + i, m, entry_lanes);           \
    FOLD(x + i, m, count - i);                                                                \
    for (size_t lane = 1; lane < entry_lanes; lane++) FOLD(m + lane, m, 1);                   \
    return m[0]

REAL TYPED(ck_minimum)(const REAL *x, size_t count) { EXTREME(TYPED(ck_lower)); }

REAL TYPED(ck_maximum)(const REAL *x, size_t count) { EXTREME(TYPED(ck_raise)); }

#undef EXTREME

void TYPED(ck_accumulate)(const REAL *x, double *sums, size_t count) {
    for (size_t i = 0; i < count; i++) sums[i] += (double)x[i];
}

void TYPED(ck_accumulate_absolute)(const REAL *x, double *sums, size_t count) {
    for (size_t i = 0; i < count; i++) sums[i] += (double)MAGNITUDE(x[i]);
}

void TYPED(ck_multiply)(const REAL *x, REAL *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] *= x[i];
}

void TYPED(ck_divide)(const REAL *x, REAL *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] /= x[i];
}

void TYPED(ck_add_value)(REAL value, REAL *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += value;
}

void TYPED(ck_divide_by_value)(REAL value, REAL *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] /= value;
}

void TYPED(ck_to_double)(const REAL *x, double *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = (double)x[i];
}

void TYPED(ck_from_double)(const double *x, REAL *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = (REAL)x[i];
}
