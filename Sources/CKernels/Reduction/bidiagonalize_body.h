/// The body of bidiagonalize.c for one scalar type.

#include "reduction_body.h"

/// The columns of `first ..< columns` that a member reads and updates, in whole blocks: the same in a panel as in the update
/// before it, so that they stay in its cache.
BODY void NAME(columns_of)(size_t first, size_t columns, int member, int members, size_t *from, size_t *to) {
    const size_t start = first / block, blocks = (columns + block - 1) / block - start;
    *from = (start + blocks * (size_t)member / (size_t)members) * block;
    *to = (start + blocks * (size_t)(member + 1) / (size_t)members) * block;
}

#define LANES NARROW
#define WIDTH(x) NAME(x##_narrow)
#include "reduction_vectors.h"
#include "bidiagonalize_panel.h"
#undef LANES
#undef WIDTH

#define LANES WIDE
#define WIDTH(x) NAME(x##_wide)
#include "reduction_vectors.h"
#include "bidiagonalize_panel.h"
#undef LANES
#undef WIDTH

#define ARGUMENTS const NAME(ck_reduction) * p, size_t start, int member, team_barrier *barrier, int *round
FOR_V4 static void NAME(panel_v4)(ARGUMENTS) { NAME(panel_wide)(p, start, member, barrier, round); }
FOR_V3 static void NAME(panel_v3)(ARGUMENTS) { NAME(panel_narrow)(p, start, member, barrier, round); }
static void NAME(panel_v0)(ARGUMENTS) { NAME(panel_narrow)(p, start, member, barrier, round); }
#undef ARGUMENTS

static void NAME(update)(const NAME(ck_reduction) * p, size_t next, int member, int members) {
    size_t from, to;
    NAME(columns_of)(next, p->columns, member, members, &from, &to);
    if (to > p->columns) { to = p->columns; }
    if (from < to) {
        p->subtract_product(
            (int)(to - from), (int)(p->rows - next), nz, p->z + from * nz, nz, p->w + next, (int)p->padded_rows,
            p->a + from * p->stride + next, (int)p->stride);
    }
}

size_t NAME(ck_bidiagonal_workspace)(size_t padded_rows, size_t columns, int members) {
    return (size_t)members * (2 * nz + 2 * padded_rows) + padded_rows + columns + block;
}

void NAME(ck_bidiagonalize_at)(int level, NAME(ck_reduction) problem, int members) {
    problem.work_each = 2 * nz + 2 * problem.padded_rows;
    NAME(reduce)(
        &problem, members,
        (NAME(task)){.panel = level >= 4 ? NAME(panel_v4) : level >= 3 ? NAME(panel_v3) : NAME(panel_v0),
                     .update = NAME(update)});
}

void NAME(ck_bidiagonalize)(NAME(ck_reduction) problem, int members) {
    NAME(ck_bidiagonalize_at)(ck_level(), problem, members);
}
