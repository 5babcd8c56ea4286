/// Sums across the lanes of vectors of LANES numbers, for one scalar type.

typedef REAL WIDTH(vec) __attribute__((ext_vector_type(LANES), aligned(sizeof(REAL))));

/// By halves: one after the other would wait for each addition.
BODY REAL WIDTH(total)(const WIDTH(vec) * v) {
    REAL sums[LANES];
    memcpy(sums, v, sizeof sums);
    for (int width = LANES / 2; width > 0; width /= 2) {
        for (int l = 0; l < width; l++) { sums[l] += sums[l + width]; }
    }
    return sums[0];
}

/// The same of a block of vectors, a lane of `sums` each: of every two vectors halves are added until each fills one lane.
BODY void WIDTH(totals)(const WIDTH(vec) * v, NAME(each) * sums) {
    WIDTH(vec) a[4];
#define HALF(x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) {
        WIDTH(vec) x = v[2 * i], y = v[2 * i + 1];
#if LANES == 16
        a[i] = HALF(x, y, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
            + HALF(x, y, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
#elif LANES == 8
        a[i] = HALF(x, y, 0, 1, 2, 3, 8, 9, 10, 11) + HALF(x, y, 4, 5, 6, 7, 12, 13, 14, 15);
#else
        a[i] = HALF(x, y, 0, 1, 4, 5) + HALF(x, y, 2, 3, 6, 7);
#endif
    }
#if LANES == 16
    WIDTH(vec) b[2];
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
        WIDTH(vec) x = a[2 * i], y = a[2 * i + 1];
        b[i] = HALF(x, y, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
            + HALF(x, y, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    }
    WIDTH(vec) c = HALF(b[0], b[1], 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29)
        + HALF(b[0], b[1], 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
    *sums = HALF(c, c, 0, 2, 4, 6, 8, 10, 12, 14) + HALF(c, c, 1, 3, 5, 7, 9, 11, 13, 15);
#elif LANES == 8
    WIDTH(vec) b[2];
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
        WIDTH(vec) x = a[2 * i], y = a[2 * i + 1];
        b[i] = HALF(x, y, 0, 1, 4, 5, 8, 9, 12, 13) + HALF(x, y, 2, 3, 6, 7, 10, 11, 14, 15);
    }
    *sums = HALF(b[0], b[1], 0, 2, 4, 6, 8, 10, 12, 14) + HALF(b[0], b[1], 1, 3, 5, 7, 9, 11, 13, 15);
#else
    WIDTH(vec) b[2];
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
        b[i] = HALF(a[2 * i], a[2 * i + 1], 0, 2, 4, 6) + HALF(a[2 * i], a[2 * i + 1], 1, 3, 5, 7);
    }
    *sums = HALF(b[0], b[1], 0, 1, 2, 3, 4, 5, 6, 7);
#endif
#undef HALF
}
