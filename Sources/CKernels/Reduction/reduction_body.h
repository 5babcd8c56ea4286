/// The parts of reduction.h for one scalar type.

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
    size_t start = first / grain * grain, grains = (rows - start + grain - 1) / grain;
    *from = start + grains * (size_t)member / (size_t)members * grain;
    *to = start + grains * (size_t)(member + 1) / (size_t)members * grain;
    if (*to > rows) { *to = rows; }
}

/// One number of each column of a block.
typedef REAL NAME(each) __attribute__((ext_vector_type(block), aligned(sizeof(REAL))));

typedef struct NAME(task) {
    const NAME(ck_reduction) * problem;
    team_barrier *barrier;
    int member;
    /// Makes the reflectors of the columns from `start` on, and their parts of the update.
    void (*panel)(const NAME(ck_reduction) * p, size_t start, int member, team_barrier *barrier, int *round);
    /// Updates the member's share of the columns from `next` on.
    void (*update)(const NAME(ck_reduction) * p, size_t next, int member, int members);
} NAME(task);

/// What each member does: its share of every panel, and of the update after it.
static void *NAME(run)(void *argument) {
    const NAME(task) *task = argument;
    const NAME(ck_reduction) *p = task->problem;
    int round = 0;
    team_assemble(task->barrier);
    const int members = atomic_load_explicit(&task->barrier->members, memory_order_relaxed);
    for (size_t start = 0; start < p->columns; start += nb) {
        task->panel(p, start, task->member, task->barrier, &round);
        team_wait(task->barrier, task->member, &round);
        if (start + nb >= p->columns) { break; }
        task->update(p, start + nb, task->member, members);
        team_wait(task->barrier, task->member, &round);
        if (task->member == 0 && p->reached) { p->reached(p->context, start + nb); }
    }
    return NULL;
}

/// Runs a team of `members`, of which the caller is one.
static void NAME(reduce)(NAME(ck_reduction) * problem, int members, NAME(task) task) {
    if (members > most_members) { members = most_members; }
    double squares[2 * most_members];
    problem->squares = squares;
    team_barrier barrier;
    memset(&barrier, 0, sizeof barrier);
    task.problem = problem, task.barrier = &barrier;
    pthread_t threads[most_members];
    NAME(task) tasks[most_members];
    int started = 1;
    for (; started < members; started++) {
        tasks[started] = task, tasks[started].member = started;
        if (team_start(&threads[started], NAME(run), &tasks[started])) { break; }
    }
    tasks[0] = task, tasks[0].member = 0;
    atomic_store_explicit(&barrier.members, started, memory_order_release);
    NAME(run)(&tasks[0]);
    for (int t = 1; t < started; t++) { pthread_join(threads[t], NULL); }
}
