/// Inner products of a few long rows or columns, with sums in double precision.
///
/// Rows are converted to doubles in chunks that stay in the cache while tiles of inner products pass over them, as
/// many at a time as there are registers for. Each chunk adds to the result once, so rounding does not grow with one
/// long sum.
#include "CKernels.h"

/// The row form takes `chunk` entries of each row at a time, `chunk_pitch` doubles apart: rows a multiple of 4 KiB
/// apart would share their cache sets. Beyond `few_rows` rows its sums would leave the cache, and the column form
/// takes over.
enum { chunk = 256, chunk_pitch = chunk + 8, longest_tile = 4, few_rows = 64 };

/// The column form takes `column_chunk` rows at a time, and whole groups of `column_group` columns with zeros beyond
/// the last column. Groups a multiple of 4 KiB apart would share their cache sets.
enum { column_chunk = 128, column_group = 8, column_pitch = (column_chunk + 1) * column_group };

size_t ck_gram_padded_order(size_t order) { return (order + column_group - 1) / column_group * column_group; }

size_t ck_gram_rows_scratch(size_t rows) {
    if (rows > few_rows) { return ck_gram_columns_scratch(rows); }
    // The converted chunk, and eight lanes of sums for every pair of rows in a tile.
    return 8 + (rows + longest_tile) * chunk_pitch + 8 * (rows + longest_tile) * (rows + 2 * longest_tile);
}

size_t ck_gram_columns_scratch(size_t columns) {
    const size_t groups = (columns + column_group - 1) / column_group;
    return groups * column_pitch + 8;
}

#define KERNEL_FILE "../Gram/gram_kernels.h"
#include "../Dispatch/instantiate.h"
