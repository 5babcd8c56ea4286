// What each thread of a reduction works on, and how the threads run.

/// One thread's share of a reduction.
typedef struct {
    const TYPED(ck_reduction) * problem;
    team_barrier *barrier;
    /// The number of this thread and of all, and how often this one has waited for the others.
    int thread, threads, round;
    /// The shape of the matrix in memory.
    size_t rows, columns, stride;
    /// The matrix by columns; the panel's vectors, `rows` entries apart; and for the bidiagonal form the entries of
    /// its other vectors, panel_vectors for each column.
    REAL *a, *w, *z;
    /// For all threads: the current column, and for the bidiagonal form the row that becomes a reflector.
    REAL *column, *u;
    /// For each thread, `scratch_each` entries apart, of which the first belong to thread 0: sums of products with
    /// the panel's vectors (the second half for the row), a part of the product of the matrix with a vector, that
    /// vector, and for the tridiagonal form the factors of a strip.
    REAL *first;
    size_t scratch_each;
    REAL *sums, *x, *v, *factors;
    /// Two parts of squared lengths for each thread.
    double *squares;
    /// Whether to stop after the running panel: thread 0 sets it between two panels, all read it after a wait.
    bool *stops;
} NAME(share);

/// What the threads of a reduction do in turn with each panel of columns.
typedef struct {
    /// Makes the reflectors of columns start ..< end, and with them the panel's vectors.
    void (*panel)(NAME(share) * s, size_t start, size_t end);
    /// Updates this thread's columns of those from `next` on with the panel's vectors.
    void (*update)(const NAME(share) * s, size_t next);
} NAME(phases);

typedef struct {
    NAME(share) share;
    const NAME(phases) * phases;
} NAME(task);

/// The memory of one thread.
INLINE void NAME(lay_out)(NAME(share) * s) {
    const ck_reduction_layout *layout = &s->problem->layout;
    const size_t rows = layout->padded_rows, each = reduction_thread_scratch(*layout);
    s->rows = rows, s->columns = layout->columns, s->stride = layout->stride, s->a = s->problem->a;
    s->w = s->problem->scratch;
    s->first = s->w + panel_vectors * rows, s->scratch_each = each;
    s->sums = s->first + (size_t)s->thread * each;
    s->x = s->sums + 2 * panel_vectors, s->v = s->x + rows, s->factors = s->v + rows;
    s->column = s->first + (size_t)s->problem->threads * each;
    s->z = s->column + rows, s->u = s->z + panel_vectors * layout->columns;
}

INLINE void NAME(wait)(NAME(share) * s) { team_wait(s->barrier, s->thread, &s->round); }

/// The rows that a thread takes of those from `first` on, in whole grains.
INLINE void NAME(split)(const NAME(share) * s, size_t first, size_t *from, size_t *to) {
    const size_t start = first / grain * grain, grains = (s->rows - start + grain - 1) / grain;
    const size_t thread = (size_t)s->thread, threads = (size_t)s->threads;
    *from = start + grains * thread / threads * grain;
    *to = start + grains * (thread + 1) / threads * grain;
    if (*to > s->rows) { *to = s->rows; }
}

/// What each thread does: its share of every panel, and of the update after it.
static void *NAME(work)(void *argument) {
    const NAME(task) *task = argument;
    NAME(share) s = task->share;
    const TYPED(ck_reduction) *p = s.problem;
    s.threads = team_assemble(s.barrier);
    const size_t panel = p->layout.panel_columns;
    for (size_t start = 0; start < s.columns; start += panel) {
        const size_t end = start + panel < s.columns ? start + panel : s.columns;
        task->phases->panel(&s, start, end);
        NAME(wait)(&s);
        if (end >= s.columns || *s.stops) { break; }
        task->phases->update(&s, end);
        NAME(wait)(&s);
        if (s.thread == 0 && p->reached) { *s.stops = !p->reached(p->context, end); }
    }
    return NULL;
}

/// Runs the phases on as many threads as the problem says, or could be started. The calling thread is one of them.
///
/// z_columns: for how many columns there are entries of other vectors.
static void NAME(reduce)(TYPED(ck_reduction) * problem, const NAME(phases) * phases, size_t z_columns) {
    if (problem->threads > most_threads) { problem->threads = most_threads; }
    double squares[2 * most_threads];
    bool stops = false;
    team_barrier barrier;
    memset(&barrier, 0, sizeof barrier);
    NAME(task) tasks[most_threads];
    for (int t = 0; t < problem->threads; t++) {
        tasks[t].phases = phases;
        tasks[t].share = (NAME(share)){
            .problem = problem, .barrier = &barrier, .thread = t, .squares = squares, .stops = &stops};
        NAME(lay_out)(&tasks[t].share);
    }
    const NAME(share) *mine = &tasks[0].share;
    memset(mine->w, 0, panel_vectors * mine->rows * sizeof(REAL));
    memset(mine->z, 0, panel_vectors * z_columns * sizeof(REAL));
    pthread_t handles[most_threads];
    int started = 1;
    while (started < problem->threads && !team_start(&handles[started], NAME(work), &tasks[started])) { started++; }
    atomic_store_explicit(&barrier.threads, started, memory_order_release);
    NAME(work)(&tasks[0]);
    for (int t = 1; t < started; t++) { pthread_join(handles[t], NULL); }
}
