/// Products of a large matrix with a thin one, which read the large one where it stands: BLAS packs it first, which
/// takes as long as the product.
#include "CKernels.h"

/// Columns whose sums are kept together, and the entries of the longest vector.
enum { thin_panel = 256, longest_vector = 16, most_grouped = 8 };

size_t ck_thin_pitch(size_t columns) { return (columns + longest_vector - 1) / longest_vector * longest_vector; }

size_t ck_thin_columns_scratch(size_t count, size_t depth) {
    // The sums; a copy of the last columns of A; X, filled up to whole groups of columns; what aligning them takes.
    const size_t sums = count * (thin_panel + longest_vector), edge = depth * longest_vector;
    return sums + edge + count * (depth + most_grouped) + longest_vector;
}

#define KERNEL_FILE "../Thin/thin_rows.h"
#include "../Dispatch/instantiate.h"

#define KERNEL_FILE "../Thin/thin_columns.h"
#include "../Dispatch/instantiate.h"
