/// The body of tridiagonalize.c for one scalar type.

#include "reduction_body.h"

/// Rows are dealt to the members in strips, as those with high numbers are short. A multiple of nb.
BODY size_t NAME(strip)(size_t order) { return order >= 1024 ? 2 * nb : nb; }

#define LANES NARROW
#define WIDTH(x) NAME(x##_narrow)
#include "reduction_vectors.h"
#include "tridiagonalize_panel.h"
#undef LANES
#undef WIDTH

#define LANES WIDE
#define WIDTH(x) NAME(x##_wide)
#include "reduction_vectors.h"
#include "tridiagonalize_panel.h"
#undef LANES
#undef WIDTH

#define ARGUMENTS const NAME(ck_reduction) * p, size_t start, int member, team_barrier *barrier, int *round
FOR_V4 static void NAME(panel_v4)(ARGUMENTS) { NAME(panel_wide)(p, start, member, barrier, round); }
FOR_V3 static void NAME(panel_v3)(ARGUMENTS) { NAME(panel_narrow)(p, start, member, barrier, round); }
static void NAME(panel_v0)(ARGUMENTS) { NAME(panel_narrow)(p, start, member, barrier, round); }
#undef ARGUMENTS

/// Each strip from its diagonal on.
static void NAME(update)(const NAME(ck_reduction) * p, size_t next, int member, int members) {
    const size_t rows = p->padded_rows, order = p->columns, size = NAME(strip)(order);
    REAL *z = p->work + (size_t)(member + 1) * p->work_each - 2 * nb * nz;
    for (size_t s = next / size; s * size < order; s++) {
        if (s % (size_t)members != (size_t)member) { continue; }
        const size_t from = s * size > next ? s * size : next, to = (s + 1) * size < order ? (s + 1) * size : order;
        for (size_t c = 0; c < nz; c++) {
            const REAL *factor = p->w + (c + nb) % nz * rows;
            for (size_t j = from; j < to; j++) { z[(j - from) * nz + c] = factor[j]; }
        }
        REAL *corner = p->a + from * p->stride + from;
        p->subtract_product(
            (int)(to - from), (int)(order - from), nz, z, nz, p->w + from, (int)rows, corner, (int)p->stride);
        for (size_t j = 0; j < to - from; j++) { memset(corner + j * p->stride, 0, j * sizeof(REAL)); }
    }
}

size_t NAME(ck_tridiagonal_workspace)(size_t padded_rows, int members) {
    return (size_t)members * (nz + 2 * padded_rows + 2 * nb * nz) + padded_rows;
}

void NAME(ck_tridiagonalize_at)(int level, NAME(ck_reduction) problem, int members) {
    problem.work_each = nz + 2 * problem.padded_rows + 2 * nb * nz;
    NAME(reduce)(
        &problem, members,
        (NAME(task)){.panel = level >= 4 ? NAME(panel_v4) : level >= 3 ? NAME(panel_v3) : NAME(panel_v0),
                     .update = NAME(update)});
}

void NAME(ck_tridiagonalize)(NAME(ck_reduction) problem, int members) {
    NAME(ck_tridiagonalize_at)(ck_level(), problem, members);
}
