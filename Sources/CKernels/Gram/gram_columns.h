/// The tiles of the column form in gram.c for vectors of LANES doubles; COLUMNS of the one side at a time.

typedef double NAME(vec) __attribute__((ext_vector_type(LANES), aligned(sizeof(double))));

/// Where column j of the widened rows begins: column_grain columns side by side, row after row.
BODY const double *NAME(column_at)(const double *work, size_t j) {
    return work + j / column_grain * column_pitch + j % column_grain;
}

/// Adds the products of columns i ..< i + COLUMNS with `vectors` vectors of columns from j on, over the widened rows.
BODY void NAME(column_tile)(const double *work, size_t i, size_t j, int vectors, double *gram, size_t pitch) {
    NAME(vec) s[COLUMNS][3];
    memset(s, 0, sizeof s);
    const double *left = NAME(column_at)(work, i), *right[3];
    for (int v = 0; v < vectors; v++) { right[v] = NAME(column_at)(work, j + (size_t)v * LANES); }
    for (size_t r = 0; r < column_chunk * column_grain; r += column_grain) {
        NAME(vec) factor[3];
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) { factor[v] = *(const NAME(vec) *)(right[v] + r); }
#pragma clang loop unroll(full)
        for (int k = 0; k < COLUMNS; k++) {
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) { s[k][v] += factor[v] * left[r + (size_t)k]; }
        }
    }
    for (size_t k = 0; k < COLUMNS; k++) {
        for (int v = 0; v < vectors; v++) { *(NAME(vec) *)(gram + (i + k) * pitch + j + (size_t)v * LANES) += s[k][v]; }
    }
}

/// Widens rows or columns of x, `length` entries of each from `start` on.
BODY void NAME(widen_groups)(
    ck_type type, const void *x, size_t stride, size_t count, size_t start, size_t length, bool of_rows, double *work) {
    for (size_t j = 0; j < count; j += column_grain, work += column_pitch) {
        const size_t number = count - j < column_grain ? count - j : column_grain;
        if (of_rows) {
            double row[column_chunk];
            for (size_t k = 0; k < number; k++) {
                widen(type, x, (j + k) * stride + start, length, row);
                for (size_t r = 0; r < length; r++) { work[r * column_grain + k] = row[r]; }
            }
            continue;
        }
        for (size_t r = 0; r < length; r++) {
            // Of a known number, which is one vector.
            if (number == column_grain) {
                widen(type, x, (start + r) * stride + j, column_grain, work + r * column_grain);
            } else {
                widen(type, x, (start + r) * stride + j, number, work + r * column_grain);
            }
        }
    }
}

/// The Gram matrix of `count` rows or columns of x, of `depth` entries each.
BODY void NAME(gram_of_groups)(
    ck_type type, const void *x, size_t stride, size_t count, size_t depth, bool of_rows, double *gram, size_t pitch,
    double *work) {
    const size_t groups = (count + column_grain - 1) / column_grain, width = groups * column_grain;
    work = (double *)(((uintptr_t)work + 63) / 64 * 64);
    memset(work, 0, groups * column_pitch * sizeof(double));
    for (size_t start = 0; start < depth; start += column_chunk) {
        const size_t length = depth - start < column_chunk ? depth - start : column_chunk;
        NAME(widen_groups)(type, x, stride, count, start, length, of_rows, work);
        for (size_t g = 0; length < column_chunk && g < groups; g++) {
            double *rest = work + g * column_pitch + length * column_grain;
            memset(rest, 0, (column_chunk - length) * column_grain * sizeof(double));
        }
        for (size_t i = 0; i < count; i += COLUMNS) {
            // From the vector on in which the diagonal is.
            size_t j = i / LANES * LANES;
            for (; j + 3 * LANES <= width; j += 3 * LANES) { NAME(column_tile)(work, i, j, 3, gram, pitch); }
            if (width - j >= 2 * LANES) {
                NAME(column_tile)(work, i, j, 2, gram, pitch);
            } else if (width > j) {
                NAME(column_tile)(work, i, j, 1, gram, pitch);
            }
        }
    }
}

BODY void NAME(ck_gram_columns_body)(
    ck_type type, const void *x, size_t rows, size_t stride, size_t count, double *gram, size_t pitch, double *work) {
    NAME(gram_of_groups)(type, x, stride, count, rows, false, gram, pitch, work);
}
