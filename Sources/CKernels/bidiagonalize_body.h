/// The body of bidiagonalize.c for one scalar type.

enum { NAME(grain) = 32 }; // rows that a member takes at a time

/// The reflector that maps (alpha, x) to (beta, 0), ‖x‖² = square: its scale τ, and what x is multiplied by.
BODY void NAME(reflector)(REAL alpha, double square, REAL *beta, REAL *tau, REAL *scale) {
    if (square == 0) {
        *beta = alpha, *tau = 0, *scale = 0;
        return;
    }
    double length = sqrt((double)alpha * alpha + square);
    double b = alpha > 0 ? -length : length;
    *beta = (REAL)b, *tau = (REAL)((b - alpha) / b), *scale = (REAL)(1 / (alpha - b));
}

/// The rows that a member takes of `first ..< rows`, in whole grains.
BODY void NAME(split)(size_t first, size_t rows, int member, int members, size_t *from, size_t *to) {
    size_t start = first / NAME(grain) * NAME(grain), grains = (rows - start + NAME(grain) - 1) / NAME(grain);
    *from = start + grains * (size_t)member / (size_t)members * NAME(grain);
    *to = start + grains * (size_t)(member + 1) / (size_t)members * NAME(grain);
    if (*to > rows) { *to = rows; }
}

/// The columns of `first ..< columns` that a member reads and updates, in whole blocks: the same in a panel as in the update
/// before it, so that they stay in its cache.
BODY void NAME(columns_of)(size_t first, size_t columns, int member, int members, size_t *from, size_t *to) {
    const size_t start = first / block, blocks = (columns + block - 1) / block - start;
    *from = (start + blocks * (size_t)member / (size_t)members) * block;
    *to = (start + blocks * (size_t)(member + 1) / (size_t)members) * block;
}

/// One number of each column of a block.
typedef REAL NAME(each) __attribute__((ext_vector_type(block), aligned(sizeof(REAL))));

#define LANES NARROW
#define WIDTH(x) NAME(x##_narrow)
#include "bidiagonalize_panel.h"
#undef LANES
#undef WIDTH

#define LANES WIDE
#define WIDTH(x) NAME(x##_wide)
#include "bidiagonalize_panel.h"
#undef LANES
#undef WIDTH

#define ARGUMENTS const NAME(ck_bidiagonal) * p, size_t start, int member, team_barrier *barrier, int *round
FOR_V4 static void NAME(panel_v4)(ARGUMENTS) { NAME(panel_wide)(p, start, member, barrier, round); }
FOR_V3 static void NAME(panel_v3)(ARGUMENTS) { NAME(panel_narrow)(p, start, member, barrier, round); }
static void NAME(panel_v0)(ARGUMENTS) { NAME(panel_narrow)(p, start, member, barrier, round); }
#undef ARGUMENTS

typedef struct {
    const NAME(ck_bidiagonal) * problem;
    team_barrier *barrier;
    int level, member;
} NAME(task);

/// What each member does: its share of every panel, and of the update after it.
static void *NAME(run)(void *argument) {
    const NAME(task) *task = argument;
    const NAME(ck_bidiagonal) *p = task->problem;
    int round = 0;
    team_assemble(task->barrier);
    const size_t members = (size_t)atomic_load_explicit(&task->barrier->members, memory_order_relaxed);
    for (size_t start = 0; start < p->columns; start += nb) {
        (task->level >= 4 ? NAME(panel_v4) : task->level >= 3 ? NAME(panel_v3) : NAME(panel_v0))(
            p, start, task->member, task->barrier, &round);
        const size_t next = start + nb, rank = nz;
        team_wait(task->barrier, &round);
        if (next >= p->columns) { break; }
        size_t from, to;
        NAME(columns_of)(next, p->columns, task->member, (int)members, &from, &to);
        if (to > p->columns) { to = p->columns; }
        if (from < to) {
            p->subtract_product(
                (int)(to - from), (int)(p->rows - next), (int)rank, p->z + from * rank, (int)rank, p->w + next,
                (int)p->padded_rows, p->a + from * p->stride + next, (int)p->stride);
        }
        team_wait(task->barrier, &round);
    }
    return NULL;
}

size_t NAME(ck_bidiagonal_workspace)(size_t padded_rows, size_t columns, int members) {
    return (size_t)members * (2 * nz + 2 * padded_rows) + padded_rows + columns + block;
}

void NAME(ck_bidiagonalize_at)(int level, NAME(ck_bidiagonal) problem, int members) {
    if (members > most_members) { members = most_members; }
    problem.work_each = 2 * nz + 2 * problem.padded_rows;
    double squares[2 * most_members];
    problem.squares = squares;
    team_barrier barrier = {0, 0, 0};
    pthread_t threads[most_members];
    NAME(task) tasks[most_members];
    int started = 1;
    for (; started < members; started++) {
        tasks[started] = (NAME(task)){&problem, &barrier, level, started};
        if (team_start(&threads[started], NAME(run), &tasks[started])) { break; }
    }
    tasks[0] = (NAME(task)){&problem, &barrier, level, 0};
    atomic_store_explicit(&barrier.members, started, memory_order_release);
    NAME(run)(&tasks[0]);
    for (int t = 1; t < started; t++) { pthread_join(threads[t], NULL); }
}

void NAME(ck_bidiagonalize)(NAME(ck_bidiagonal) problem, int members) {
    NAME(ck_bidiagonalize_at)(ck_level(), problem, members);
}
