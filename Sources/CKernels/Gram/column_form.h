// The column form of gram_kernels.h, which takes rows too where they are many.

/// Columns of the left side in a tile.
#define COLUMNS (REGISTERS / 4)

/// The vectors of which a Gram matrix holds the inner products: `count` rows or columns of x, of `length` entries
/// each.
typedef struct {
    const REAL *x;
    size_t stride, count, length;
    bool are_rows;
} NAME(vectors);

/// Where the converted column j begins: a group's columns stand side by side, row after row.
INLINE const double *NAME(column_at)(const double *converted, size_t j) {
    return converted + j / column_group * column_pitch + j % column_group;
}

/// Adds the products of columns i ..< i + COLUMNS with `width` vectors of columns from j on, over the converted rows.
INLINE void NAME(column_tile)(const double *converted, size_t i, size_t j, int width, double *gram, size_t pitch) {
    NAME(doubles) s[COLUMNS][3];
    memset(s, 0, sizeof s);
    const double *left = NAME(column_at)(converted, i), *right[3];
    for (int v = 0; v < width; v++) { right[v] = NAME(column_at)(converted, j + (size_t)v * DOUBLES); }
    for (size_t r = 0; r < column_chunk * column_group; r += column_group) {
        NAME(doubles) factor[3];
        UNROLL for (int v = 0; v < width; v++) { factor[v] = LOAD_DOUBLES(right[v] + r); }
        UNROLL for (int k = 0; k < COLUMNS; k++) {
            UNROLL for (int v = 0; v < width; v++) { s[k][v] += factor[v] * left[r + (size_t)k]; }
        }
    }
    for (size_t k = 0; k < COLUMNS; k++) {
        for (int v = 0; v < width; v++) {
            *(NAME(doubles) *)(gram + (i + k) * pitch + j + (size_t)v * DOUBLES) += s[k][v];
        }
    }
}

/// Adds the products of columns i ..< i + COLUMNS with the columns from the diagonal on.
INLINE void NAME(column_tiles)(const double *converted, size_t i, size_t width, double *gram, size_t pitch) {
    // From the vector on that holds the diagonal.
    size_t j = i / DOUBLES * DOUBLES;
    for (; j + 3 * DOUBLES <= width; j += 3 * DOUBLES) { NAME(column_tile)(converted, i, j, 3, gram, pitch); }
    if (width - j >= 2 * DOUBLES) {
        NAME(column_tile)(converted, i, j, 2, gram, pitch);
    } else if (width > j) {
        NAME(column_tile)(converted, i, j, 1, gram, pitch);
    }
}

/// Converts entries start ..< start + length of rows j ..< j + number, as columns of a group.
INLINE void NAME(convert_rows)(
    NAME(vectors) vectors, size_t j, size_t number, size_t start, size_t length, double *group) {
    double row[column_chunk];
    for (size_t k = 0; k < number; k++) {
        NAME(convert)(vectors.x + (j + k) * vectors.stride + start, length, row);
        for (size_t r = 0; r < length; r++) { group[r * column_group + k] = row[r]; }
    }
}

/// Converts entries start ..< start + length of every vector, group by group.
INLINE void NAME(convert_groups)(NAME(vectors) vectors, size_t start, size_t length, double *group) {
    for (size_t j = 0; j < vectors.count; j += column_group, group += column_pitch) {
        const size_t number = vectors.count - j < column_group ? vectors.count - j : column_group;
        if (vectors.are_rows) {
            NAME(convert_rows)(vectors, j, number, start, length, group);
            continue;
        }
        for (size_t r = 0; r < length; r++) {
            const REAL *row = vectors.x + (start + r) * vectors.stride + j;
            // A whole group is one vector, which the compiler sees from the constant.
            if (number == column_group) {
                NAME(convert)(row, column_group, group + r * column_group);
            } else {
                NAME(convert)(row, number, group + r * column_group);
            }
        }
    }
}

/// Adds the Gram matrix of some vectors, a chunk of their entries at a time.
INLINE void NAME(gram_of_groups)(NAME(vectors) vectors, double *gram, size_t pitch, double *scratch) {
    const size_t groups = (vectors.count + column_group - 1) / column_group;
    double *converted = (double *)(((uintptr_t)scratch + 63) / 64 * 64);
    memset(converted, 0, groups * column_pitch * sizeof(double));
    for (size_t start = 0; start < vectors.length; start += column_chunk) {
        const size_t length = vectors.length - start < column_chunk ? vectors.length - start : column_chunk;
        NAME(convert_groups)(vectors, start, length, converted);
        for (size_t g = 0; length < column_chunk && g < groups; g++) {
            double *rest = converted + g * column_pitch + length * column_group;
            memset(rest, 0, (column_chunk - length) * column_group * sizeof(double));
        }
        for (size_t i = 0; i < vectors.count; i += COLUMNS) {
            NAME(column_tiles)(converted, i, groups * column_group, gram, pitch);
        }
    }
}

#undef COLUMNS
