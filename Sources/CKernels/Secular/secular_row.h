// The row for which the computed roots are exact: the second kernel of secular.c.

/// (σ − dᵢ)(σ + dᵢ) for eight poles dᵢ and the root at `root`.
#define DISTANCE(root, di) (((d[(root).origin] - (di)) + (root).shift) * ((root).value + (di)))

KERNEL(
    void, ck_secular_row, (ck_secular_matrix, matrix), (const ck_secular_root *, roots), (size_t, from), (size_t, to),
    (double *, exact)) {
    const double *d = matrix.poles;
    const size_t count = matrix.count;
    for (size_t start = from; start < to; start += lanes) {
        ints index;
        indices(start, to, &index);
        vec di;
        gather(d, &index, &di);
        const size_t first = start, last = start + lanes < count ? start + lanes : count - 1;
        // (σ_last² − dᵢ²) ∏ (σⱼ² − dᵢ²)/(dⱼ² − dᵢ²), over the poles other than dᵢ.
        vec square = DISTANCE(roots[count - 1], di);
        for (size_t j = 0; j < first; j++) { square *= DISTANCE(roots[j], di) / ((d[j] - di) * (d[j] + di)); }
        for (size_t j = first; j < last; j++) {
            vec pole = (int64_t)j < index ? (vec)d[j] : (vec)d[j + 1];
            square *= DISTANCE(roots[j], di) / ((pole - di) * (pole + di));
        }
        for (size_t j = last; j + 1 < count; j++) {
            square *= DISTANCE(roots[j], di) / ((d[j + 1] - di) * (d[j + 1] + di));
        }
        for (int l = 0; l < lanes && start + (size_t)l < to; l++) {
            exact[start + (size_t)l] = copysign(sqrt(fabs(square[l])), matrix.row[start + (size_t)l]);
        }
    }
}

#undef DISTANCE
