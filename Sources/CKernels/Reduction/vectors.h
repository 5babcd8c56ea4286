// Sums across the lanes of vectors.

/// One number for each column of a block.
typedef REAL NAME(each) __attribute__((ext_vector_type(block), aligned(sizeof(REAL))));

/// The sum of all lanes, by halves: adding one lane after the other would wait for each addition.
INLINE REAL NAME(total)(const NAME(vec) * v) {
    REAL sums[LANES];
    memcpy(sums, v, sizeof sums);
    for (int width = LANES / 2; width > 0; width /= 2) {
        for (int l = 0; l < width; l++) { sums[l] += sums[l + width]; }
    }
    return sums[0];
}

/// The sum of all lanes of each of `block` vectors, one lane of `sums` for each vector: halves of every two vectors
/// are added until each vector fills one lane.
INLINE void NAME(totals)(const NAME(vec) * v, NAME(each) * sums) {
    NAME(vec) a[4];
#define HALF(x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
    UNROLL for (int i = 0; i < 4; i++) {
        NAME(vec) x = v[2 * i], y = v[2 * i + 1];
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
    NAME(vec) b[2];
    UNROLL for (int i = 0; i < 2; i++) {
        NAME(vec) x = a[2 * i], y = a[2 * i + 1];
        b[i] = HALF(x, y, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
            + HALF(x, y, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    }
    NAME(vec) c = HALF(b[0], b[1], 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29)
        + HALF(b[0], b[1], 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
    *sums = HALF(c, c, 0, 2, 4, 6, 8, 10, 12, 14) + HALF(c, c, 1, 3, 5, 7, 9, 11, 13, 15);
#elif LANES == 8
    NAME(vec) b[2];
    UNROLL for (int i = 0; i < 2; i++) {
        NAME(vec) x = a[2 * i], y = a[2 * i + 1];
        b[i] = HALF(x, y, 0, 1, 4, 5, 8, 9, 12, 13) + HALF(x, y, 2, 3, 6, 7, 10, 11, 14, 15);
    }
    *sums = HALF(b[0], b[1], 0, 2, 4, 6, 8, 10, 12, 14) + HALF(b[0], b[1], 1, 3, 5, 7, 9, 11, 13, 15);
#else
    NAME(vec) b[2];
    UNROLL for (int i = 0; i < 2; i++) {
        b[i] = HALF(a[2 * i], a[2 * i + 1], 0, 2, 4, 6) + HALF(a[2 * i], a[2 * i + 1], 1, 3, 5, 7);
    }
    *sums = HALF(b[0], b[1], 0, 1, 2, 3, 4, 5, 6, 7);
#endif
#undef HALF
}
