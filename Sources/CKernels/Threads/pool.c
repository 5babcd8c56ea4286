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
static const int64_t awake_nanoseconds = 200000;

static struct {
    /// Counts pieces of work.
    ck_signal round;
    /// Of each thread: the last piece of work that it is done with.
    ck_signal done[most_members];
    // Of the current piece, set before the round is counted.
    void (*body)(void *context, int member);
    void *context;
    int members;
    /// Threads there are, and the process that they are of: a forked one has none.
    int started;
    pid_t process;
    /// The core that the threads keep away from; -1 where that is not known.
    int core;
} pool = {.core = -1};

typedef struct {
    int member;
    uint32_t seen;
    /// The thread, as the scheduler knows it; 0 before it runs.
    _Atomic pid_t thread;
} recruit;

static recruit recruits[most_members];

static void *work(void *argument) {
    recruit *self = argument;
#if defined(__linux__)
    atomic_store(&self->thread, gettid());
#endif
    for (uint32_t round = self->seen + 1;; round++) {
        signal_wait(&pool.round, round, awake_nanoseconds);
        if (self->member < pool.members) { pool.body(pool.context, self->member); }
        // Also by those without a part, so that nobody is a round behind.
        signal_raise(&pool.done[self->member], round);
    }
    return NULL;
}

/// Keeps the threads from this one's core: a scheduler tends to wake them there, to wait until it finds that it is busy.
static void make_way(void) {
#if defined(__linux__)
    cpu_set_t others;
    int core = sched_getcpu();
    if (core < 0 || core == pool.core) { return; }
    pool.core = core;
    if (sched_getaffinity(0, sizeof others, &others) || CPU_COUNT(&others) < 2) { return; }
    CPU_CLR((size_t)core, &others);
    for (int i = 0; i < pool.started; i++) {
        pid_t thread = atomic_load(&recruits[i].thread);
        if (thread) { sched_setaffinity(thread, sizeof others, &others); }
    }
#endif
}

/// Forgets the threads of the process that this one was forked from, and who slept there.
static void start_anew(void) {
    memset(&pool, 0, sizeof pool);
    pool.core = -1;
    pool.process = getpid();
}

int ck_pool_run(int members, void (*body)(void *context, int member), void *context) {
    if (members > most_members) { members = most_members; }
    if (pool.process != getpid()) { start_anew(); }
    const uint32_t round = atomic_load(&pool.round.count) + 1;
    for (; pool.started + 1 < members; pool.started++) {
        recruit *next = &recruits[pool.started];
        next->member = pool.started + 1, next->seen = round - 1;
        atomic_store(&next->thread, 0);
        pool.core = -1;
        pthread_t thread;
        if (team_start(&thread, work, next)) { break; }
        pthread_detach(thread);
    }
    if (pool.started + 1 < members) { members = pool.started + 1; }
    make_way();
    pool.body = body, pool.context = context, pool.members = members;
    signal_raise(&pool.round, round);
    body(context, 0);
    for (int member = 1; member <= pool.started; member++) {
        signal_wait(&pool.done[member], round, team_awake_nanoseconds);
    }
    return members;
}
