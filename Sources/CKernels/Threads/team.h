/// A few threads that work in step on one kernel: their steps take microseconds.
#ifndef TEAM_H
#define TEAM_H

#include "waiting.h"

#include <pthread.h>
#include <stddef.h>

enum { most_members = 64 };

/// How long a member that waits for the others stays awake.
enum { team_awake_nanoseconds = 300000 };

typedef struct {
    /// Set once all that could be started are.
    _Atomic int members;
    /// How often each member has waited.
    ck_signal of[most_members];
} team_barrier;

/// Waits until it is known how many members there are.
static inline void team_assemble(team_barrier *barrier) {
    while (atomic_load_explicit(&barrier->members, memory_order_acquire) == 0) { sched_yield(); }
}

/// Returns when every member has called it as often as this one. `round` is the member's own count of calls.
static inline void team_wait(team_barrier *barrier, int member, int *round) {
    const int members = atomic_load_explicit(&barrier->members, memory_order_relaxed);
    const uint32_t mine = (uint32_t)++*round;
    if (members == 1) { return; }
    signal_raise(&barrier->of[member], mine);
    for (int other = 0; other < members; other++) {
        if (other != member) { signal_wait(&barrier->of[other], mine, team_awake_nanoseconds); }
    }
}

/// Starts a member on another core than this thread's.
///
/// A scheduler that finds the machine idle may put both on one core for some milliseconds, in which they would wait for
/// each other at every step.
static inline int team_start(pthread_t *thread, void *(*run)(void *), void *argument) {
#if defined(__linux__)
    pthread_attr_t attributes;
    cpu_set_t others;
    int core = sched_getcpu();
    if (core >= 0 && sched_getaffinity(0, sizeof others, &others) == 0 && CPU_COUNT(&others) > 1
        && pthread_attr_init(&attributes) == 0) {
        CPU_CLR((size_t)core, &others);
        int failed = pthread_attr_setaffinity_np(&attributes, sizeof others, &others)
            || pthread_create(thread, &attributes, run, argument);
        pthread_attr_destroy(&attributes);
        if (!failed) { return 0; }
    }
#endif
    return pthread_create(thread, NULL, run, argument);
}

#endif
