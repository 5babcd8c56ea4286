/// Threads that share short pieces of work.
///
/// To wake a thread that sleeps takes 50 to 200 µs, as long as many steps of a decomposition. These stay awake for a
/// moment after each piece of work, in which the next one usually comes, and make way for any other thread meanwhile.
#include "team.h"

#include "CKernels.h"

#include <string.h>
#include <unistd.h>

_Atomic int64_t signal_crowded_until = 0;

/// How long a thread stays awake without work.
static const int64_t pool_awake_nanoseconds = 200000;

static struct {
    /// Counts pieces of work.
    ck_signal round;
    /// The last piece of work that each thread is done with.
    ck_signal done[most_threads];
    // The current piece, set before the round is counted: what is called, and for how many threads.
    void (*body)(void *context, int thread);
    void *context;
    int threads;
    /// How many threads were started, and the process that they belong to: a forked process has none.
    int started;
    pid_t process;
    /// The core that the threads keep away from; -1 where none is known.
    int core;
} pool = {.core = -1};

/// A thread that was started, for numbers 1 and up; the caller is number 0.
typedef struct {
    int number;
    /// The last piece of work before it was started.
    uint32_t seen;
    /// The name by which the scheduler knows it; 0 before it runs.
    _Atomic pid_t identifier;
} pool_thread;

static pool_thread pool_threads[most_threads];

static void *serve(void *argument) {
    pool_thread *self = argument;
#if defined(__linux__)
    atomic_store(&self->identifier, gettid());
#endif
    for (uint32_t round = self->seen + 1;; round++) {
        signal_wait(&pool.round, round, pool_awake_nanoseconds);
        if (self->number < pool.threads) { pool.body(pool.context, self->number); }
        // Threads without a part raise it too, so that none is a round behind.
        signal_raise(&pool.done[self->number], round);
    }
    return NULL;
}

/// Keeps the started threads away from the calling thread's core: a scheduler tends to wake them there, where they
/// wait until it finds that the core is busy.
static void make_way(void) {
#if defined(__linux__)
    cpu_set_t others;
    int core = sched_getcpu();
    if (core < 0 || core == pool.core) { return; }
    pool.core = core;
    if (sched_getaffinity(0, sizeof others, &others) || CPU_COUNT(&others) < 2) { return; }
    CPU_CLR((size_t)core, &others);
    for (int i = 0; i < pool.started; i++) {
        pid_t identifier = atomic_load(&pool_threads[i].identifier);
        if (identifier) { sched_setaffinity(identifier, sizeof others, &others); }
    }
#endif
}

/// Forgets the threads of the process that this one was forked from, and which of them slept.
static void start_anew(void) {
    memset(&pool, 0, sizeof pool);
    pool.core = -1;
    pool.process = getpid();
}

int ck_pool_run(int threads, void (*body)(void *context, int thread), void *context) {
    if (threads > most_threads) { threads = most_threads; }
    if (pool.process != getpid()) { start_anew(); }
    const uint32_t round = atomic_load(&pool.round.count) + 1;
    for (; pool.started + 1 < threads; pool.started++) {
        pool_thread *next = &pool_threads[pool.started];
        next->number = pool.started + 1, next->seen = round - 1;
        atomic_store(&next->identifier, 0);
        pool.core = -1;
        pthread_t handle;
        if (team_start(&handle, serve, next)) { break; }
        pthread_detach(handle);
    }
    if (pool.started + 1 < threads) { threads = pool.started + 1; }
    make_way();
    pool.body = body, pool.context = context, pool.threads = threads;
    signal_raise(&pool.round, round);
    body(context, 0);
    for (int number = 1; number <= pool.started; number++) {
        signal_wait(&pool.done[number], round, team_awake_nanoseconds);
    }
    return threads;
}
