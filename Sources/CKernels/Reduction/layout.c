/// How the reductions lay out their memory.
#include "reduction.h"

/// The panels' vectors, and the current column; then what each thread has.
static size_t shared_scratch(ck_reduction_layout layout, int threads) {
    return (panel_vectors + 1) * layout.padded_rows + (size_t)threads * reduction_thread_scratch(layout);
}

static ck_reduction_layout layout_of(size_t rows, size_t columns) {
    const size_t padded = (rows + grain - 1) / grain * grain;
    return (ck_reduction_layout){
        .rows = rows,
        .columns = columns,
        .padded_rows = padded,
        .allocated_columns = columns,
        // Columns a power of two apart would share their cache sets.
        .stride = padded + grain / 2,
        .panel_columns = ck_largest_panel,
    };
}

ck_reduction_layout ck_bidiagonal_layout(size_t rows, size_t columns) { return layout_of(rows, columns); }

ck_reduction_layout ck_tridiagonal_layout(size_t order) {
    ck_reduction_layout layout = layout_of(order, order);
    layout.allocated_columns = (order + block - 1) / block * block;
    // A large triangle has strips enough for every thread also when they are twice as large.
    layout.strip_columns = order >= 1024 ? 2 * ck_largest_panel : ck_largest_panel;
    return layout;
}

size_t ck_bidiagonal_scratch(ck_reduction_layout layout, int threads) {
    // For each column also the entries of the panel's other vectors, and of the row that becomes a reflector.
    return shared_scratch(layout, threads) + layout.columns * (panel_vectors + 1) + block;
}

size_t ck_tridiagonal_scratch(ck_reduction_layout layout, int threads) { return shared_scratch(layout, threads); }
