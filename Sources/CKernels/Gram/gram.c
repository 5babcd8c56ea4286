/// Inner products of a few long rows, with float64 sums.
///
/// Rows are widened in chunks that stay in the cache while tiles of inner products pass over them, as many at a time as
/// there are registers for. Each chunk adds to the result once, so rounding does not grow with one long sum.
#include "CKernels.h"
#include "../Dispatch/dispatch.h"

#include <string.h>

/// `chunk_pitch`: rows a multiple of 4 KiB apart would share their cache sets.
/// Beyond few rows the lanes of sums would leave the cache, and the form for columns takes over.
enum { chunk = 256, chunk_pitch = chunk + 8, longest_tile = 4, few_rows = 64 };

size_t ck_gram_workspace(size_t rows) {
    if (rows > few_rows) { return ck_gram_columns_workspace(rows); }
    // The widened chunk, and eight lanes of sums for every pair of rows in a tile.
    return 8 + (rows + longest_tile) * chunk_pitch + 8 * (rows + longest_tile) * (rows + 2 * longest_tile);
}

BODY void widen(ck_type type, const void *x, size_t offset, size_t count, double *out) {
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
}

/// The column form takes this many rows at a time, and whole groups of columns, zeros beyond the last; groups a multiple of
/// 4 KiB apart would share their cache sets.
enum { column_chunk = 128, column_grain = 8, column_pitch = (column_chunk + 1) * column_grain };

size_t ck_gram_columns_workspace(size_t columns) {
    const size_t groups = (columns + column_grain - 1) / column_grain;
    return groups * column_pitch + 8;
}

#define NAME(x) x##_narrow
#define LANES 4
#define TILE_I 3
#define TILE_J 4
#define COLUMNS 4
#include "gram_columns.h"
#include "gram_tile.h"
#undef NAME
#undef LANES
#undef TILE_I
#undef TILE_J
#undef COLUMNS

#define NAME(x) x##_wide
#define LANES 8
#define TILE_I 4
#define TILE_J 4
#define COLUMNS 8
#include "gram_columns.h"
#include "gram_tile.h"
#undef NAME
#undef LANES
#undef TILE_I
#undef TILE_J
#undef COLUMNS

#define PARAMETERS ck_type type, const void *x, size_t rows, size_t stride, size_t count, double *gram, size_t pitch, double *work
DISPATCH_WIDE(
    void, ck_gram, (PARAMETERS), (type, x, rows, stride, count, gram, pitch, work), (int level, PARAMETERS))
DISPATCH_WIDE(
    void, ck_gram_columns, (PARAMETERS), (type, x, rows, stride, count, gram, pitch, work), (int level, PARAMETERS))
