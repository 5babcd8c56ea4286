/// Inner products of a few long rows, with float64 sums.
///
/// Rows are widened in chunks that stay in the cache while tiles of 3×4 inner products pass over them: twelve running
/// sums of four lanes, as many as AVX2 has registers for. Each chunk adds to the result once, so rounding does not grow
/// with one long sum.
#include "CKernels.h"
#include "dispatch.h"

#include <string.h>

typedef double lanes __attribute__((vector_size(32), aligned(8)));

/// `gap`: rows a multiple of 4 KiB apart would share their cache sets.
enum { longest_chunk = 512, gap = 8, tile_i = 3, tile_j = 4 };

/// Few rows fit into the first-level cache, more into the second.
BODY size_t chunk_of(size_t rows) { return rows <= 16 ? 128 : longest_chunk; }

size_t ck_gram_workspace(size_t rows) { return (rows + tile_j) * (longest_chunk + gap); }

BODY void widen(ck_type type, const void *x, size_t offset, size_t count, size_t chunk, double *out) {
    switch (type) {
    case ck_float64:
        memcpy(out, (const double *)x + offset, count * sizeof(double));
        break;
    case ck_float32: {
        const float *in = (const float *)x + offset;
        for (size_t k = 0; k < count; k++) { out[k] = in[k]; }
        break;
    }
    case ck_bfloat16: {
        const uint16_t *in = (const uint16_t *)x + offset;
        for (size_t k = 0; k < count; k++) {
            uint32_t bits = (uint32_t)in[k] << 16;
            float value;
            memcpy(&value, &bits, sizeof value);
            out[k] = value;
        }
        break;
    }
    }
    memset(out + count, 0, (chunk - count) * sizeof(double));
}

/// Adds the products of rows i0 ..< i0 + 3 and j0 ..< j0 + 4 of the widened chunk, i ≤ j.
BODY void tile(const double *work, size_t rows, size_t chunk, size_t i0, size_t j0, double *gram) {
    const size_t pitch = chunk + gap;
    const double *a = work + i0 * pitch, *b = work + j0 * pitch;
    lanes s[tile_i][tile_j] = {{{0}}};
    for (size_t k = 0; k < chunk; k += 4) {
        lanes a0 = *(const lanes *)(a + k), a1 = *(const lanes *)(a + pitch + k),
              a2 = *(const lanes *)(a + 2 * pitch + k);
        for (int j = 0; j < tile_j; j++) {
            lanes bj = *(const lanes *)(b + (size_t)j * pitch + k);
            s[0][j] += a0 * bj;
            s[1][j] += a1 * bj;
            s[2][j] += a2 * bj;
        }
    }
    for (size_t i = 0; i < tile_i && i0 + i < rows; i++) {
        for (size_t j = 0; j < tile_j && j0 + j < rows; j++) {
            lanes v = s[i][j];
            if (j0 + j >= i0 + i) { gram[(i0 + i) * rows + j0 + j] += (v[0] + v[2]) + (v[1] + v[3]); }
        }
    }
}

BODY void ck_gram_body(
    ck_type type, const void *x, size_t rows, size_t stride, size_t count, double *gram, double *work) {
    const size_t chunk = chunk_of(rows), pitch = chunk + gap;
    // Rows that only fill up the last tile.
    memset(work + rows * pitch, 0, tile_j * pitch * sizeof(double));
    for (size_t start = 0; start < count; start += chunk) {
        size_t length = count - start < chunk ? count - start : chunk;
        for (size_t i = 0; i < rows; i++) { widen(type, x, i * stride + start, length, chunk, work + i * pitch); }
        for (size_t i = 0; i < rows; i += tile_i) {
            for (size_t j = i; j < rows; j += tile_j) { tile(work, rows, chunk, i, j, gram); }
        }
    }
}

DISPATCH(
    void, ck_gram,
    (ck_type type, const void *x, size_t rows, size_t stride, size_t count, double *gram, double *work),
    (type, x, rows, stride, count, gram, work),
    (int level, ck_type type, const void *x, size_t rows, size_t stride, size_t count, double *gram, double *work))
