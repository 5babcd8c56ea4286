/// What the reductions to bidiagonal and to tridiagonal form share: panels of reflectors, which several threads make
/// in step.
#ifndef REDUCTION_H
#define REDUCTION_H

// First, as it chooses what the headers of the system declare.
#include "../Threads/team.h"

#include "../Dispatch/kernel.h"

#include <math.h>

/// The vectors of a panel, two for each column, and half of them. The vectors of columns that a panel does not have
/// are zero.
enum { half_vectors = ck_largest_panel, panel_vectors = 2 * half_vectors };
/// Columns whose parts of a product are computed together, and rows that are dealt to a thread together.
enum { block = 8, grain = 32 };

/// The entries of scratch memory for each thread.
static inline size_t reduction_thread_scratch(ck_reduction_layout layout) {
    return 2 * panel_vectors + 2 * layout.padded_rows + layout.strip_columns * panel_vectors;
}

// Unrolled, so that the vectors of a grain stay in registers.
#define EACH_PART UNROLL for (int t = 0; t < grain / LANES; t++)
#define EACH_FACTOR UNROLL for (int t = 0; t < panel_vectors / LANES; t++)
/// The panel's vectors up to `first` of one half and up to `second` of the other.
#define EACH_VECTOR(first, second) \
    for (size_t start = 0; start < panel_vectors; start += half_vectors) \
        for (size_t c = start; c < (start == 0 ? (first) : start + (second)); c++)

#endif
