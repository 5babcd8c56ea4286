/// The body of triangular.c for one scalar type and vectors of LANES numbers.

typedef REAL NAME(vec) __attribute__((ext_vector_type(LANES), aligned(sizeof(REAL))));

enum { NAME(rows) = groups * LANES };

#define LOAD(p) (*(const NAME(vec) *)(p))
#define EACH_GROUP _Pragma("clang loop unroll(full)") for (int g = 0; g < groups; g++)

BODY void NAME(ck_solve_rows_body)(REAL *a, size_t rows, size_t stride, size_t n, const REAL *r, REAL *work) {
    for (size_t start = 0; start < rows; start += NAME(rows)) {
        const size_t count = rows - start < NAME(rows) ? rows - start : NAME(rows);
        // Column by column of a block of rows, a row in each lane.
        for (size_t i = 0; i < count; i++) {
            const REAL *row = a + (start + i) * stride;
            // One by one: instructions that scatter are slower.
#pragma clang loop vectorize(disable)
            for (size_t j = 0; j < n; j++) { work[j * NAME(rows) + i] = row[j]; }
        }
        for (size_t j = 0; j < n; j++) {
            REAL *column = work + j * NAME(rows);
            NAME(vec) x[groups];
            EACH_GROUP { x[g] = LOAD(column + g * LANES); }
            for (size_t k = 0; k < j; k++) {
                const REAL factor = r[k * n + j], *known = work + k * NAME(rows);
                EACH_GROUP { x[g] -= LOAD(known + g * LANES) * factor; }
            }
            EACH_GROUP { *(NAME(vec) *)(column + g * LANES) = x[g] / r[j * n + j]; }
        }
        for (size_t i = 0; i < count; i++) {
            REAL *row = a + (start + i) * stride;
#pragma clang loop vectorize(disable)
            for (size_t j = 0; j < n; j++) { row[j] = work[j * NAME(rows) + i]; }
        }
    }
}

#undef LOAD
#undef EACH_GROUP
