/// The tiles of gram.c for vectors of LANES doubles: TILE_I × TILE_J inner products at a time.

#define LOAD(p) (*(const NAME(vec) *)(p))

/// Adds the products of rows i0 ..< i0 + TILE_I and j0 ..< j0 + TILE_J of the widened chunk, lane by lane.
///
/// Of a tile on the diagonal half is enough. The next chunks of `ahead` rows, `stride` bytes apart, are on their way to the cache afterwards: the processor does not
/// guess where a row goes on.
BODY void NAME(tile)(
    const double *work, size_t i0, size_t j0, bool is_diagonal, const char *next, size_t size, size_t stride, size_t ahead,
    NAME(vec) * sums) {
    const double *a = work + i0 * chunk_pitch, *b = work + j0 * chunk_pitch;
    NAME(vec) s[TILE_I][TILE_J];
    memset(s, 0, sizeof s);
    for (size_t k = 0; k < chunk; k += 2 * LANES) {
        for (size_t r = 0; r < ahead; r++) { __builtin_prefetch(next + r * stride + k * size); }
#pragma clang loop unroll(full)
        for (size_t half = k; half < k + 2 * LANES; half += LANES) {
            NAME(vec) ai[TILE_I];
#pragma clang loop unroll(full)
            for (int i = 0; i < TILE_I; i++) { ai[i] = LOAD(a + (size_t)i * chunk_pitch + half); }
#pragma clang loop unroll(full)
            for (int j = 0; j < TILE_J; j++) {
                NAME(vec) bj = is_diagonal && j < TILE_I ? ai[j] : LOAD(b + (size_t)j * chunk_pitch + half);
#pragma clang loop unroll(full)
                for (int i = 0; i < TILE_I; i++) {
                    if (!is_diagonal || i <= j) { s[i][j] += ai[i] * bj; }
                }
            }
        }
    }
    for (int i = 0; i < TILE_I; i++) {
        for (int j = 0; j < TILE_J; j++) { sums[i * TILE_J + j] += s[i][j]; }
    }
}

/// Adds what the lanes of a tile hold to the upper triangle.
BODY void NAME(fold)(const NAME(vec) * sums, size_t rows, size_t i0, size_t j0, double *gram,
    size_t pitch) {
    for (size_t i = 0; i < TILE_I && i0 + i < rows; i++) {
        for (size_t j = 0; j < TILE_J && j0 + j < rows; j++) {
            double total = 0;
            for (int l = 0; l < LANES; l++) { total += sums[i * TILE_J + j][l]; }
            if (j0 + j >= i0 + i) { gram[(i0 + i) * pitch + j0 + j] += total; }
        }
    }
}

BODY void NAME(ck_gram_body)(
    ck_type type, const void *x, size_t rows, size_t stride, size_t count, double *gram, size_t pitch, double *work) {
    if (rows > few_rows) { return NAME(gram_of_groups)(type, x, stride, rows, count, true, gram, pitch, work); }
    const size_t size = type == ck_float64 ? sizeof(double) : type == ck_float32 ? sizeof(float) : sizeof(uint16_t);
    size_t tiles = 0;
    for (size_t i = 0; i < rows; i += TILE_I) { tiles += (rows - i + TILE_J - 1) / TILE_J; }
    // Loads that cross the lines of the cache cost twice.
    work = (double *)(((uintptr_t)work + 63) / 64 * 64);
    // Rows that only fill up the last tile.
    memset(work + rows * chunk_pitch, 0, TILE_J * chunk_pitch * sizeof(double));
    NAME(vec) *const sums = (NAME(vec) *)(work + (rows + TILE_J) * chunk_pitch);
    memset(sums, 0, tiles * TILE_I * TILE_J * sizeof *sums);
    for (size_t start = 0; start < count; start += chunk) {
        size_t length = count - start < chunk ? count - start : chunk;
        for (size_t i = 0; i < rows; i++) {
            widen(type, x, i * stride + start, length, work + i * chunk_pitch);
            memset(work + i * chunk_pitch + length, 0, (chunk - length) * sizeof(double));
        }
        const char *next = (const char *)x + (start + (count - start > 2 * chunk ? chunk : 0)) * size;
        size_t tile = 0, row = 0;
        for (size_t i = 0; i < rows; i += TILE_I) {
            for (size_t j = i; j < rows; j += TILE_J) {
                size_t ahead = (tile + 1) * rows / tiles - row;
                const char *rows_ahead = next + row * stride * size;
                NAME(vec) *sum = sums + tile++ * TILE_I * TILE_J;
                if (i == j) {
                    NAME(tile)(work, i, j, true, rows_ahead, size, stride * size, ahead, sum);
                } else {
                    NAME(tile)(work, i, j, false, rows_ahead, size, stride * size, ahead, sum);
                }
                row += ahead;
            }
        }
    }
    size_t tile = 0;
    for (size_t i = 0; i < rows; i += TILE_I) {
        for (size_t j = i; j < rows; j += TILE_J) { NAME(fold)(sums + tile++ * TILE_I * TILE_J, rows, i, j, gram, pitch); }
    }
}

#undef LOAD
