// The row form of gram_kernels.h: TILE_I × TILE_J inner products at a time.

#if REGISTERS == 32
#define TILE_I 4
#else
#define TILE_I 3
#endif
#define TILE_J 4

/// Chunks of rows to be fetched into the cache: the processor does not guess where a row goes on.
typedef struct {
    const char *start;
    /// Bytes from one row to the next.
    size_t stride;
    size_t rows;
} NAME(ahead);

/// Adds the products of one vector of each of the rows at a with one of each of the rows at b.
INLINE void NAME(add_products)(const double *a, const double *b, bool is_diagonal, NAME(doubles) s[TILE_I][TILE_J]) {
    NAME(doubles) ai[TILE_I];
    UNROLL for (int i = 0; i < TILE_I; i++) { ai[i] = LOAD_DOUBLES(a + i * chunk_pitch); }
    UNROLL for (int j = 0; j < TILE_J; j++) {
        NAME(doubles) bj = is_diagonal && j < TILE_I ? ai[j] : LOAD_DOUBLES(b + j * chunk_pitch);
        UNROLL for (int i = 0; i < TILE_I; i++) {
            if (!is_diagonal || i <= j) { s[i][j] += ai[i] * bj; }
        }
    }
}

/// Adds the products of rows i0 ..< i0 + TILE_I and j0 ..< j0 + TILE_J of the converted chunk, lane by lane; for a
/// tile on the diagonal half of them is enough. Fetches what is ahead meanwhile.
INLINE void NAME(tile)(
    const double *converted, size_t i0, size_t j0, bool is_diagonal, NAME(ahead) ahead, NAME(doubles) * sums) {
    const double *a = converted + i0 * chunk_pitch, *b = converted + j0 * chunk_pitch;
    NAME(doubles) s[TILE_I][TILE_J];
    memset(s, 0, sizeof s);
    for (size_t k = 0; k < chunk; k += 2 * DOUBLES) {
        for (size_t r = 0; r < ahead.rows; r++) {
            __builtin_prefetch(ahead.start + r * ahead.stride + k * sizeof(REAL));
        }
        UNROLL for (size_t half = k; half < k + 2 * DOUBLES; half += DOUBLES) {
            NAME(add_products)(a + half, b + half, is_diagonal, s);
        }
    }
    for (int i = 0; i < TILE_I; i++) {
        for (int j = 0; j < TILE_J; j++) { sums[i * TILE_J + j] += s[i][j]; }
    }
}

/// Adds what the lanes of a tile hold to the upper triangle.
INLINE void NAME(fold)(const NAME(doubles) * sums, size_t rows, size_t i0, size_t j0, double *gram, size_t pitch) {
    for (size_t i = 0; i < TILE_I && i0 + i < rows; i++) {
        for (size_t j = 0; j < TILE_J && j0 + j < rows; j++) {
            double total = 0;
            for (size_t l = 0; l < DOUBLES; l++) { total += sums[i * TILE_J + j][l]; }
            if (j0 + j >= i0 + i) { gram[(i0 + i) * pitch + j0 + j] += total; }
        }
    }
}

/// Converts entries start ..< start + length of every row, with zeros up to a whole chunk.
INLINE void NAME(convert_chunk)(NAME(vectors) rows, size_t start, size_t length, double *converted) {
    for (size_t i = 0; i < rows.count; i++) {
        NAME(convert)(rows.x + i * rows.stride + start, length, converted + i * chunk_pitch);
        memset(converted + i * chunk_pitch + length, 0, (chunk - length) * sizeof(double));
    }
}

/// Adds the products of the converted chunk to the lanes of every tile. Each tile fetches its part of the next chunk.
INLINE void NAME(add_tiles)(
    const double *converted, size_t rows, size_t tiles, const REAL *next, size_t stride, NAME(doubles) * sums) {
    size_t tile = 0, row = 0;
    for (size_t i = 0; i < rows; i += TILE_I) {
        for (size_t j = i; j < rows; j += TILE_J) {
            const size_t number = (tile + 1) * rows / tiles - row;
            const NAME(ahead) ahead = {(const char *)(next + row * stride), stride * sizeof(REAL), number};
            NAME(doubles) *sum = sums + tile++ * TILE_I * TILE_J;
            if (i == j) {
                NAME(tile)(converted, i, j, true, ahead, sum);
            } else {
                NAME(tile)(converted, i, j, false, ahead, sum);
            }
            row += number;
        }
    }
}

/// Adds the Gram matrix of a few rows.
INLINE void NAME(gram_of_rows)(NAME(vectors) rows, double *gram, size_t pitch, double *scratch) {
    const size_t count = rows.count;
    size_t tiles = 0;
    for (size_t i = 0; i < count; i += TILE_I) { tiles += (count - i + TILE_J - 1) / TILE_J; }
    // Loads that cross the lines of the cache cost twice.
    double *converted = (double *)(((uintptr_t)scratch + 63) / 64 * 64);
    // Rows that only fill up the last tile.
    memset(converted + count * chunk_pitch, 0, TILE_J * chunk_pitch * sizeof(double));
    NAME(doubles) *const sums = (NAME(doubles) *)(converted + (count + TILE_J) * chunk_pitch);
    memset(sums, 0, tiles * TILE_I * TILE_J * sizeof *sums);
    for (size_t start = 0; start < rows.length; start += chunk) {
        const size_t left = rows.length - start;
        NAME(convert_chunk)(rows, start, left < chunk ? left : chunk, converted);
        const REAL *next = rows.x + start + (left > 2 * chunk ? chunk : 0);
        NAME(add_tiles)(converted, count, tiles, next, rows.stride, sums);
    }
    size_t tile = 0;
    for (size_t i = 0; i < count; i += TILE_I) {
        for (size_t j = i; j < count; j += TILE_J) {
            NAME(fold)(sums + tile++ * TILE_I * TILE_J, count, i, j, gram, pitch);
        }
    }
}

#undef TILE_I
#undef TILE_J
