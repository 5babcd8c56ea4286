/// Threads that share short pieces of work.
///
/// To wake a thread that sleeps takes 50 to 200 µs, as long as many steps of a decomposition. These stay awake for a
/// moment after each piece of work, in which the next one usually comes, and make way for any other thread meanwhile.
#include "team.h"

#include "CKernels.h"

#include <stdint.h>
#include <time.h>
#include <unistd.h>

/// How long a thread stays awake without work.
static const long awake_nanoseconds = 200000;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t called;
    /// Counts pieces of work.
    _Atomic uint64_t round;
    _Atomic int asleep, unfinished;
    // Of the current piece, set before the round is counted.
    void (*body)(void *context, int member);
    void *context;
    int members;
    /// Threads there are, and the process that they are of: a forked one has none.
    int started;
    pid_t process;
    /// The core that the threads keep away from; -1 where that is not known.
    int core;
} pool = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, 0, NULL, NULL, 0, 0, 0, -1};

static int64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/// Returns once there is a piece of work after `seen`, and its number.
static uint64_t next_round(uint64_t seen) {
    const int64_t start = nanoseconds();
    do {
        for (int spins = 0; spins < 100; spins++) {
            uint64_t round = atomic_load(&pool.round);
            if (round != seen) { return round; }
            team_pause();
        }
        sched_yield();
    } while (nanoseconds() - start < awake_nanoseconds);
    pthread_mutex_lock(&pool.lock);
    atomic_fetch_add(&pool.asleep, 1);
    while (atomic_load(&pool.round) == seen) { pthread_cond_wait(&pool.called, &pool.lock); }
    atomic_fetch_sub(&pool.asleep, 1);
    pthread_mutex_unlock(&pool.lock);
    return atomic_load(&pool.round);
}

typedef struct {
    int member;
    uint64_t seen;
    /// The thread, as the scheduler knows it; 0 before it runs.
    _Atomic pid_t thread;
} recruit;

static recruit recruits[most_members];

static void *work(void *argument) {
    recruit *self = argument;
    uint64_t seen = self->seen;
#if defined(__linux__)
    atomic_store(&self->thread, gettid());
#endif
    for (;;) {
        seen = next_round(seen);
        if (self->member < pool.members) { pool.body(pool.context, self->member); }
        // Also by those without a part, so that nobody is a round behind.
        atomic_fetch_sub(&pool.unfinished, 1);
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

int ck_pool_run(int members, void (*body)(void *context, int member), void *context) {
    if (members > most_members) { members = most_members; }
    if (pool.process != getpid()) {
        pool.process = getpid();
        pool.started = 0;
        atomic_store(&pool.asleep, 0);
    }
    for (; pool.started + 1 < members; pool.started++) {
        recruit *next = &recruits[pool.started];
        next->member = pool.started + 1, next->seen = atomic_load(&pool.round);
        atomic_store(&next->thread, 0);
        pool.core = -1;
        pthread_t thread;
        if (team_start(&thread, work, next)) { break; }
        pthread_detach(thread);
    }
    if (pool.started + 1 < members) { members = pool.started + 1; }
    make_way();
    pool.body = body, pool.context = context, pool.members = members;
    atomic_store(&pool.unfinished, pool.started);
    atomic_fetch_add(&pool.round, 1);
    if (atomic_load(&pool.asleep) > 0) {
        pthread_mutex_lock(&pool.lock);
        pthread_cond_broadcast(&pool.called);
        pthread_mutex_unlock(&pool.lock);
    }
    body(context, 0);
    for (int spins = 0; atomic_load(&pool.unfinished) > 0; spins++) {
        if (spins < 1000) {
            team_pause();
        } else {
            sched_yield();
        }
    }
    return members;
}
