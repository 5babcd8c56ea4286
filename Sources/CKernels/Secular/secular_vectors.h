// The singular vectors: the third kernel of secular.c.

/// The vector of one root, not normalized; returns its length.
INLINE double NAME(find_vector)(const ck_secular_matrix *m, ck_secular_root root, bool is_left, double *out) {
    const double *d = m->poles, *z = m->row, base = d[root.origin], shift = root.shift, sigma = root.value;
    vec squares = 0;
    size_t i = 0;
    for (; i + lanes <= m->count; i += lanes) {
        vec di = *(const vec *)(d + i), zi = *(const vec *)(z + i);
        vec x = zi / (((di - base) - shift) * (di + sigma));
        if (is_left) {
            x *= di;
            if (i == 0) { x[0] = -1; }
        }
        *(vec *)(out + i) = x;
        squares += x * x;
    }
    double square = 0;
    for (int l = 0; l < lanes; l++) { square += squares[l]; }
    for (; i < m->count; i++) {
        double x = z[i] / (((d[i] - base) - shift) * (d[i] + sigma));
        if (is_left) { x = i == 0 ? -1 : x * d[i]; }
        out[i] = x;
        square += x * x;
    }
    return sqrt(square);
}

KERNEL(
    void, ck_secular_vectors, (ck_secular_matrix, matrix), (const ck_secular_root *, roots), (size_t, from),
    (size_t, to), (bool, is_left), (const int64_t *, order), (double *, scratch), (REAL *, rows)) {
    for (size_t j = from; j < to; j++, rows += matrix.count) {
        double scale = 1 / NAME(find_vector)(&matrix, roots[j], is_left, scratch);
        for (size_t p = 0; p < matrix.count; p++) { rows[p] = (REAL)(scratch[order[p]] * scale); }
    }
}
