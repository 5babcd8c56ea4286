/// The tiles of the column form in gram.c for vectors of LANES doubles; COLUMNS of the one side at a time.

/// Adds the products of columns i ..< i + COLUMNS with `vectors` vectors of columns from j on, over the widened rows.
BODY void NAME(column_tile)(const double *work, size_t width, size_t i, size_t j, int vectors, double *sums) {
    NAME(vec) s[COLUMNS][3];
    memset(s, 0, sizeof s);
    for (size_t r = 0; r < column_chunk; r++) {
        const double *row = work + r * width;
        NAME(vec) right[3];
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) { right[v] = *(const NAME(vec) *)(row + j + (size_t)v * LANES); }
#pragma clang loop unroll(full)
        for (int k = 0; k < COLUMNS; k++) {
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) { s[k][v] += right[v] * row[i + (size_t)k]; }
        }
    }
    for (size_t k = 0; k < COLUMNS; k++) {
        for (int v = 0; v < vectors; v++) { *(NAME(vec) *)(sums + (i + k) * width + j + (size_t)v * LANES) += s[k][v]; }
    }
}

BODY void NAME(ck_gram_columns_body)(
    ck_type type, const void *x, size_t rows, size_t stride, size_t count, double *gram, double *work) {
    const size_t width = (count + column_grain - 1) / column_grain * column_grain;
    work = (double *)(((uintptr_t)work + 63) / 64 * 64);
    double *sums = work + column_chunk * width;
    memset(work, 0, (column_chunk + width) * width * sizeof(double));
    for (size_t start = 0; start < rows; start += column_chunk) {
        const size_t length = rows - start < column_chunk ? rows - start : column_chunk;
        for (size_t r = 0; r < length; r++) { widen(type, x, (start + r) * stride, count, work + r * width); }
        memset(work + length * width, 0, (column_chunk - length) * width * sizeof(double));
        for (size_t i = 0; i < count; i += COLUMNS) {
            // From the vector on in which the diagonal is.
            size_t j = i / LANES * LANES;
            for (; j + 3 * LANES <= width; j += 3 * LANES) { NAME(column_tile)(work, width, i, j, 3, sums); }
            if (width - j >= 2 * LANES) {
                NAME(column_tile)(work, width, i, j, 2, sums);
            } else if (width > j) {
                NAME(column_tile)(work, width, i, j, 1, sums);
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i; j < count; j++) { gram[i * count + j] += sums[i * width + j]; }
    }
}
